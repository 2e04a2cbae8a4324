import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, OwnershipError } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { writesOf } from "./account.js";
import {
  door,
  iamNames,
  report,
  store,
  stateOf,
  talk,
  talkInColors,
  twoRegions,
  type Deployable,
  type Regions,
} from "./regions.js";
import { withPermissionsOf } from "./least-privilege.js";
import { talkService } from "./tutorial.js";

let regions: Regions;
beforeEach(async () => {
  regions = await twoRegions();
});
afterEach(async () => {
  await regions.eu.close();
  await regions.us.close();
});

const NOTHING = /^Plan: nothing to change/;

const CHAINS: Record<
  string,
  { at: (cloud: LocalCloud) => Deployable; changed: (cloud: LocalCloud) => Deployable }
> = {
  "a service on EC2 with secrets, a task role and exec": {
    at: talk,
    changed: (cloud) => talk(cloud).secrets({ API_KEY: "ssm:/talk/api-key" }).tags({ team: "talks" }),
  },
  "a scheduled job": {
    at: report,
    changed: (cloud) => report(cloud).secrets({ API_KEY: "ssm:/report/api-key" }),
  },
  "a service behind a network load balancer": {
    at: (cloud) => store(cloud),
    changed: (cloud) => store(cloud).secrets({ API_KEY: "ssm:/store/api-key" }),
  },
  "a service behind a load balancer that redirects and answers": {
    at: (cloud) => door(cloud, "/door"),
    changed: (cloud) => door(cloud, "/door/new"),
  },
  "a blue/green service that keeps its old version": {
    at: talkInColors,
    changed: (cloud) => talkInColors(cloud).image("registry.example.com/talk-service:2"),
  },
};

describe.each(Object.entries(CHAINS))("%s in two regions of one account", (_, { at, changed }) => {
  test.each([
    ["eu-west-1", "us-east-1"],
    ["us-east-1", "eu-west-1"],
  ])("first %s: what the other one does leaves it as it is", async (first) => {
    const { eu, us } = regions;
    const [one, other] = first === "eu-west-1" ? [eu, us] : [us, eu];
    await at(one).deploy();
    const alone = stateOf(one);

    await at(other).deploy();
    expect(stateOf(one)).toEqual(alone);
    expect((await at(one).plan()).toString()).toMatch(NOTHING);

    await changed(other).deploy();
    expect(stateOf(one)).toEqual(alone);
    expect((await at(one).plan()).toString()).toMatch(NOTHING);

    await changed(other).destroy();
    expect(stateOf(one)).toEqual(alone);
    expect((await at(one).plan()).toString()).toMatch(NOTHING);

    await at(other).deploy();
    await at(one).destroy();
    expect((await at(other).plan()).toString()).toMatch(NOTHING);
    await at(other).destroy();
    expect(iamNames(eu)).toEqual([]);
  });
});

test("roles and instance profiles have the region in their name, their path and a tag", async () => {
  const { eu, us } = regions;
  await talk(eu).deploy();
  await talk(us).deploy();

  expect(iamNames(eu)).toMatchInlineSnapshot(`
    [
      "prod-instance-role-eu-west-1",
      "prod-instance-role-us-east-1",
      "talk-service-execution-role-eu-west-1",
      "talk-service-execution-role-us-east-1",
      "talk-service-task-role-eu-west-1",
      "talk-service-task-role-us-east-1",
      "prod-instance-role-eu-west-1",
      "prod-instance-role-us-east-1",
    ]
  `);
  expect(eu.state().roles["prod-instance-role-us-east-1"]).toMatchObject({
    path: "/quayside/us-east-1/cluster/prod/",
    tags: { "quayside:owner": "cluster/prod", "quayside:region": "us-east-1" },
  });
  expect(eu.state().instanceProfiles["prod-instance-role-us-east-1"]).toMatchObject({
    path: "/quayside/us-east-1/cluster/prod/",
    tags: { "quayside:owner": "cluster/prod", "quayside:region": "us-east-1" },
  });
});

test("a deploy deletes the roles that its chain no longer describes in its own region alone", async () => {
  const { eu, us } = regions;
  await talk(eu).deploy();
  await talk(us).deploy();
  const before = stateOf(eu);
  const bare = (cloud: LocalCloud) =>
    new Deployment("talk-service")
      .image("registry.example.com/talk-service:1")
      .container({ port: 8080, cpu: 128, memoryReservation: 128 })
      .cluster(new Cluster("prod").ec2({ instanceType: "t3.small" }))
      .on(cloud);

  await withPermissionsOf(talk(us), () => bare(us).deploy());

  expect(iamNames(us).filter((name) => name.endsWith("us-east-1"))).toEqual([
    "prod-instance-role-us-east-1",
    "prod-instance-role-us-east-1",
  ]);
  expect(stateOf(eu)).toEqual(before);
});

describe("a role name of the user's that another region has", () => {
  test("is refused before anything is changed, with what to write", async () => {
    const { eu, us } = regions;
    await talkService(eu).deploy();

    for (const options of [{}, { adopt: true }]) {
      let error: unknown;
      const writes = await writesOf(us, async () => {
        error = await talkService(us)
          .deploy(options)
          .catch((thrown: unknown) => thrown);
      });
      expect(error).toBeInstanceOf(OwnershipError);
      expect((error as OwnershipError).message).toMatchInlineSnapshot(
        `"Nothing was changed: iam-role ecsInstanceRole (owned by cluster/conference-cluster) belongs to region eu-west-1, instance-profile ecsInstanceRole (owned by cluster/conference-cluster) belongs to region eu-west-1"`,
      );
      expect((error as OwnershipError).fix).toMatchInlineSnapshot(
        `"IAM has one namespace for all regions of an account. Use another name in this region, .ec2({ instanceRole: "ecsInstanceRole-us-east-1" }), or omit it: the default name contains the region."`,
      );
      expect(writes).toEqual([]);
    }
    await expect(talkService(us).plan()).rejects.toMatchObject({ code: "not-owned" });
  });

  test("is left as it is by a destroy", async () => {
    const { eu, us } = regions;
    await talkService(eu).deploy();
    const before = eu.state();

    expect((await talkService(us).destroy()).kept).toMatchInlineSnapshot(`
      [
        {
          "name": "ecsInstanceRole",
          "resource": "iam-role",
          "why": "it belongs to region eu-west-1",
        },
        {
          "name": "ecsInstanceRole",
          "resource": "instance-profile",
          "why": "it belongs to region eu-west-1",
        },
      ]
    `);

    expect(eu.state()).toEqual(before);
  });

  test("serves both regions when it was adopted, and neither deletes it", async () => {
    const { eu, us } = regions;
    const { iam } = eu.ports;
    await iam.createRole({
      RoleName: "ecsInstanceRole",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    });
    await iam.createInstanceProfile({ InstanceProfileName: "ecsInstanceRole" });
    await talkService(eu).deploy({ adopt: true });

    await talkService(us).deploy();

    for (const cloud of [eu, us]) expect((await talkService(cloud).plan()).toString()).toMatch(NOTHING);
    await talkService(us).destroy();
    expect((await talkService(eu).plan()).toString()).toMatch(NOTHING);
    await talkService(eu).destroy();
    expect(iamNames(eu)).toEqual(["ecsInstanceRole", "ecsInstanceRole"]);
  });
});
