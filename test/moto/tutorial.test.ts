import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import { inventory } from "./inventory.js";
import { type HttpCloud, isWrite, type Account } from "./http-cloud.js";
import type { RawClients } from "./raw-clients.js";
import { underItsPolicy } from "./under-its-policy.js";

const cluster = new Cluster("conference-cluster").ec2({
  instanceType: "t3.micro",
  keyPair: "conference-key",
  securityGroup: "conferenceEcsSecurityGroup",
  instanceRole: "ecsInstanceRole",
});

const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");

const talkOn = (account: Account) =>
  new Deployment("talk-service")
    .image("340754841610.dkr.ecr.eu-west-1.amazonaws.com/talk-service:latest")
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ name: "talk-service-ecs", desired: 2 })
    .cluster(cluster)
    .behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" })
    .logs("talk-service-cloudwatch", { streamPrefix: "aws-talk-service-cloudwatch", retention: "30d" })
    .on(underItsPolicy(account));

describeOverHttp("the tutorial's chain over HTTP", (clouds) => {
  let moto: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let before: Record<string, string[]>;
  let agent: ReturnType<HttpCloud["startAgent"]>;
  let outcome: Awaited<ReturnType<ReturnType<typeof talkOn>["deploy"]>>;

  beforeAll(async () => {
    moto = await clouds.start();
    ({ account, raw, before } = await sharedAccount(moto));
    agent = moto.startAgent(raw);
    outcome = await talkOn(account).deploy();
    await agent.stop();
  });

  afterAll(async () => {
    await agent?.stop();
    await moto?.stop();
  });

  const securityGroup = async (name: string) => {
    const Filters = [{ Name: "group-name", Values: [name] }];
    const { SecurityGroups = [] } = await raw.ec2.describeSecurityGroups({ Filters });
    expect(SecurityGroups).toHaveLength(1);
    return SecurityGroups[0]!;
  };
  const loadBalancer = async () =>
    (await raw.elb.describeLoadBalancers({ Names: ["conferenceAlb"] })).LoadBalancers![0]!;
  const service = async () => {
    const names = { cluster: "conference-cluster", services: ["talk-service-ecs"] };
    return (await raw.ecs.describeServices(names)).services![0]!;
  };

  test("the outcome says where it answers and what runs", async () => {
    const { DNSName } = await loadBalancer();
    expect(outcome.url).toBe(`http://${DNSName}/talk`);
    expect(outcome).toMatchObject({ cluster: "conference-cluster", service: "talk-service-ecs" });
    expect(outcome.taskDefinition).toMatch(/:task-definition\/talk-service:1$/);
  });

  test("the load balancer's security group lets the internet in on port 80", async () => {
    const { IpPermissions } = await securityGroup("conferenceAlbSecurityGroup");
    expect(IpPermissions).toHaveLength(1);
    expect(IpPermissions![0]).toMatchObject({
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      IpRanges: [{ CidrIp: "0.0.0.0/0" }],
      Ipv6Ranges: [{ CidrIpv6: "::/0" }],
    });
  });

  test("the instances' security group lets only the load balancer's group in", async () => {
    const { GroupId } = await securityGroup("conferenceAlbSecurityGroup");
    const { IpPermissions } = await securityGroup("conferenceEcsSecurityGroup");
    expect(IpPermissions).toHaveLength(1);
    const [rule] = IpPermissions!;
    expect(rule).toMatchObject({ IpProtocol: "tcp", FromPort: 1, ToPort: 65535 });
    expect(rule!.UserIdGroupPairs!.map((pair) => pair.GroupId)).toEqual([GroupId]);
    expect([...(rule!.IpRanges ?? []), ...(rule!.Ipv6Ranges ?? [])]).toEqual([]);
  });

  test("the load balancer is internet-facing over all zones and listens on port 80", async () => {
    const { LoadBalancerArn, AvailabilityZones, Scheme, SecurityGroups, Type } = await loadBalancer();
    expect({ Scheme, Type }).toEqual({ Scheme: "internet-facing", Type: "application" });
    expect(AvailabilityZones!.map((zone) => zone.ZoneName).sort()).toEqual([
      "eu-west-1a",
      "eu-west-1b",
      "eu-west-1c",
    ]);
    expect(SecurityGroups).toEqual([(await securityGroup("conferenceAlbSecurityGroup")).GroupId]);

    const { Listeners } = await raw.elb.describeListeners({ LoadBalancerArn: LoadBalancerArn! });
    expect(Listeners).toEqual([expect.objectContaining({ Port: 80, Protocol: "HTTP" })]);
  });

  test("a rule forwards /talk* to the target group, which checks /health", async () => {
    const { LoadBalancerArn } = await loadBalancer();
    const { TargetGroups } = await raw.elb.describeTargetGroups({ Names: ["talkServiceTargetGroup"] });
    expect(TargetGroups).toEqual([
      expect.objectContaining({
        Protocol: "HTTP",
        TargetType: "instance",
        HealthCheckPath: "/health",
        LoadBalancerArns: [LoadBalancerArn],
      }),
    ]);

    const { Listeners } = await raw.elb.describeListeners({ LoadBalancerArn: LoadBalancerArn! });
    const { Rules } = await raw.elb.describeRules({ ListenerArn: Listeners![0]!.ListenerArn! });
    const rules = Rules!.filter((rule) => !rule.IsDefault);
    expect(rules).toHaveLength(1);
    expect(rules[0]!.Conditions).toEqual([
      expect.objectContaining({ Field: "path-pattern", PathPatternConfig: { Values: ["/talk*"] } }),
    ]);
    expect(targetsOf(rules[0]!.Actions![0]!)).toEqual([TargetGroups![0]!.TargetGroupArn]);
  });

  test("two tasks of the task definition run behind the target group", async () => {
    const { TargetGroups } = await raw.elb.describeTargetGroups({ Names: ["talkServiceTargetGroup"] });
    expect(await service()).toMatchObject({
      status: "ACTIVE",
      desiredCount: 2,
      taskDefinition: outcome.taskDefinition,
      loadBalancers: [
        { targetGroupArn: TargetGroups![0]!.TargetGroupArn, containerName: "web", containerPort: 8080 },
      ],
    });
  });

  test("the container is the tutorial's: its size, a dynamic host port, and its logs", async () => {
    const { taskDefinition } = await raw.ecs.describeTaskDefinition({ taskDefinition: "talk-service" });
    expect(taskDefinition!.containerDefinitions).toHaveLength(1);
    const [container] = taskDefinition!.containerDefinitions!;
    expect(container).toMatchObject({
      name: "web",
      image: "340754841610.dkr.ecr.eu-west-1.amazonaws.com/talk-service:latest",
      cpu: 128,
      memoryReservation: 128,
      essential: true,
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "talk-service-cloudwatch",
          "awslogs-region": "eu-west-1",
          "awslogs-stream-prefix": "aws-talk-service-cloudwatch",
        },
      },
    });
    expect(container!.portMappings).toEqual([
      expect.objectContaining({ containerPort: 8080, protocol: "tcp" }),
    ]);
    expect(container!.portMappings![0]!.hostPort ?? 0).toBe(0);
  });

  test("the log group keeps its lines for 30 days", async () => {
    const { logGroups } = await raw.logs.describeLogGroups({ logGroupNamePrefix: "talk-service-cloudwatch" });
    const ours = logGroups!.filter(({ logGroupName }) => logGroupName === "talk-service-cloudwatch");
    expect(ours).toEqual([expect.objectContaining({ retentionInDays: 30 })]);
  });

  test("the cluster stands on two t3.micro of an Auto Scaling group, with the key pair and ecsInstanceRole", async () => {
    const { clusters } = await raw.ecs.describeClusters({ clusters: ["conference-cluster"] });
    expect(clusters).toEqual([
      expect.objectContaining({ status: "ACTIVE", registeredContainerInstancesCount: 2 }),
    ]);

    const { AutoScalingGroups = [] } = await raw.autoScaling.describeAutoScalingGroups({});
    const [group] = AutoScalingGroups.filter((each) => each.AutoScalingGroupName !== "stranger");
    expect(group).toMatchObject({ DesiredCapacity: 2, MinSize: 2 });
    expect(group!.VPCZoneIdentifier!.split(",")).toHaveLength(3);
    const InstanceIds = group!.Instances!.map((each) => each.InstanceId!);
    const { Reservations } = await raw.ec2.describeInstances({ InstanceIds });
    const instances = Reservations!.flatMap((reservation) => reservation.Instances!);
    expect(instances.map((each) => [each.InstanceType, each.KeyName])).toEqual(
      Array.from({ length: 2 }, () => ["t3.micro", "conference-key"]),
    );

    const { LaunchTemplateId } = group!.Instances![0]!.LaunchTemplate!;
    const versions = await raw.ec2.describeLaunchTemplateVersions({ LaunchTemplateId: LaunchTemplateId! });
    const data = versions.LaunchTemplateVersions![0]!.LaunchTemplateData!;
    const { InstanceProfile } = await raw.iam.getInstanceProfile({ InstanceProfileName: "ecsInstanceRole" });
    expect([data.IamInstanceProfile?.Name, data.IamInstanceProfile?.Arn]).toContainEqual(
      data.IamInstanceProfile?.Arn === undefined ? "ecsInstanceRole" : InstanceProfile!.Arn,
    );
    expect(InstanceProfile!.Roles!.map((role) => role.RoleName)).toEqual(["ecsInstanceRole"]);
    expect(data.MetadataOptions).toMatchObject({ HttpTokens: "required" });
    const { AttachedPolicies } = await raw.iam.listAttachedRolePolicies({ RoleName: "ecsInstanceRole" });
    expect(AttachedPolicies!.map((policy) => policy.PolicyName)).toContain(
      "AmazonEC2ContainerServiceforEC2Role",
    );
  });

  test("a second deploy finds nothing to change and writes nothing", async () => {
    const plan = await talkOn(account).plan();
    expect(plan.isEmpty, plan.toString()).toBe(true);

    const operations = await moto.operationsDuring(() => talkOn(account).deploy());
    expect(operations.filter(isWrite)).toEqual([]);
    expect(operations).toContain("DescribeServices");
    const { taskDefinitionArns } = await raw.ecs.listTaskDefinitions({
      familyPrefix: "talk-service",
      status: "ACTIVE",
    });
    expect(taskDefinitionArns!.filter((arn) => arn.includes("/talk-service:"))).toHaveLength(1);
  });

  test("one changed variable writes a new revision and the service's use of it, nothing else", async () => {
    const changed = talkOn(account).env({ GREETING: "hello" });
    const operations = await moto.operationsDuring(() => changed.deploy());
    expect(operations.filter(isWrite)).toEqual(["RegisterTaskDefinition", "UpdateService"]);
    expect((await service()).taskDefinition).toMatch(/talk-service:2$/);
    expect((await changed.plan()).isEmpty).toBe(true);
  });

  test("status reads what runs", async () => {
    expect(await talkOn(account).status()).toMatchObject({
      exists: true,
      tasks: { desired: 2, running: 2, pending: 0 },
      instances: 2,
      url: outcome.url,
    });
  });

  test("destroy removes ours and nothing else, and has nothing left to do the second time", async () => {
    const { deleted } = await talkOn(account).destroy();
    expect(deleted.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "talk-service-ecs",
        "talkServiceTargetGroup",
        "conferenceAlb",
        "conference-cluster",
      ]),
    );
    expect(await inventory(raw)).toEqual(before);

    const operations = await moto.operationsDuring(async () => {
      expect((await talkOn(account).destroy()).deleted).toEqual([]);
    });
    expect(operations.filter(isWrite)).toEqual([]);
  });
});

/** A forward action names its one target group in either of two places. */
function targetsOf(action: {
  TargetGroupArn?: string | undefined;
  ForwardConfig?: { TargetGroups?: { TargetGroupArn?: string | undefined }[] | undefined } | undefined;
}): (string | undefined)[] {
  return action.ForwardConfig?.TargetGroups?.map((each) => each.TargetGroupArn) ?? [action.TargetGroupArn];
}
