/*
 * The floor: what each phase takes somebody who knows everything, with bare calls of the SDK. Every call is sent as
 * soon as its inputs are there, nothing is compared, nothing is asked that is not needed.
 */
import type { AwsApi } from "../src/aws/api.js";
import type { Phase } from "./chains.js";

const NAME = "talk";
const CLUSTER = "conference";
const GROUP = "conference-instances";
const PROVIDER = "conference-capacity";
const ROLE = "conference-floor-role";
const TARGET = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
const RESOURCE = { ...TARGET, ResourceId: `service/${CLUSTER}/${NAME}` } as const;

/** What the floor remembers of what it has created. */
interface Known {
  taskDefinition: string;
  loadBalancer: string;
  listener: string;
  rule: string;
  targetGroup: string;
  groups: readonly string[];
}

const taskDefinition = (version: number) => ({
  family: NAME,
  containerDefinitions: [
    {
      name: "web",
      image: `registry.example.com/${NAME}:${version}`,
      cpu: 128,
      memoryReservation: 128,
      portMappings: [{ containerPort: 8080 }],
    },
  ],
});

/** How the floor deploys. */
interface FloorOptions {
  /** Whether instances are launched only once ECS manages them: it may never drain earlier ones. @defaultValue `false` */
  readonly launchesLast?: boolean;
  /**
   * Set if it waits as the library does: until the rollout has completed, the load balancer is active, and its name
   * resolves.
   */
  readonly resolves?: ((dnsName: string) => Promise<boolean>) | undefined;
}

