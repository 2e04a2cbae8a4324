import { strict as assert } from "node:assert";
import { QuaysideError } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { comparable } from "../scenarios/comparable.js";
import { mortal } from "../scenarios/mortal.js";
import { chainsOf, changed, type Chains, type Described, type RandomRun, type Verb } from "./chains.js";

/** The tagging API lags: what is no longer described is found by tags. */
const TAGGING_DELAY = 180;

/** Refusals before anything is changed, which leave a run as it was. */
const REFUSALS: ReadonlySet<string> = new Set([
  "invalid-spec",
  "replacement-needed",
  "different-vpcs",
  "deployment-blocked",
  "not-owned",
  // A namespace is of one VPC.
  "namespace-unusable",
  // A name is unique: one that moves to a service of another cluster needs another name.
  "connect-name-taken",
]);

/**
 * Deploys a run's descriptions one after the other. After each, its plan is empty, and a second deploy writes
 * nothing; after the destroy at the end, the account is as it was, with what others have in it. What is refused, is
 * refused before anything is changed. A process that is killed on the way is followed by one that does its work, and
 * what an operator does between two deploys is undone by the next one.
 */
export async function checkRun({ shape, first, changes, courses }: RandomRun): Promise<void> {
  await using cloud = await account();
  const before = comparable(cloud);
  let last: Chains | undefined;
  let described: Described = first;
  for (const [index, change] of [{}, ...changes].entries()) {
    const { killedAfter, verb } = courses[index]!;
    const next = changed(described, change);
    const chains = tryChains(shape, next, cloud);
    if (chains === undefined) continue;
    if (killedAfter !== undefined) await killed(shape, next, killedAfter, cloud);
    if (await deployed(chains, cloud)) {
      described = next;
      last = chains;
      await cloud.clock.sleep((TAGGING_DELAY + 10) * 1000);
      await assertSettled(chains, cloud);
      if (verb !== undefined && (await did(verb, chains))) {
        await chains.deploy();
        await cloud.clock.sleep((TAGGING_DELAY + 10) * 1000);
        await assertSettled(chains, cloud);
      }
    }
  }
  const ends = (await last?.destroy()) ?? [];
  assert.deepEqual(
    ends.slice(-1).flatMap(({ kept }) => kept),
    [],
    "the destroy kept something",
  );
  assert.deepEqual(comparable(cloud), before, "the account is not as it was");
}

/** A deploy in a process that dies after so many writes, if it makes as many. */
async function killed(
  shape: RandomRun["shape"],
  described: Described,
  writes: number,
  cloud: LocalCloud,
): Promise<void> {
  const process = mortal(cloud);
  let seen = 0;
  const fault = cloud.faults.inject({
    kind: "abort",
    when: "after",
    times: Infinity,
    run: () => {
      seen += cloud.calls.at(-1)?.write === true ? 1 : 0;
      if (seen >= writes) process.kill();
    },
  });
  // A refusal is told again by the run that follows.
  await Promise.race([
    chainsOf(shape, described, process.cloud)
      .deploy()
      .catch(() => {}),
    process.died,
  ]);
  fault.remove();
}

/** Nothing to go back to, or no color to send requests to. */
const CANNOT: ReadonlySet<string> = new Set([
  "no-release",
  "no-earlier-release",
  "no-such-release",
  "incomplete-release",
  "invalid-spec",
  "color-not-ready",
]);

/** True if an operator could do it. */
async function did(verb: Verb, { talk }: Chains): Promise<boolean> {
  try {
    if (verb === "rollback") {
      await talk.rollback();
      return true;
    }
    if (verb !== "shift and roll back") await talk.env({ LEVEL: "held" }).deploy({ hold: true });
    const release = await talk.release();
    if (verb === "hold and promote") await release.promote();
    if (verb === "hold and retire") await release.retire();
    if (verb === "shift and roll back") {
      await release.shift(50);
      await (await talk.release()).rollback();
    }
    return true;
  } catch (error) {
    if (error instanceof QuaysideError && CANNOT.has(error.code)) return false;
    throw error;
  }
}

