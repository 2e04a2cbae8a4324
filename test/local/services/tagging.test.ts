import { expect, it } from "vitest";
import { codeOf, localServices } from "../local-services.js";

const team = [{ Key: "team", Value: "a" }];

it("the tagging API finds what carries a tag, over all services but IAM and Auto Scaling", async () => {
  const cloud = localServices();
  const specification = <Type extends string>(ResourceType: Type) => [{ ResourceType, Tags: team }];
  await cloud.ec2.createSecurityGroup({
    GroupName: "web",
    Description: "x",
    TagSpecifications: specification("security-group" as const),
  });
  await cloud.ec2.createKeyPair({
    KeyName: "key",
    KeyType: "ed25519",
    TagSpecifications: specification("key-pair" as const),
  });
  await cloud.logs.createLogGroup({ logGroupName: "logs", tags: { team: "a" } });
  await cloud.logs.createLogGroup({ logGroupName: "other", tags: { team: "b" } });
  await cloud.iam.createInstanceProfile({ InstanceProfileName: "profile", Tags: team });

  const find = async (part: object) => {
    const { ResourceTagMappingList } = await cloud.tagging.getResources({
      TagFilters: [{ Key: "team", Values: ["a"] }],
      ...part,
    });
    return ResourceTagMappingList!.map(({ ResourceARN }) =>
      ResourceARN!
        .split(":")
        .slice(2)[3]
        ?.replace(/-?\/.*/, ""),
    );
  };
  expect(await find({})).toEqual(["security-group", "key-pair", "log-group"]);
  expect(await find({ ResourceTypeFilters: ["ec2"] })).toEqual(["security-group", "key-pair"]);
  expect(await find({ ResourceTypeFilters: ["ec2:key-pair", "logs:log-group"] })).toEqual([
    "key-pair",
    "log-group",
  ]);

  const first = await cloud.tagging.getResources({ TagFilters: [{ Key: "team" }], ResourcesPerPage: 3 });
  const second = await cloud.tagging.getResources({
    TagFilters: [{ Key: "team" }],
    ResourcesPerPage: 3,
    PaginationToken: first.PaginationToken,
  });
  expect([first.ResourceTagMappingList?.length, second.ResourceTagMappingList?.length]).toEqual([3, 1]);
  expect(second.PaginationToken).toBe("");
});

it("SSM names the current machine image of each architecture, alone and with its facts", async () => {
  const { ssm } = localServices();
  const get = async (Name: string) => (await ssm.getParameter({ Name })).Parameter!.Value!;
  const base = "/aws/service/ecs/optimized-ami/amazon-linux-2023";
  const id = await get(`${base}/recommended/image_id`);
  expect(id).toMatch(/^ami-[0-9a-f]{17}$/);
  expect(await get(`${base}/arm64/recommended/image_id`)).not.toBe(id);
  expect(JSON.parse(await get(`${base}/recommended`))).toMatchObject({ image_id: id });
  expect(await codeOf(ssm.getParameter({ Name: `${base}/recomended/image_id` }))).toBe("ParameterNotFound");
});

it("Application Auto Scaling knows the scalable targets that were registered", async () => {
  const { applicationAutoScaling, account } = localServices();
  const target = {
    ServiceNamespace: "ecs" as const,
    ResourceId: "service/c/s",
    ScalableDimension: "ecs:service:DesiredCount" as const,
    MinCapacity: 1,
    MaxCapacity: 4,
    RoleARN: "arn:aws:iam::1:role/x",
    CreationTime: new Date(0),
  };
  const find = (ResourceIds: string[]) =>
    applicationAutoScaling.describeScalableTargets({ ServiceNamespace: "ecs", ResourceIds });
  expect(await find(["service/c/s"])).toMatchObject({ ScalableTargets: [] });
  account.applicationAutoScaling.scalableTargets.set(target.ResourceId, target);
  expect(await find(["service/c/s"])).toMatchObject({ ScalableTargets: [target] });
  expect(await find(["service/c/other"])).toMatchObject({ ScalableTargets: [] });
});

it("a token of the tagging API is valid for 15 minutes", async () => {
  const cloud = localServices();
  for (const logGroupName of ["one", "two"])
    await cloud.logs.createLogGroup({ logGroupName, tags: { team: "a" } });
  const page = (PaginationToken: string) =>
    cloud.tagging.getResources({ TagFilters: [{ Key: "team" }], ResourcesPerPage: 1, PaginationToken });
  const { PaginationToken = "" } = await page("");
  await cloud.clock.sleep(14 * 60_000);
  expect((await page(PaginationToken)).ResourceTagMappingList).toHaveLength(1);
  await cloud.clock.sleep(2 * 60_000);
  expect(await codeOf(page(PaginationToken))).toBe("PaginationTokenExpiredException");
});
