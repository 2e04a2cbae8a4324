import { expect, test } from "vitest";
import { Cluster, Deployment, Fleet, type CompleteDeployment } from "../../src/index.js";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";

const PLACE = { account: "123456789012", region: "eu-west-1" };
const POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
});

const cluster = new Cluster("web").fargate();

/** Services on Fargate, each with an execution role, that nothing calls. */
function fleetOf(count: number, change = (service: CompleteDeployment) => service): Fleet {
  const [first, ...others] = Array.from({ length: count }, (_, index) =>
    change(
      new Deployment(`service-${index}`)
        .image(`registry.example.com/service-${index}:1`)
        .container({ cpu: 256, memory: 512 })
        .secrets({ TOKEN: "ssm:/token" })
        .service({ desired: 1 })
        .cluster(cluster),
    ),
  );
  return new Fleet(first!, ...others);
}

/** An account in which the fleet is deployed. */
async function accountWith(fleet: Fleet, options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const cloud = localCloud({ clock: "virtual", readAccountRoles: true, ...options });
  await fleet.on(cloud).deploy();
  await cloud.clock.sleep(10 * 60_000);
  return cloud;
}

const countOf = async (cloud: LocalCloud, work: () => Promise<unknown>) => {
  const before = cloud.calls.length;
  await work();
  const calls = cloud.calls.slice(before);
  const of = (...operations: readonly string[]) =>
    calls.filter(({ operation }) => operations.includes(operation)).length;
  return {
    all: calls.length,
    lists: of("getAccountAuthorizationDetails"),
    roles: of("getRole", "listAttachedRolePolicies", "listRolePolicies", "getRolePolicy"),
  };
};

const fieldsOf = async (fleet: Fleet, cloud: LocalCloud) =>
  (await fleet.on(cloud).plan()).changes
    .filter(({ action }) => action !== "none")
    .map(({ resource, name, action, fields }) => ({
      ...{ resource, name, action },
      fields: fields.map(({ path }) => path),
    }));

test("a plan of a Fargate fleet makes less than one call a service, if it may read the account's roles", async () => {
  const fleet = fleetOf(40);
  const policy = fleet.permissions({ ...PLACE, for: ["plan", "deploy"], readAccountRoles: true });
  await using cloud = await accountWith(fleet, { caller: policy });
  const plan = await countOf(cloud, () => fleet.on(cloud).plan());
  expect(plan).toMatchObject({ lists: 1, roles: 0 });
  expect(plan.all).toBeLessThan(40);
  // Nothing is to be done, and nothing is asked once more.
  expect(await countOf(cloud, () => fleet.on(cloud).deploy())).toMatchObject({ lists: 1, roles: 0 });
  expect(await fieldsOf(fleet, cloud)).toEqual([]);
});

test("each role is read by itself without the option, for few roles, and for one whose request is overridden", async () => {
  const fleet = fleetOf(10);
  await using cloud = await accountWith(fleet, { readAccountRoles: false });
  expect(await countOf(cloud, () => fleet.on(cloud).plan())).toMatchObject({ lists: 0, roles: 40 });

  const few = fleetOf(9);
  await using small = await accountWith(few);
  expect(await countOf(small, () => few.on(small).plan())).toMatchObject({ lists: 0, roles: 36 });

  // IAM lists a role without its description.
  const described = fleetOf(12, (service) =>
    service.override({ createRole: (input) => ({ ...input, Description: "theirs" }) }),
  );
  await using overridden = await accountWith(described);
  expect(await fieldsOf(described, overridden)).toEqual([]);
  expect((await countOf(overridden, () => described.on(overridden).plan())).lists).toBe(0);
});

test("where AWS denies all roles, it is asked once, and each role is read by itself", async () => {
  const fleet = fleetOf(12);
  await using cloud = await accountWith(fleet, { caller: fleet.permissions(PLACE) });
  const denied = cloud.calls.filter(({ operation }) => operation === "getAccountAuthorizationDetails");
  expect(denied.map(({ error }) => error)).toEqual(["AccessDenied"]);
  expect(await countOf(cloud, () => fleet.on(cloud).plan())).toMatchObject({ lists: 0, roles: 48 });
  expect(await fieldsOf(fleet, cloud)).toEqual([]);
});

test("what was changed by hand is found in the list of all roles as in each role", async () => {
  const fleet = fleetOf(11);
  await using cloud = await accountWith(fleet);
  const { iam } = cloud.ports;
  const { Roles = [] } = await iam.listRoles({ PathPrefix: "/quayside/" });
  const [attached, detached, trusted, written, emptied, untagged, deleted] = Roles.map(
    ({ RoleName }) => RoleName!,
  ) as [string, string, string, string, string, string, string];
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName: emptied });
  await iam.attachRolePolicy({ RoleName: attached, PolicyArn: READ_ONLY });
  await iam.detachRolePolicy({ RoleName: detached, PolicyArn: POLICY });
  await iam.updateAssumeRolePolicy({ RoleName: trusted, PolicyDocument: TRUST });
  await iam.putRolePolicy({
    ...{ RoleName: written, PolicyName: "theirs" },
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
    }),
  });
  await iam.deleteRolePolicy({ RoleName: emptied, PolicyName: PolicyNames[0]! });
  await iam.tagRole({ RoleName: untagged, Tags: [{ Key: "quayside:kind", Value: "theirs" }] });
  await iam.detachRolePolicy({ RoleName: deleted, PolicyArn: POLICY });
  await iam.deleteRolePolicy({ RoleName: deleted, PolicyName: PolicyNames[0]! });
  await iam.deleteRole({ RoleName: deleted });

  const listed = await fieldsOf(fleet, cloud);
  const before = cloud.calls.length;
  const alone = await fieldsOf(fleet, { ...cloud, readAccountRoles: false } as LocalCloud);
  expect(
    cloud.calls.slice(before).some(({ operation }) => operation === "getAccountAuthorizationDetails"),
  ).toBe(false);
  expect(listed).toEqual(alone);
  expect(new Set(listed.filter(({ resource }) => resource === "iam-role").map(({ name }) => name))).toEqual(
    new Set([attached, detached, trusted, written, emptied, untagged, deleted]),
  );

  await fleet.on(cloud).deploy();
  expect(await fieldsOf(fleet, cloud)).toEqual([]);
  await fleet.on(cloud).destroy();
  expect((await iam.listRoles({ PathPrefix: "/quayside/" })).Roles).toEqual([]);
});

test("all roles are listed page by page, and no further than the last of the fleet's", async () => {
  const fleet = fleetOf(10);
  await using cloud = localCloud({ clock: "virtual", readAccountRoles: true });
  const create = async (prefix: string, count: number) => {
    for (let index = 0; index < count; index++)
      await cloud.ports.iam.createRole({ RoleName: `${prefix}-${index}`, AssumeRolePolicyDocument: TRUST });
  };
  await create("before", 600);
  await fleet.on(cloud).deploy();
  await create("after", 1200);
  await cloud.clock.sleep(10 * 60_000);
  expect(await countOf(cloud, () => fleet.on(cloud).plan())).toMatchObject({ lists: 2, roles: 0 });
});
