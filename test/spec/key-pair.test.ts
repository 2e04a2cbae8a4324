import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { refusals, untyped } from "./issues-of.js";

const base = new Deployment("talk").image("talk:1");
const on = (cluster: unknown) => untyped(base)["cluster"]!(cluster);
const ec2 = (options: unknown) => on(untyped(new Cluster("conference"))["ec2"]!(options));
const specOf = (cluster: string | Cluster) => base.cluster(cluster).toJSON().cluster;

test("a key pair is a name, or a name and a file for its private key", () => {
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
