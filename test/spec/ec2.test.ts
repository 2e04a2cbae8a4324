import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { refusals, untyped, wronglyRefused } from "./issues-of.js";

const base = new Deployment("talk").image("talk:1");
const on = (cluster: unknown) => untyped(base)["cluster"]!(cluster);
const ec2 = (options: unknown) => on(untyped(new Cluster("conference"))["ec2"]!(options));

test("EC2 options follow EC2's rules", () => {
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
      "cluster.ec2.spot: must be true, false, or { onDemandBase, onDemandPercent }; got 1",
      "cluster.ec2.userData: must be shell commands; got 1",
      "cluster.ec2.instancetype: unknown option; did you mean instanceType?",
      "cluster.ec2.desired: unknown option; valid options: instanceType, instanceTypes, os, ami, keyPair, securityGroup, instanceRole, spot, volume, publicIp, sessionManager, instanceRolePolicies, agent, metadataHopLimit, refresh, refreshAlarms, userData",
    ]
  `);
  const types = ["t2.micro", "m7i-flex.large", "u-6tb1.56xlarge", "mac2-m2pro.metal", "m5.metal-24xl"];
  expect(wronglyRefused(types, (instanceType) => ec2({ instanceType }))).toEqual([]);
});

test("user data is shell commands that fit beside quayside's own", () => {
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
