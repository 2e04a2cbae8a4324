import { leastPrivilege } from "./least-privilege.js";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";

/** Seconds: minutes are usual on AWS. */
const TAGGING_DELAY = 180;

/** An account that others use, too: their things must be there, unchanged, whatever a scenario does. */
export async function sharedAccount(options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const cloud = localCloud({
    clock: "virtual",
    caller: leastPrivilege(options),
    taggingDelay: TAGGING_DELAY,
    ...options,
  });
  const { ec2, ecs, elb, iam, logs } = cloud.ports;
  const vpcs = await ec2.describeVpcs({});
  const VpcId = vpcs.Vpcs![0]!.VpcId!;
  const subnets = await ec2.describeSubnets({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] });
  await ecs.createCluster({ clusterName: "their-cluster" });
  await ecs.registerTaskDefinition({
    family: "their-task",
    containerDefinitions: [{ name: "app", image: "theirs:1", memory: 64 }],
  });
  await logs.createLogGroup({ logGroupName: "their-logs" });
  // Another region of the account may have it already.
  if (!cloud.account.iam.roles.has("theirrole")) {
    await iam.createRole({
      RoleName: "theirRole",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    });
  }
  const group = await ec2.createSecurityGroup({ GroupName: "their-group", Description: "theirs", VpcId });
  await cloud.clock.sleep(60_000);
  await ec2.authorizeSecurityGroupIngress({
    GroupId: group.GroupId!,
    IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "192.0.2.0/24" }] }],
  });
  const balancer = await elb.createLoadBalancer({
    Name: "their-alb",
    Subnets: subnets.Subnets!.map(({ SubnetId }) => SubnetId!),
    SecurityGroups: [group.GroupId!],
  });
  const target = await elb.createTargetGroup({ Name: "their-targets", Protocol: "HTTP", Port: 80, VpcId });
  await elb.createListener({
    LoadBalancerArn: balancer.LoadBalancers![0]!.LoadBalancerArn!,
    Port: 80,
    Protocol: "HTTP",
    DefaultActions: [{ Type: "forward", TargetGroupArn: target.TargetGroups![0]!.TargetGroupArn! }],
  });
  await cloud.clock.sleep(300_000);
  return cloud;
}

/**
 * Waits until the tagging API knows every tag. What a chain no longer describes is found by its tags: a deploy that
 * follows the one before within minutes leaves it to the next.
 */
export const tagsKnown = (cloud: LocalCloud): Promise<void> =>
  cloud.clock.sleep(TAGGING_DELAY * 1000 + 10_000);

/** The calls that `work` made. */
export async function callsOf(cloud: LocalCloud, work: () => Promise<unknown>) {
  const before = cloud.calls.length;
  await work();
  return cloud.calls.slice(before);
}

/** What `work` changed, in alphabetical order: the writes that were not refused. */
export const writesOf = async (cloud: LocalCloud, work: () => Promise<unknown>): Promise<string[]> =>
  (await callsOf(cloud, work))
    .filter((call) => call.write && call.error === undefined)
    .map((call) => call.operation)
    .sort();
