import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { issuesOf, refusals, untyped, wronglyRefused } from "./issues-of.js";

const base = new Deployment("talk").image("talk:1");
const on = (cluster: unknown) => untyped(base)["cluster"]!(cluster);
const ec2 = (options: unknown) => on(untyped(new Cluster("conference"))["ec2"]!(options));
const autoscaled = (options: unknown) => on(untyped(new Cluster("conference"))["autoscale"]!(options));
const specOf = (cluster: string | Cluster) => base.cluster(cluster).toJSON().cluster;

test("a cluster has ECS's name, given bare or described", () => {
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

test("a bare name is used if it exists, a described cluster is kept as described", () => {
  expect(specOf("conference")).toMatchInlineSnapshot(`
    {
      "capacity": {
        "ami": undefined,
        "instanceRole": undefined,
        "instanceType": "t3.small",
        "keyPair": undefined,
        "max": 4,
        "min": 2,
        "scaling": undefined,
        "securityGroup": "conference-instances",
        "spot": false,
        "type": "ec2",
        "userData": undefined,
      },
      "claim": "use-or-create",
      "name": "conference",
      "network": undefined,
      "tags": {},
    }
  `);
  expect(specOf(new Cluster("conference"))).toEqual({ ...specOf("conference"), claim: "own" });
  expect(specOf(new Cluster("conference").ec2())).toEqual(specOf(new Cluster("conference")));
});

test("instances are described in EC2's terms", () => {
  const bad = [
    { instanceType: "t3small" },
    { instanceType: "T3.small" },
    { instanceType: "" },
    { ami: "amazon-linux" },
    { ami: "ami-123" },
    { securityGroup: "sg-0123" },
    { securityGroup: "" },
    { instanceRole: "arn:aws:iam::123456789012:role/ecsInstanceRole" },
    { instanceRole: "r".repeat(65) },
    { spot: 1 },
    { userData: 1 },
    { instancetype: "t3.small" },
    { desired: 2 },
  ];
  expect(refusals(bad, ec2)).toMatchInlineSnapshot(`
    [
      "cluster.ec2.instanceType: must be an EC2 instance type, {family}.{size}, such as "t3.small"; got "t3small"",
      "cluster.ec2.instanceType: must be an EC2 instance type, {family}.{size}, such as "t3.small"; got "T3.small"",
      "cluster.ec2.instanceType: must be an EC2 instance type; got """,
      "cluster.ec2.ami: must be an AMI id, such as "ami-0abcdef1234567890"; got "amazon-linux"",
      "cluster.ec2.ami: must be an AMI id, such as "ami-0abcdef1234567890"; got "ami-123"",
      "cluster.ec2.securityGroup: must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with "sg-"; got "sg-0123"",
      "cluster.ec2.securityGroup: must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with "sg-"; got """,
      "cluster.ec2.instanceRole: must be 1 to 64 letters, digits and _+=,.@-; got "arn:aws:iam::123456789012:role/ecsInstanceRole"",
      "cluster.ec2.instanceRole: must be 1 to 64 letters, digits and _+=,.@-; got "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr…" (65 characters)",
      "cluster.ec2.spot: must be true or false; got 1",
      "cluster.ec2.userData: must be shell commands; got 1",
      "cluster.ec2.instancetype: unknown option; did you mean instanceType?",
      "cluster.ec2.desired: unknown option; valid options: instanceType, ami, keyPair, securityGroup, instanceRole, spot, userData",
    ]
  `);
  const types = ["t2.micro", "m7i-flex.large", "u-6tb1.56xlarge", "mac2-m2pro.metal", "m5.metal-24xl"];
  expect(wronglyRefused(types, (instanceType) => ec2({ instanceType }))).toEqual([]);
});

test("a key pair is a name, or a name and where its private key goes", () => {
  const bad = [
    "",
    " key",
    "clé",
    "k".repeat(256),
    1,
    {},
    { createTo: "./key.pem" },
    { name: "key", createTo: "" },
    { name: "key", to: "./x" },
  ];
  expect(refusals(bad, (keyPair) => ec2({ keyPair }))).toMatchInlineSnapshot(`
    [
      "cluster.ec2.keyPair: must be 1 to 255 ASCII characters without a space at either end; got """,
      "cluster.ec2.keyPair: must be 1 to 255 ASCII characters without a space at either end; got " key"",
      "cluster.ec2.keyPair: must be 1 to 255 ASCII characters without a space at either end; got "clé"",
      "cluster.ec2.keyPair: must be 1 to 255 ASCII characters without a space at either end; got "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…" (256 characters)",
      "cluster.ec2.keyPair: must be 1 to 255 ASCII characters without a space at either end; got 1",
      "cluster.ec2.keyPair.name: is required: { name, createTo }",
      "cluster.ec2.keyPair.name: is required: { name, createTo }",
      "cluster.ec2.keyPair.createTo: must be the path of a file for the private key, such as "./conference-key.pem"; got """,
      "cluster.ec2.keyPair.to: unknown option; valid options: name, createTo",
    ]
  `);
  const keyPairOf = (keyPair: string | { name: string; createTo: string }) =>
    specOf(new Cluster("conference").ec2({ keyPair })).capacity;
  expect(keyPairOf("conference key")).toMatchObject({
    keyPair: { name: "conference key", createTo: undefined },
  });
  expect(keyPairOf({ name: "k", createTo: "./k.pem" })).toMatchObject({
    keyPair: { name: "k", createTo: "./k.pem" },
  });
});

test("user data is shell lines that fit beside quayside's own", () => {
  const bad = [
    "x".repeat(15_361),
    "é".repeat(7_681),
    "#cloud-config\npackages: []",
    'Content-Type: multipart/mixed; boundary="x"',
  ];
  expect(refusals(bad, (userData) => ec2({ userData }))).toMatchInlineSnapshot(`
    [
      "cluster.ec2.userData: must be at most 15360 bytes (EC2's limit of 16 KB, less quayside's own commands); got 15361",
      "cluster.ec2.userData: must be at most 15360 bytes (EC2's limit of 16 KB, less quayside's own commands); got 15362",
      "cluster.ec2.userData: must be shell commands, which run after quayside's own: cloud-config and MIME parts are not supported",
      "cluster.ec2.userData: must be shell commands, which run after quayside's own: cloud-config and MIME parts are not supported",
    ]
  `);
  expect(
    wronglyRefused(["x".repeat(15_360), "#!/bin/bash\nyum install -y jq"], (userData) => ec2({ userData })),
  ).toEqual([]);
});

test("a group of instances has a minimum and a maximum", () => {
  const bad = [{ min: -1 }, { max: 0 }, { min: 5, max: 4 }, { min: "2" }, { max: 2.5 }, 4];
  expect(refusals(bad, autoscaled)).toMatchInlineSnapshot(`
    [
      "cluster.autoscale.min: must be a whole number of 0 or more; got -1",
      "cluster.autoscale.max: must be a whole number of 1 or more; got 0",
      "cluster.autoscale.min: must be at most max, 4; got 5",
      "cluster.autoscale.min: must be a whole number of 0 or more; got "2"",
      "cluster.autoscale.max: must be a whole number of 1 or more; got 2.5",
      "cluster.autoscale: must be an object of options; got 4",
    ]
  `);
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
      "cluster.fargate.spot: must be true or false; got "yes"",
      "cluster.fargate.spto: unknown option; valid options: spot",
    ]
  `);
});

test("the default names of a cluster's parts fit, however long its own is", () => {
  expect(specOf("c".repeat(248)).capacity).toMatchInlineSnapshot(`
    {
      "ami": undefined,
      "instanceRole": undefined,
      "instanceType": "t3.small",
      "keyPair": undefined,
      "max": 4,
      "min": 2,
      "scaling": undefined,
      "securityGroup": "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc-a43ff092-instances",
      "spot": false,
      "type": "ec2",
      "userData": undefined,
    }
  `);
});

test("a cluster without options is as good as one with empty options", () => {
  expect(issuesOf(ec2(undefined))).toEqual([]);
});
