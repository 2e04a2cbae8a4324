import { afterEach, describe, expect, test } from "vitest";
import { Cluster, QuaysideError, type CompleteDeployment } from "../../src/index.js";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";
import { writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { conferenceEc2, talkOnFargate, talkService, talkWithoutRoute } from "./tutorial.js";
import { leastPrivilege } from "./least-privilege.js";

let cloud: LocalCloud | undefined;
afterEach(() => cloud?.close());

const account = (options: LocalCloudOptions = {}): LocalCloud =>
  (cloud = localCloud({ caller: leastPrivilege(options), clock: "virtual", seed: 1, ...options }));
const on =
  (options: object) =>
  (where: LocalCloud): CompleteDeployment =>
    talkService(where).cluster(new Cluster("conference-cluster").ec2({ ...conferenceEc2, ...options }));

interface Missing {
  readonly of: string;
  readonly account?: LocalCloudOptions;
  readonly prepare?: (cloud: LocalCloud) => void;
  readonly chain?: (cloud: LocalCloud) => CompleteDeployment;
  readonly code: string;
}

const MISSING: readonly Missing[] = [
  { of: "the default VPC", account: { vpcs: [{ cidr: "10.9.0.0/16" }] }, code: "no-default-vpc" },
  {
    of: "the default VPC, for Fargate",
    account: { vpcs: [{ cidr: "10.9.0.0/16" }] },
    chain: (where) => talkOnFargate(where),
    code: "no-default-vpc",
  },
  { of: "a second zone", account: { vpcs: [{ default: true, zones: ["b"] }] }, code: "too-few-zones" },
  { of: "the instance type", chain: on({ instanceType: "t9.enormous" }), code: "instance-type-not-offered" },
  {
    of: "the instance type in any zone",
    account: { region: "us-east-1", vpcs: [{ default: true, zones: ["e", "e"] }] },
    chain: (where) =>
      talkWithoutRoute(where).cluster(
        new Cluster("conference-cluster").ec2({ ...conferenceEc2, instanceType: "t3.small" }),
      ),
    code: "instance-type-not-offered",
  },
  { of: "the key pair", chain: on({ keyPair: "conference-key" }), code: "key-pair-not-found" },
  {
    of: "the ECS-optimized image",
    prepare: (where) =>
      void where.faults.inject({
        operation: "getParameter",
        kind: "refuse",
        code: "ParameterNotFound",
        message: "Parameter not found.",
      }),
    code: "ami-not-found",
  },
];

describe("without", () => {
  test.each(MISSING)("$of nothing is changed, and the error says what to do", async (missing) => {
    const { account: options, prepare, chain = talkService, code } = missing;
    const where = account(options);
    prepare?.(where);

    let error: unknown;
    const writes = await writesOf(where, async () => {
      error = await chain(where)
        .deploy()
        .catch((thrown: unknown) => thrown);
    });

    expect(error).toBeInstanceOf(QuaysideError);
    expect(writes).toEqual([]);
    const { message, fix } = error as QuaysideError;
    expect({ code: (error as QuaysideError).code, message, fix }).toMatchSnapshot();
    expect((error as QuaysideError).code).toBe(code);
  });

  test.each(MISSING)("$of a destroy has what it needs", async ({ account: options, chain = talkService }) => {
    const where = account(options);
    const pristine = comparable(where);

    expect(await chain(where).destroy()).toEqual({ deleted: [], kept: [] });

    expect(comparable(where)).toEqual(pristine);
  });
});

test("a deployment without a load balancer needs only one zone", async () => {
  const where = account({ vpcs: [{ default: true, zones: ["b"] }] });
  await talkWithoutRoute(where).deploy();
  expect((await talkWithoutRoute(where).status()).isHealthy).toBe(true);
});

test("instances stay out of zones that do not offer their type", async () => {
  const where = account({ region: "us-east-1", vpcs: [{ default: true, zones: ["a", "b", "e"] }] });
  const chain = on({ instanceType: "t3.small" });
  await chain(where).deploy();
  const [group] = Object.values(where.state().autoScalingGroups);
  expect(group!.subnetIds.length).toBeGreaterThan(0);
  expect(group!.subnetIds.join()).not.toContain("us-east-1e");
  expect((await chain(where).plan()).isEmpty).toBe(true);
});
