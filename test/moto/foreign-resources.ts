import { inventory } from "./inventory.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { rawClients, type RawClients } from "./raw-clients.js";

const assumedBy = (Service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });

/** A fresh account with foreign resources in it, the names of all that it holds, and AWS's own clients for it. */
export async function sharedAccount(moto: HttpCloud): Promise<{
  readonly account: Account;
  readonly raw: RawClients;
  readonly before: Record<string, string[]>;
}> {
  const account = await moto.newAccount();
  const raw = rawClients(account);
  await addForeignResources(raw, () => moto.settle(account));
  await moto.settle(account);
  return { account, raw, before: await inventory(raw) };
}

/** What others have in the account: one of everything that quayside makes, under names of their own. */
export async function addForeignResources(
  { autoScaling, ec2, ecs, elb, iam, logs }: RawClients,
  settle: () => Promise<void>,
): Promise<void> {
  const { Subnets = [] } = await ec2.describeSubnets({});
  const VpcId = Subnets[0]!.VpcId!;
  const { GroupId } = await ec2.createSecurityGroup({
    GroupName: "strangerGroup",
    Description: "theirs",
    VpcId,
  });
  await settle();
  await ec2.authorizeSecurityGroupIngress({
    GroupId: GroupId!,
    IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
  });
  await ec2.createKeyPair({ KeyName: "conference-key" });
  await ec2.createLaunchTemplate({
    LaunchTemplateName: "stranger",
    LaunchTemplateData: {
      // The current ECS-optimized image of the local cloud; moto takes any.
      ImageId: "ami-0721038df5273f93a",
      InstanceType: "t3.micro",
      UserData: Buffer.from("#!/bin/sh\n").toString("base64"),
    },
  });
  await autoScaling.createAutoScalingGroup({
    AutoScalingGroupName: "stranger",
    LaunchTemplate: { LaunchTemplateName: "stranger", Version: "$Default" },
    MinSize: 1,
    MaxSize: 1,
    VPCZoneIdentifier: Subnets[0]!.SubnetId!,
  });

  const { LoadBalancers } = await elb.createLoadBalancer({
    Name: "strangerAlb",
    Subnets: Subnets.map(({ SubnetId }) => SubnetId!),
  });
  const { TargetGroups } = await elb.createTargetGroup({
    Name: "strangerTargets",
    Protocol: "HTTP",
    Port: 80,
    VpcId,
  });
  await elb.createListener({
    LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn!,
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [{ Type: "forward", TargetGroupArn: TargetGroups![0]!.TargetGroupArn! }],
  });

  await iam.createRole({
    RoleName: "strangerRole",
    AssumeRolePolicyDocument: assumedBy("ec2.amazonaws.com"),
  });
  await iam.createInstanceProfile({ InstanceProfileName: "strangerRole" });
  await logs.createLogGroup({ logGroupName: "talk-service-cloudwatch-of-strangers" });

  // A tag, because moto's tagging API fails over clusters that have none.
  await ecs.createCluster({ clusterName: "strangers", tags: [{ key: "theirs", value: "yes" }] });
  await ecs.registerTaskDefinition({
    family: "talk-service-of-strangers",
    containerDefinitions: [{ name: "web", image: "nginx", memory: 64 }],
  });
  await settle();
  await ecs.createService({
    cluster: "strangers",
    serviceName: "talk-service-of-strangers",
    taskDefinition: "talk-service-of-strangers",
    desiredCount: 2,
  });
}