/** Creates everything; with `pause` between two looks at what AWS does by itself. */
async function deploy(
  aws: AwsApi,
  pause: () => Promise<void>,
  { launchesLast = false, resolves }: FloorOptions,
): Promise<Known> {
  const network = async () => {
    const { Vpcs = [] } = await aws.ec2.describeVpcs({ Filters: [{ Name: "is-default", Values: ["true"] }] });
    const VpcId = Vpcs[0]!.VpcId!;
    const subnets = aws.ec2.describeSubnets({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] });
    const group = async (GroupName: string) =>
      (await aws.ec2.createSecurityGroup({ GroupName, Description: GroupName, VpcId })).GroupId!;
    const [{ Subnets = [] }, ofBalancer, ofInstances] = await Promise.all([
      subnets,
      group("floor-alb"),
      group("floor-instances"),
    ]);
    return { VpcId, Subnets: Subnets.map(({ SubnetId }) => SubnetId!), ofBalancer, ofInstances };
  };
  const networking = network();
  const role = async () => {
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    await Promise.all([
      aws.iam.createRole({ RoleName: ROLE, AssumeRolePolicyDocument }),
      aws.iam.createInstanceProfile({ InstanceProfileName: ROLE }),
    ]);
    await Promise.all([
      aws.iam.attachRolePolicy({
        RoleName: ROLE,
        PolicyArn: "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
      }),
      aws.iam.addRoleToInstanceProfile({ InstanceProfileName: ROLE, RoleName: ROLE }),
    ]);
  };
  // A fresh account has none of them, and a call that needs one fails until it is there.
  const linked = Promise.all(
    ["ecs", "autoscaling", "elasticloadbalancing", "ecs.application-autoscaling"].map((service) =>
      aws.iam.createServiceLinkedRole({ AWSServiceName: `${service}.amazonaws.com` }),
    ),
  );
  const cluster = linked.then(() => aws.ecs.createCluster({ clusterName: CLUSTER }));
  const image = aws.ssm.getParameter({
    Name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
  });
  const instances = async () => {
    const [{ Parameter }, { ofInstances, Subnets }] = await Promise.all([image, networking, role(), cluster]);
    await aws.ec2.createLaunchTemplate({
      LaunchTemplateName: GROUP,
      LaunchTemplateData: {
        ImageId: Parameter!.Value!,
        InstanceType: "t3.small",
        SecurityGroupIds: [ofInstances],
        IamInstanceProfile: { Name: ROLE },
        UserData: Buffer.from(`#!/bin/bash\necho ECS_CLUSTER=${CLUSTER} >> /etc/ecs/ecs.config`).toString(
          "base64",
        ),
      },
    });
    await aws.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: GROUP,
      LaunchTemplate: { LaunchTemplateName: GROUP, Version: "$Latest" },
      MinSize: 0,
      MaxSize: 4,
      VPCZoneIdentifier: Subnets.join(),
      NewInstancesProtectedFromScaleIn: true,
    });
    await provider();
    await until(pause, async () => {
      const { containerInstanceArns = [] } = await aws.ecs.listContainerInstances({
        cluster: CLUSTER,
        status: "ACTIVE",
      });
      return containerInstanceArns.length >= 2;
    });
  };
  const provider = async () => {
    const { AutoScalingGroups = [] } = await aws.autoScaling.describeAutoScalingGroups({
      AutoScalingGroupNames: [GROUP],
    });
    await aws.ecs.createCapacityProvider({
      name: PROVIDER,
      autoScalingGroupProvider: {
        autoScalingGroupArn: AutoScalingGroups[0]!.AutoScalingGroupARN!,
        managedScaling: { status: "ENABLED", targetCapacity: 100 },
        managedTerminationProtection: "ENABLED",
      },
    });
    await aws.ecs.putClusterCapacityProviders({
      cluster: CLUSTER,
      capacityProviders: [PROVIDER],
      defaultCapacityProviderStrategy: [],
    });
    if (launchesLast)
      await until(pause, async () => {
        const { clusters = [] } = await aws.ecs.describeClusters({
          clusters: [CLUSTER],
          include: ["ATTACHMENTS"],
        });
        const { attachmentsStatus, capacityProviders = [] } = clusters[0] ?? {};
        // A first look may be of the time before.
        return attachmentsStatus !== "UPDATE_IN_PROGRESS" && capacityProviders.includes(PROVIDER);
      });
    await aws.autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: GROUP, MinSize: 2 });
  };
  const balancer = async () => {
    const { VpcId, Subnets, ofBalancer, ofInstances } = await networking;
    const open = (GroupId: string, IpProtocol: string, port: [number, number], from: object) =>
      aws.ec2.authorizeSecurityGroupIngress({
        GroupId,
        IpPermissions: [{ IpProtocol, FromPort: port[0], ToPort: port[1], ...from }],
      });
    const doors = Promise.all([
      open(ofBalancer, "tcp", [80, 80], { IpRanges: [{ CidrIp: "0.0.0.0/0" }] }),
      open(ofBalancer, "tcp", [80, 80], { Ipv6Ranges: [{ CidrIpv6: "::/0" }] }),
      open(ofInstances, "tcp", [1, 65535], { UserIdGroupPairs: [{ GroupId: ofBalancer }] }),
    ]);
    const [{ LoadBalancers = [] }, { TargetGroups = [] }] = await Promise.all([
      aws.elb.createLoadBalancer({ Name: CLUSTER, Subnets, SecurityGroups: [ofBalancer] }),
      aws.elb.createTargetGroup({
        Name: NAME,
        Protocol: "HTTP",
        Port: 80,
        VpcId,
        TargetType: "instance",
        HealthCheckPath: "/health",
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 3,
      }),
    ]);
    const loadBalancer = LoadBalancers[0]!.LoadBalancerArn!;
    const targetGroup = TargetGroups[0]!.TargetGroupArn!;
    const [{ Listeners = [] }] = await Promise.all([
      aws.elb.createListener({
        LoadBalancerArn: loadBalancer,
        Port: 80,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
      }),
      aws.elb.modifyTargetGroupAttributes({
        TargetGroupArn: targetGroup,
        Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "60" }],
      }),
    ]);
    const listener = Listeners[0]!.ListenerArn!;
    const { Rules = [] } = await aws.elb.createRule({
      ListenerArn: listener,
      Priority: 100,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/talk*"] } }],
      Actions: [{ Type: "forward", TargetGroupArn: targetGroup }],
    });
    await doors;
    return { loadBalancer, targetGroup, listener, rule: Rules[0]!.RuleArn! };
  };
  const logs = async () => {
    await aws.logs.createLogGroup({ logGroupName: NAME });
    await aws.logs.putRetentionPolicy({ logGroupName: NAME, retentionInDays: 30 });
  };
  const [registered, behind, { ofBalancer, ofInstances }] = await Promise.all([
    aws.ecs.registerTaskDefinition(taskDefinition(1)),
    balancer(),
    networking,
    instances(),
    logs(),
  ]);
  const arn = registered.taskDefinition!.taskDefinitionArn!;
  await aws.ecs.createService({
    cluster: CLUSTER,
    serviceName: NAME,
    taskDefinition: arn,
    desiredCount: 2,
    capacityProviderStrategy: [{ capacityProvider: PROVIDER, weight: 1 }],
    loadBalancers: [{ targetGroupArn: behind.targetGroup, containerName: "web", containerPort: 8080 }],
  });
  const scaling = async () => {
    await aws.applicationAutoScaling.registerScalableTarget({ ...RESOURCE, MinCapacity: 2, MaxCapacity: 4 });
    await aws.applicationAutoScaling.putScalingPolicy({
      ...RESOURCE,
      PolicyName: "cpu",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 60,
        PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
      },
    });
  };
  await Promise.all([
    scaling(),
    untilRunning(aws, pause, resolves !== undefined),
    resolves && untilReachable(aws, behind.loadBalancer, resolves, pause),
  ]);
  return { ...behind, taskDefinition: arn, groups: [ofBalancer, ofInstances] };
}

async function until(pause: () => Promise<void>, look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await pause();
}

const untilRunning = (aws: AwsApi, pause: () => Promise<void>, isCompleted = false): Promise<void> =>
  until(pause, async () => {
    const { services = [] } = await aws.ecs.describeServices({ cluster: CLUSTER, services: [NAME] });
    const { runningCount, deployments = [] } = services[0] ?? {};
    return isCompleted ? deployments[0]?.rolloutState === "COMPLETED" : runningCount === 2;
  });

