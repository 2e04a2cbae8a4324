import type {
  CreateServiceCommandInput,
  RegisterTaskDefinitionCommandInput,
  Service,
} from "@aws-sdk/client-ecs";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";

/** A local cloud with a cluster, an active load balancer and one target group behind it. */
export interface RunningCloud {
  readonly cloud: LocalCloud;
  readonly ecs: LocalCloud["ports"]["ecs"];
  readonly elb: LocalCloud["ports"]["elb"];
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly groupId: string;
  readonly loadBalancerArn: string;
  readonly dnsName: string;
  readonly listenerArn: string;
  readonly targetGroupArn: string;
  /** EC2 container instances, as if their agents had registered. */
  registerInstances(count: number, size?: { cpu: number; memory: number }): Promise<void>;
  registerWeb(change?: Partial<RegisterTaskDefinitionCommandInput>, image?: string): Promise<string>;
  createWeb(change?: Partial<CreateServiceCommandInput>): Promise<Service>;
  describe(name?: string): Promise<Service>;
  /** Waits on the cloud's clock until the condition is true. */
  until(condition: () => Promise<boolean>): Promise<void>;
  /** Waits until the newest service deployment has ended; returns it. */
  rollout(name?: string): Promise<{ status: string | undefined; reason: string | undefined }>;
}

export async function runningCloud(
  options: LocalCloudOptions & { targetType?: "instance" | "ip" } = {},
): Promise<RunningCloud> {
  const { targetType = "instance", ...cloudOptions } = options;
  const cloud = localCloud({ clock: "virtual", ...cloudOptions });
  const { ecs, elb, ec2 } = cloud.ports;
  const { Vpcs } = await ec2.describeVpcs({});
  const vpcId = Vpcs?.[0]?.VpcId ?? "";
  const subnetIds = (await ec2.describeSubnets({})).Subnets?.map(({ SubnetId }) => SubnetId ?? "") ?? [];
  const group = await ec2.createSecurityGroup({ GroupName: "web", Description: "web", VpcId: vpcId });
  await cloud.clock.sleep(10_000);
  const groupId = group.GroupId ?? "";
  await ec2.authorizeSecurityGroupIngress({
    GroupId: groupId,
    IpPermissions: [
      { IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      { IpProtocol: "tcp", FromPort: 1, ToPort: 65535, UserIdGroupPairs: [{ GroupId: groupId }] },
    ],
  });
  const { LoadBalancers } = await elb.createLoadBalancer({
    Name: "web",
    Subnets: subnetIds,
    SecurityGroups: [groupId],
  });
  const { LoadBalancerArn: loadBalancerArn = "", DNSName: dnsName = "" } = LoadBalancers?.[0] ?? {};
  const { TargetGroups } = await elb.createTargetGroup({
    Name: "web",
    Protocol: "HTTP",
    Port: 80,
    VpcId: vpcId,
    TargetType: targetType,
    HealthCheckPath: "/health",
  });
  const targetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? "";
  const { Listeners } = await elb.createListener({
    LoadBalancerArn: loadBalancerArn,
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
  });
  await ecs.createCluster({ clusterName: "main" });
  await cloud.clock.sleep(200_000);

  const describe = async (name = "web"): Promise<Service> => {
    const { services } = await ecs.describeServices({ cluster: "main", services: [name] });
    const [service] = services ?? [];
    if (service === undefined) throw new Error(`There is no service ${name}`);
    return service;
  };
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    const deadline = cloud.clock.now() + 3 * 3_600_000;
    while (!(await condition())) {
      if (cloud.clock.now() > deadline) throw new Error("It did not come to that within three hours");
      await cloud.clock.sleep(5_000);
    }
  };
  return {
    cloud,
    ecs,
    elb,
    vpcId,
    subnetIds,
    groupId,
    loadBalancerArn,
    dnsName,
    listenerArn: Listeners?.[0]?.ListenerArn ?? "",
    targetGroupArn,
    describe,
    until,
    async registerInstances(count, size = { cpu: 1024, memory: 957 }) {
      for (let index = 0; index < count; index++) {
        const subnetId = subnetIds[index % subnetIds.length] ?? "";
        const zone = cloud.account.ec2.subnets.get(subnetId)?.zone ?? "";
        const instanceId = `i-${cloud.account.hex(17)}`;
        cloud.account.ec2.instances.set(instanceId, {
          id: instanceId,
          instanceType: "t2.micro",
          imageId: "ami-1",
          subnetId,
          zone,
          privateIp: "172.31.0.10",
          groupIds: [groupId],
          keyName: undefined,
          profileName: undefined,
          userData: "",
          autoScalingGroup: undefined,
          launchedAt: new Date(cloud.clock.now()),
          networkInterfaceId: "eni-1",
          isSpot: false,
          detailedMonitoring: false,
          tags: new Map(),
          state: "running",
        });
        await ecs.registerContainerInstance({
          cluster: "main",
          instanceIdentityDocument: JSON.stringify({
            instanceId,
            instanceType: "t2.micro",
            availabilityZone: zone,
          }),
          totalResources: [
            { name: "CPU", type: "INTEGER", integerValue: size.cpu },
            { name: "MEMORY", type: "INTEGER", integerValue: size.memory },
          ],
        });
      }
    },
    async registerWeb(change = {}, image = "web:1") {
      const { taskDefinition } = await ecs.registerTaskDefinition({
        family: "web",
        containerDefinitions: [
          { name: "web", image, memoryReservation: 128, cpu: 128, portMappings: [{ containerPort: 8080 }] },
        ],
        ...change,
      });
      return taskDefinition?.taskDefinitionArn ?? "";
    },
    async createWeb(change = {}) {
      const { service } = await ecs.createService({
        cluster: "main",
        serviceName: "web",
        taskDefinition: "web",
        desiredCount: 2,
        launchType: "EC2",
        loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 8080 }],
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
        ...change,
      });
      if (service === undefined) throw new Error("CreateService returned no service");
      return service;
    },
    async rollout(name = "web") {
      let newest: { status: string | undefined; reason: string | undefined } | undefined;
      await cloud.clock.sleep(2_000);
      await until(async () => {
        // A new service is not listed at once.
        const { serviceDeployments } = await ecs
          .listServiceDeployments({ cluster: "main", service: name })
          .catch(() => ({ serviceDeployments: [] }));
        const [first] = serviceDeployments ?? [];
        newest = { status: first?.status, reason: first?.statusReason };
        return first?.finishedAt !== undefined;
      });
      return newest ?? { status: undefined, reason: undefined };
    },
  };
}

/** `code: message` of the error that a call ends with. */
export const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "no refusal",
    (error: Error) => `${error.name}: ${error.message}`,
  );
