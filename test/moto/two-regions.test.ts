import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import { inventory } from "./inventory.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { overHttp } from "./over-http.js";
import { rawClients, type RawClients } from "./raw-clients.js";

const shopOn = (account: Account) =>
  new Deployment("shop")
    .image("registry.example.com/shop:1")
    .container({ cpu: 128, memoryReservation: 128 })
    .service({ exec: true, desired: 2 })
    .secrets({ DB: "ssm:/shop/db" })
    .cluster(new Cluster("prod").ec2({ instanceType: "t3.small" }))
    .on(overHttp(account));

describeOverHttp("two regions of one account over HTTP", (clouds) => {
  let moto: HttpCloud;
  let eu: Account;
  let us: Account;
  let raw: RawClients;
  let rawUs: RawClients;
  let before: Record<string, string[]>;
  const agents: ReturnType<HttpCloud["startAgent"]>[] = [];

  beforeAll(async () => {
    moto = await clouds.start();
    ({ account: eu, raw, before } = await sharedAccount(moto));
    us = { ...eu, region: "us-east-1" };
    await moto.openRegion(us);
    rawUs = rawClients(us);
    agents.push(moto.startAgent(raw), moto.startAgent(rawUs));
    await shopOn(eu).deploy();
    await shopOn(us).deploy();
    await Promise.all(agents.map((agent) => agent.stop()));
  });

  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.stop()));
    await moto?.stop();
  });

  const rolesOf = async (region: string) => {
    const { Roles = [] } = await raw.iam.listRoles({ PathPrefix: `/quayside/${region}/` });
    const tagged = Roles.map(async ({ RoleName, Path }) => {
      const { Tags = [] } = await raw.iam.listRoleTags({ RoleName: RoleName! });
      const tag = (key: string) => Tags.find(({ Key }) => Key === key)?.Value;
      return [RoleName, Path, tag("quayside:owner"), tag("quayside:region")];
    });
    return (await Promise.all(tagged)).sort();
  };

  test("each region has roles of its own, by name, path and tag", async () => {
    for (const region of ["eu-west-1", "us-east-1"]) {
      const path = `/quayside/${region}/`;
      expect(await rolesOf(region)).toEqual([
        [`prod-instance-role-${region}`, `${path}cluster/prod/`, "cluster/prod", region],
        [`shop-execution-role-${region}`, `${path}deployment/shop/`, "deployment/shop", region],
        [`shop-task-role-${region}`, `${path}deployment/shop/`, "deployment/shop", region],
      ]);
    }
  });

  test("each region's instances have the instance profile with its own role", async () => {
    for (const [region, clients] of [
      ["eu-west-1", raw],
      ["us-east-1", rawUs],
    ] as const) {
      const name = `prod-instance-role-${region}`;
      const { LaunchTemplateVersions } = await clients.ec2.describeLaunchTemplateVersions({
        LaunchTemplateName: "prod-instances",
        Versions: ["$Latest"],
      });
      expect(LaunchTemplateVersions![0]!.LaunchTemplateData!.IamInstanceProfile).toEqual({ Name: name });
      const { InstanceProfile } = await raw.iam.getInstanceProfile({ InstanceProfileName: name });
      expect(InstanceProfile).toMatchObject({ Path: `/quayside/${region}/cluster/prod/` });
      expect(InstanceProfile!.Roles!.map(({ RoleName }) => RoleName)).toEqual([name]);
      expect(InstanceProfile!.Tags).toContainEqual({ Key: "quayside:region", Value: region });
    }
  });

  test("a destroy in one region leaves the other one as it is", async () => {
    const withoutUs = (names: readonly string[]) => names.filter((name) => !name.endsWith("-us-east-1"));
    const both = await inventory(raw);
    const roles = await rolesOf("eu-west-1");

    await shopOn(us).destroy();

    const left = await inventory(raw);
    expect(left).toEqual({
      ...both,
      roles: withoutUs(both["roles"]!),
      instanceProfiles: withoutUs(both["instanceProfiles"]!),
    });
    expect(await rolesOf("us-east-1")).toEqual([]);
    expect(await rolesOf("eu-west-1")).toEqual(roles);
    expect((await shopOn(eu).plan()).toString()).toMatch(/^Plan: nothing to change/);
  });

  test("the last destroy leaves the account as it was", async () => {
    await shopOn(eu).destroy();
    expect(await inventory(raw)).toEqual(before);
  });
});