const untilReachable = (
  aws: AwsApi,
  arn: string,
  resolves: (dnsName: string) => Promise<boolean>,
  pause: () => Promise<void>,
): Promise<void> =>
  until(pause, async () => {
    const { LoadBalancers = [] } = await aws.elb.describeLoadBalancers({ LoadBalancerArns: [arn] });
    const { State, DNSName = "" } = LoadBalancers[0] ?? {};
    return State?.Code === "active" && resolves(DNSName);
  });

/** Reads each resource once, all at once: by their names. */
const look = (aws: AwsApi): Promise<unknown> =>
  Promise.all([
    aws.ecs.describeClusters({ clusters: [CLUSTER] }),
    aws.ecs.describeServices({ cluster: CLUSTER, services: [NAME] }),
    aws.ecs.describeTaskDefinition({ taskDefinition: NAME }),
    aws.ecs.describeCapacityProviders({ capacityProviders: [PROVIDER] }),
    aws.elb.describeLoadBalancers({ Names: [CLUSTER] }),
    aws.elb.describeTargetGroups({ Names: [NAME] }),
    aws.ec2.describeSecurityGroups({ Filters: [{ Name: "group-name", Values: ["floor-*"] }] }),
    aws.ec2.describeLaunchTemplateVersions({ LaunchTemplateName: GROUP, Versions: ["$Latest"] }),
    aws.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [GROUP] }),
    aws.iam.getRole({ RoleName: ROLE }),
    aws.iam.getInstanceProfile({ InstanceProfileName: ROLE }),
    aws.logs.describeLogGroups({ logGroupNamePrefix: NAME }),
    aws.applicationAutoScaling.describeScalableTargets({
      ...TARGET,
      ResourceIds: [RESOURCE.ResourceId],
    }),
    aws.applicationAutoScaling.describeScalingPolicies({ ...TARGET, ResourceId: RESOURCE.ResourceId }),
    aws.ssm.getParameter({
      Name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    }),
  ]);

async function update(aws: AwsApi, pause: () => Promise<void>): Promise<void> {
  const registered = await aws.ecs.registerTaskDefinition(taskDefinition(2));
  await aws.ecs.updateService({
    cluster: CLUSTER,
    service: NAME,
    taskDefinition: registered.taskDefinition!.taskDefinitionArn!,
  });
  await untilRunning(aws, pause);
}

async function destroy(aws: AwsApi, known: Known): Promise<void> {
  const scaling = aws.applicationAutoScaling.deregisterScalableTarget(RESOURCE);
  const service = aws.ecs.deleteService({ cluster: CLUSTER, service: NAME, force: true });
  const balancer = async () => {
    await aws.elb.deleteRule({ RuleArn: known.rule });
    await aws.elb.deleteListener({ ListenerArn: known.listener });
    await Promise.all([
      aws.elb.deleteLoadBalancer({ LoadBalancerArn: known.loadBalancer }),
      aws.elb.deleteTargetGroup({ TargetGroupArn: known.targetGroup }),
    ]);
  };
  const instances = async () => {
    await service;
    await aws.ecs.putClusterCapacityProviders({
      cluster: CLUSTER,
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    });
    await Promise.all([
      aws.ecs.deleteCapacityProvider({ capacityProvider: PROVIDER }),
      aws.autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: GROUP, ForceDelete: true }),
    ]);
    await aws.ec2.deleteLaunchTemplate({ LaunchTemplateName: GROUP });
  };
  const role = async () => {
    await Promise.all([
      aws.iam.removeRoleFromInstanceProfile({ InstanceProfileName: ROLE, RoleName: ROLE }),
      aws.iam.detachRolePolicy({
        RoleName: ROLE,
        PolicyArn: "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
      }),
    ]);
    await Promise.all([
      aws.iam.deleteInstanceProfile({ InstanceProfileName: ROLE }),
      aws.iam.deleteRole({ RoleName: ROLE }),
    ]);
  };
  await Promise.all([scaling, instances(), balancer()]);
  const [ofBalancer, ofInstances] = known.groups;
  await Promise.all([
    aws.ecs.deleteCluster({ cluster: CLUSTER }),
    role(),
    aws.logs.deleteLogGroup({ logGroupName: NAME }),
    aws.ecs.deregisterTaskDefinition({ taskDefinition: `${NAME}:1` }),
    aws.ecs.deregisterTaskDefinition({ taskDefinition: `${NAME}:2` }),
    aws.ec2
      .deleteSecurityGroup({ GroupId: ofInstances! })
      .then(() => aws.ec2.deleteSecurityGroup({ GroupId: ofBalancer! })),
  ]);
}

/** Does one phase; what the first deploy has made is in `memory`. */
export async function doFloorPhase(
  phase: Phase,
  aws: AwsApi,
  memory: { known?: Known },
  pause: () => Promise<void> = async () => {},
  options: FloorOptions = {},
): Promise<void> {
  if (phase === "first deploy") memory.known = await deploy(aws, pause, options);
  else if (phase === "update") await update(aws, pause);
  else if (phase === "destroy") await destroy(aws, memory.known!);
  else await look(aws);
}