function tryChains(shape: RandomRun["shape"], described: Described, cloud: LocalCloud): Chains | undefined {
  try {
    return chainsOf(shape, described, cloud);
  } catch (error) {
    if (error instanceof QuaysideError && error.code === "invalid-spec") return undefined;
    throw error;
  }
}

/** False if the deploy was refused before anything was changed. */
async function deployed(chains: Chains, cloud: LocalCloud): Promise<boolean> {
  const writes = writesFrom(cloud);
  try {
    await chains.deploy();
    return true;
  } catch (error) {
    if (!(error instanceof QuaysideError) || !REFUSALS.has(error.code)) throw error;
    assert.deepEqual(writes(), [], `refused after changes: ${error.message}`);
    return false;
  }
}

async function assertSettled(chains: Chains, cloud: LocalCloud): Promise<void> {
  for (const plan of await chains.plan())
    assert.ok(plan.isEmpty, `not empty after a deploy: ${plan.toString()}`);
  const writes = writesFrom(cloud);
  await chains.deploy();
  assert.deepEqual(writes(), [], "a second deploy wrote something");
}

function writesFrom(cloud: LocalCloud): () => string[] {
  const start = cloud.calls.length;
  return () =>
    cloud.calls
      .slice(start)
      .filter(({ write, error }) => write && error === undefined)
      .map(({ operation }) => operation);
}

/** Two VPCs, and what others have: a cluster, and a load balancer that is open to the world. */
async function account(): Promise<LocalCloud> {
  const vpc = (name: string, cidr: string) => ({ tags: { Name: name }, cidr, zones: ["a", "b"] });
  const cloud = localCloud({
    clock: "virtual",
    taggingDelay: TAGGING_DELAY,
    // A job ends; everything else runs.
    images: Object.fromEntries([1, 2, 3].map((each) => [`report:${each}`, { exits: 0, after: "5s" }])),
    vpcs: [{ ...vpc("main", "10.1.0.0/16"), default: true }, vpc("other", "10.2.0.0/16")],
  });
  const { cloudWatch, ec2, ecs, elb } = cloud.ports;
  await cloudWatch.putMetricAlarm({
    AlarmName: "their-alarm",
    Namespace: "AWS/ApplicationELB",
    MetricName: "HTTPCode_Target_5XX_Count",
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
  });
  await ecs.createCluster({ clusterName: "their-cluster", capacityProviders: ["FARGATE", "FARGATE_SPOT"] });
  // Names of other VPCs than default ones do not resolve before that.
  const others = await ec2.describeVpcs({ Filters: [{ Name: "tag:Name", Values: ["other"] }] });
  for (const { VpcId: id } of others.Vpcs ?? [])
    await ec2.modifyVpcAttribute({ VpcId: id, EnableDnsHostnames: { Value: true } });
  const { Vpcs = [] } = await ec2.describeVpcs({ Filters: [{ Name: "tag:Name", Values: ["main"] }] });
  const VpcId = Vpcs[0]!.VpcId!;
  const { Subnets = [] } = await ec2.describeSubnets({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] });
  const { GroupId } = await ec2.createSecurityGroup({ GroupName: "theirs", Description: "theirs", VpcId });
  await cloud.clock.sleep(60_000);
  await ec2.authorizeSecurityGroupIngress({
    GroupId: GroupId!,
    IpPermissions: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  });
  const { LoadBalancers = [] } = await elb.createLoadBalancer({
    Name: "their-alb",
    Subnets: Subnets.map(({ SubnetId }) => SubnetId!),
    SecurityGroups: [GroupId!],
  });
  await elb.createListener({
    LoadBalancerArn: LoadBalancers[0]!.LoadBalancerArn!,
    Port: 80,
    Protocol: "HTTP",
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
  });
  await cloud.clock.sleep(300_000);
  return cloud;
}
