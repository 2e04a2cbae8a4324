import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { issuesOf, refusals, untyped } from "./issues-of.js";

const base = new Deployment("talk").image("talk:1");
const on = (cluster: unknown) => untyped(base)["cluster"]!(cluster);
const ec2 = (options: unknown) => on(untyped(new Cluster("conference"))["ec2"]!(options));
const specOf = (cluster: string | Cluster) => base.cluster(cluster).toJSON().cluster;

test("a cluster's name follows ECS's rule", () => {
  const bad = ["conference cluster", "", "a".repeat(249), "a/b", 1, null];
  expect(refusals(bad, on)).toMatchInlineSnapshot(`
    [
      "cluster.name: must be 1 to 248 letters, digits, hyphens and underscores; got "conference cluster"",
      "cluster.name: must be 1 to 248 letters, digits, hyphens and underscores; got """,
      "cluster.name: must be 1 to 248 letters, digits, hyphens and underscores; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (249 characters)",
      "cluster.name: must be 1 to 248 letters, digits, hyphens and underscores; got "a/b"",
      "cluster.name: must be 1 to 248 letters, digits, hyphens and underscores; got 1",
      "cluster.name: must be 1 to 248 letters, digits, hyphens and underscores; got null",
    ]
  `);
  expect(refusals(["conference cluster"], (name) => on(new Cluster(name)))).toEqual(
    refusals(["conference cluster"], on),
  );
});

test("a cluster given by name is used or created, and a described one is updated", () => {
  expect(specOf("conference")).toMatchInlineSnapshot(`
    {
      "capacity": {
        "agent": {},
        "ami": undefined,
        "instanceRole": undefined,
        "instanceRolePolicies": [],
        "instanceType": "t3.small",
        "instanceTypes": [
          "t3.small",
        ],
        "keyPair": undefined,
        "max": 4,
        "metadataHopLimit": 1,
        "min": 2,
        "mixed": undefined,
        "os": undefined,
        "publicIp": undefined,
        "refresh": "manual",
        "refreshAlarms": [],
        "scaling": undefined,
        "securityGroup": "conference-instances",
        "sessionManager": false,
        "spot": false,
        "type": "ec2",
        "userData": undefined,
        "volume": undefined,
      },
      "claim": "use-or-create",
      "execLogging": undefined,
      "iam": undefined,
      "insights": undefined,
      "name": "conference",
      "network": undefined,
      "tags": {},
    }
  `);
  expect(specOf(new Cluster("conference"))).toEqual({ ...specOf("conference"), claim: "own" });
  expect(specOf(new Cluster("conference").ec2())).toEqual(specOf(new Cluster("conference")));
});

test.each([
  [{}, { min: 2, max: 4 }],
  [{ min: 6 }, { min: 6, max: 6 }],
  [{ max: 1 }, { min: 1, max: 1 }],
  [{ min: 0 }, { min: 0, max: 4 }],
])("of a group described as %j the rest fits", (options, size) => {
  expect(specOf(new Cluster("conference").autoscale(options)).capacity).toMatchObject(size);
});

test("a cluster's later kind of capacity wins", () => {
  const cluster = new Cluster("conference").ec2({ spot: true });
  expect(specOf(cluster.fargate()).capacity).toEqual({ type: "fargate", spot: false });
  expect(specOf(cluster.fargate().ec2()).capacity).toMatchObject({ type: "ec2", spot: false });
  expect(
    refusals([{ spot: "yes" }, { spto: true }], (options) =>
      on(untyped(new Cluster("c"))["fargate"]!(options)),
    ),
  ).toMatchInlineSnapshot(`
    [
      "cluster.fargate.spot: must be true, false or { base, weight }; got "yes"",
      "cluster.fargate.spto: unknown option; did you mean spot?",
    ]
  `);
});

test("a cluster's derived names are valid for the longest cluster name", () => {
  const { capacity } = specOf("c".repeat(248));
  expect(capacity).toMatchObject({ securityGroup: `${"c".repeat(236)}-a43ff092-instances` });
});

test("a cluster without options is as good as one with empty options", () => {
  expect(issuesOf(ec2(undefined))).toEqual([]);
});
