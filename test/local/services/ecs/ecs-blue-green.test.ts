import type { CreateServiceCommandInput, LoadBalancer } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusal, runningCloud, type RunningCloud } from "../../running-cloud.js";

const MINUTE = 60_000;
const POLICY = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers";

let running: RunningCloud;
let groups: { blue: string; green: string };
let listener: string;
let role: string;

/** A Network Load Balancer with a listener over two target groups, a role, and instances. */
beforeEach(async () => {
  running = await runningCloud({ images: { broken: { exits: 1, after: "5s" } } });
  await running.registerInstances(4);
  await running.registerWeb();
  groups = { blue: await group("blue"), green: await group("green") };
  const { LoadBalancers } = await running.elb.createLoadBalancer({
    Name: "tcp",
    Type: "network",
    Subnets: running.subnetIds,
    SecurityGroups: [running.groupId],
  });
  listener = await listenTo(LoadBalancers![0]!.LoadBalancerArn!, 5432, [
    [groups.blue, 1],
    [groups.green, 0],
  ]);
  role = await createRole("shift");
  await running.cloud.clock.sleep(200_000);
});
afterEach(() => running.cloud.close());

async function group(Name: string, change: object = {}): Promise<string> {
  const { TargetGroups } = await running.elb.createTargetGroup({
    Name,
    Protocol: "TCP",
    Port: 5432,
    VpcId: running.vpcId,
    ...change,
  });
  return TargetGroups![0]!.TargetGroupArn!;
}

async function listenTo(
  LoadBalancerArn: string,
  Port: number,
  shares: readonly (readonly [string, number])[],
  Protocol: "TCP" | "UDP" = "TCP",
): Promise<string> {
  const { Listeners } = await running.elb.createListener({
    LoadBalancerArn,
    Port,
    Protocol,
    DefaultActions: [
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: shares.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
        },
      },
    ],
  });
  return Listeners![0]!.ListenerArn!;
}

async function createRole(
  RoleName: string,
  service = "ecs.amazonaws.com",
  actions?: readonly string[],
): Promise<string> {
  const { iam } = running.cloud.ports;
  const { Role } = await iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    }),
  });
  if (actions === undefined) await iam.attachRolePolicy({ RoleName, PolicyArn: POLICY });
  else
    await iam.putRolePolicy({
      RoleName,
      PolicyName: "some",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
      }),
    });
  return Role!.Arn!;
}

const advanced = (change: LoadBalancer["advancedConfiguration"] = {}): LoadBalancer => ({
  targetGroupArn: groups.blue,
  containerName: "web",
  containerPort: 8080,
  advancedConfiguration: {
    alternateTargetGroupArn: groups.green,
    productionListenerRule: listener,
    roleArn: role,
    ...change,
  },
});
const create = (
  change: Partial<CreateServiceCommandInput> = {},
  strategy: CreateServiceCommandInput["deploymentConfiguration"] = {},
) =>
  running.createWeb({
    loadBalancers: [advanced()],
    deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 2, ...strategy },
    ...change,
  });
const release = async (image: string, change: object = {}) => {
  const taskDefinition = await running.registerWeb({}, image);
  await running.ecs.updateService({ cluster: "main", service: "web", taskDefinition, ...change });
};

/** The weights of a listener: `blue 100, green 0`. */
async function shares(ListenerArn = listener): Promise<string> {
  const { Listeners } = await running.elb.describeListeners({ ListenerArns: [ListenerArn] });
  return (Listeners![0]!.DefaultActions![0]!.ForwardConfig!.TargetGroups ?? [])
    .map(({ TargetGroupArn, Weight }) => `${TargetGroupArn!.split("/")[1]} ${Weight}`)
    .sort()
    .join(", ");
}
const targets = async (TargetGroupArn: string) =>
  (await running.elb.describeTargetHealth({ TargetGroupArn })).TargetHealthDescriptions!.length;

async function newest() {
  const { currentServiceDeployment = "" } = await running.describe();
  const { serviceDeployments } = await running.ecs.describeServiceDeployments({
    serviceDeploymentArns: [currentServiceDeployment],
  });
  return serviceDeployments![0]!;
}
const inStage = (stage: string) => running.until(async () => (await newest()).lifecycleStage === stage);

describe("CreateService refuses", () => {
  it("load balancers without what the strategy needs, and rules, groups and roles of the wrong kind", async () => {
    const other = await group("other", { Protocol: "UDP", HealthCheckPort: "80" });
    const [, balancer] = [...running.cloud.account.elb.loadBalancers.keys()];
    await listenTo(balancer!, 53, [[other, 1]], "UDP");
    await running.cloud.clock.sleep(10_000);
    const of = (change: LoadBalancer["advancedConfiguration"]) =>
      refusal(create({ loadBalancers: [advanced(change)] }));
    const plain = { targetGroupArn: groups.blue, containerName: "web", containerPort: 8080 };
    const web = { ...plain, targetGroupArn: running.targetGroupArn };
    expect({
      none: await refusal(create({ loadBalancers: [plain] })),
      some: await refusal(create({ loadBalancers: [advanced(), web] })),
      rolling: await refusal(create({ loadBalancers: [advanced(), web] }, { strategy: "ROLLING" })),
      classic: await refusal(create({ loadBalancers: [{ ...advanced(), loadBalancerName: "old" }] })),
      twice: await of({ alternateTargetGroupArn: groups.blue }),
      listener: await of({ productionListenerRule: running.listenerArn }),
      test: await of({ testListenerRule: listener }),
      testKind: await of({ testListenerRule: "my-listener" }),
      gone: await of({ productionListenerRule: `${listener.slice(0, -1)}z` }),
      noGroup: await of({ alternateTargetGroupArn: "" }),
      noRole: await of({ roleArn: "" }),
      role: await of({ roleArn: "shift" }),
      protocol: await of({ alternateTargetGroupArn: other }),
    }).toMatchInlineSnapshot(`
      {
        "classic": "InvalidParameterException: advancedConfiguration field is not allowed with ELBv1 loadBalancers",
        "gone": "InvalidParameterException: The listener arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/tcp/6da457697bbb0766/75cfe1d7626738fz does not exist.",
        "listener": "InvalidParameterException: productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/932a90106aacaaf0/cd6cb32e6f8a61ca",
        "noGroup": "InvalidParameterException: alternateTargetGroupArn can not be blank.",
        "noRole": "InvalidParameterException: roleArn can not be blank.",
        "none": "InvalidParameterException: advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy",
        "protocol": "InvalidParameterException: The target groups arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/6fd2c185213682f5 and arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/other/8f55846977149023 must have the same protocol and VPC.",
        "role": "InvalidParameterException: The role 'shift' is not valid.",
        "rolling": "InvalidParameterException: Either all or none of the provided loadBalancers must have advancedConfiguration defined",
        "some": "InvalidParameterException: Either all or none of the provided loadBalancers must have advancedConfiguration defined",
        "test": "InvalidParameterException: The following rules cannot be used as both production and test listener rules: arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/tcp/6da457697bbb0766/75cfe1d7626738f8",
        "testKind": "InvalidParameterException: testListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: my-listener",
        "twice": "InvalidParameterException: Duplicate targetGroupArn found: arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/6fd2c185213682f5",
      }
    `);
  });

  it("a role that is too new to be passed", async () => {
    const roleArn = await createRole("fresh");
    expect(await refusal(create({ loadBalancers: [advanced({ roleArn })] }))).toContain(
      "AccessDeniedException",
    );
  });
});

describe("a blue/green deployment behind a network load balancer", () => {
  it("registers the first version where nothing goes, shifts all weight, waits ten minutes, bakes, and the next one goes back", async () => {
    await create();
    await running.cloud.clock.sleep(5_000);
    const began = running.cloud.clock.now();
    await inStage("PRODUCTION_TRAFFIC_SHIFT");
    expect(await shares()).toBe("blue 0, green 100");
    expect([await targets(groups.blue), await targets(groups.green)]).toEqual([0, 2]);
    await inStage("BAKE_TIME");
    expect(running.cloud.clock.now() - began).toBeGreaterThan(10 * MINUTE);
    expect(await running.rollout()).toMatchObject({ status: "SUCCESSFUL" });

    await release("web:2");
    await inStage("SCALE_UP");
    expect((await newest()).targetServiceRevision?.requestedProductionTrafficWeight).toBe(0);
    await inStage("PRODUCTION_TRAFFIC_SHIFT");
    expect(await shares()).toBe("blue 100, green 0");
    expect([await targets(groups.blue), await targets(groups.green)]).toEqual([2, 2]);
    const { targetServiceRevision, sourceServiceRevisions } = await newest();
    expect([
      targetServiceRevision?.requestedProductionTrafficWeight,
      sourceServiceRevisions?.[0]?.requestedProductionTrafficWeight,
    ]).toEqual([100, 0]);
    expect(await running.rollout()).toMatchObject({ status: "SUCCESSFUL" });
    await running.until(async () => (await targets(groups.green)) === 0);
    const { serviceRevisions } = await running.ecs.describeServiceRevisions({
      serviceRevisionArns: [targetServiceRevision!.arn!],
    });
    expect(serviceRevisions![0]).toMatchObject({
      loadBalancers: [advanced()],
      resolvedConfiguration: {
        loadBalancers: [{ targetGroupArn: groups.blue, productionListenerRule: listener }],
      },
    });
    expect((await running.describe()).loadBalancers).toEqual([advanced()]);
  });

  it("shifts in the steps of a canary, ten minutes for each", async () => {
    const canary = {
      strategy: "CANARY",
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
    } as const;
    await create({}, canary);
    await running.rollout();
    await release("web:2");
    await inStage("PRODUCTION_TRAFFIC_SHIFT");
    const began = running.cloud.clock.now();
    expect(await shares()).toBe("blue 10, green 90");
    await running.until(async () => (await shares()) === "blue 100, green 0");
    expect(running.cloud.clock.now() - began).toBeGreaterThan(15 * MINUTE - 10_000);
    expect(await running.rollout()).toMatchObject({ status: "SUCCESSFUL" });
  });

  it("gives the test listener's traffic to the new version first", async () => {
    const [, balancer] = [...running.cloud.account.elb.loadBalancers.keys()];
    const testListenerRule = await listenTo(balancer!, 6000, [[groups.green, 1]]);
    await create({ loadBalancers: [advanced({ testListenerRule })] });
    await running.rollout();
    await release("web:2");
    await inStage("TEST_TRAFFIC_SHIFT");
    expect([await shares(testListenerRule), await shares()]).toEqual([
      "blue 100, green 0",
      "blue 0, green 100",
    ]);
    await inStage("PRODUCTION_TRAFFIC_SHIFT");
    expect(await shares()).toBe("blue 100, green 0");
  });

  it("is rolled back by its alarms: the weight at once, the tasks after ten minutes", async () => {
    await running.cloud.ports.cloudWatch.putMetricAlarm({
      AlarmName: "errors",
      Namespace: "shop",
      MetricName: "errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
    await create({}, { alarms: { alarmNames: ["errors"], enable: true, rollback: true } });
    await running.rollout();
    await release("web:2");
    await inStage("PRODUCTION_TRAFFIC_SHIFT");
    running.cloud.metric({ namespace: "shop", name: "errors" }, 5);
    await running.until(async () => (await newest()).status === "ROLLBACK_IN_PROGRESS");
    expect(await shares()).toBe("blue 0, green 100");
    const began = running.cloud.clock.now();
    expect(await targets(groups.blue)).toBe(2);
    expect(await running.rollout()).toMatchObject({
      status: "ROLLBACK_SUCCESSFUL",
      reason: "Service deployment rolled back because the alarms [errors] are in the ALARM state.",
    });
    expect(running.cloud.clock.now() - began).toBeGreaterThan(10 * MINUTE);
    // The next one begins where this one did.
    running.cloud.metric({ namespace: "shop", name: "errors" }, 0);
    await running.cloud.clock.sleep(5 * MINUTE);
    await release("web:3");
    expect(await running.rollout()).toMatchObject({ status: "SUCCESSFUL" });
    expect(await shares()).toBe("blue 100, green 0");
  });

  it("is rolled back by StopServiceDeployment, and another one that begins meanwhile begins from the version before", async () => {
    await create();
    await running.rollout();
    await release("web:2");
    await inStage("BAKE_TIME");
    await running.ecs.stopServiceDeployment({
      serviceDeploymentArn: (await newest()).serviceDeploymentArn,
      stopType: "ROLLBACK",
    });
    await running.until(async () => (await newest()).status === "ROLLBACK_IN_PROGRESS");
    expect(await shares()).toBe("blue 0, green 100");
    expect(await running.rollout()).toMatchObject({ status: "ROLLBACK_SUCCESSFUL" });

    await release("web:3");
    await inStage("BAKE_TIME");
    await release("web:4");
    expect(await shares()).toBe("blue 0, green 100");
    expect(await running.rollout()).toMatchObject({ status: "SUCCESSFUL" });
    expect(await shares()).toBe("blue 100, green 0");
  });

  it("has no circuit breaker: an unhealthy version stays in SCALE_UP", async () => {
    await create({}, { deploymentCircuitBreaker: { enable: true, rollback: true } });
    await running.rollout();
    await release("broken");
    await running.cloud.clock.sleep(60 * MINUTE);
    expect(await newest()).toMatchObject({ status: "IN_PROGRESS", lifecycleStage: "SCALE_UP" });
    expect(await shares()).toBe("blue 0, green 100");
  });

  it("registers in the alternate group again if an update names the load balancers again", async () => {
    await create();
    await running.rollout();
    await release("web:2", { loadBalancers: [advanced()] });
    await inStage("PRODUCTION_TRAFFIC_SHIFT");
    expect(await targets(groups.blue)).toBe(0);
  });
});

describe("ECS rolls a blue/green deployment back", () => {
  const failing = async (change: Partial<CreateServiceCommandInput> = {}) => {
    await create(change);
    return (await running.rollout(change.serviceName)).reason;
  };

  it("if the role does not trust ECS, is too new, or does not allow it to change the listener", async () => {
    const none = " No rollback candidate was found to run the rollback.";
    const missing = (arn: string) =>
      `Service deployment rolled back because of invalid networking configuration. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role '${arn}'.${none}`;
    const untrusted = await createRole("untrusted", "ec2.amazonaws.com");
    const reading = await createRole("reading", "ecs.amazonaws.com", [
      "elasticloadbalancing:Describe*",
      "elasticloadbalancing:RegisterTargets",
    ]);
    const deaf = await createRole("deaf", "ecs.amazonaws.com", ["elasticloadbalancing:Describe*"]);
    await running.cloud.clock.sleep(MINUTE);
    expect(await failing({ loadBalancers: [advanced({ roleArn: untrusted })] })).toBe(missing(untrusted));
    const fresh = await createRole("fresh");
    await running.cloud.clock.sleep(6_000);
    expect(await failing({ serviceName: "second", loadBalancers: [advanced({ roleArn: fresh })] })).toBe(
      missing(fresh),
    );
    expect(await failing({ serviceName: "third", loadBalancers: [advanced({ roleArn: reading })] })).toBe(
      `Service deployment rolled back because PRODUCTION_TRAFFIC_SHIFT lifecycle hook(s) failed. User: arn:aws:sts::123456789012:assumed-role/reading/ECSNetworkingWithELB is not authorized to perform: elasticloadbalancing:ModifyListener on resource: ${listener} because no identity-based policy allows the elasticloadbalancing:ModifyListener action${none}`,
    );
    await create({ serviceName: "fourth", loadBalancers: [advanced({ roleArn: deaf })] });
    await running.cloud.clock.sleep(MINUTE);
    expect((await running.describe("fourth")).events!.map(({ message }) => message).join("\n")).toContain(
      `failed to register targets in target-group green with (error User: arn:aws:sts::123456789012:assumed-role/deaf/ecs-service-scheduler is not authorized to perform: elasticloadbalancing:RegisterTargets on resource: ${groups.green}`,
    );
  });

  it("if a target group is not behind the listener, or two get its traffic, or another one does", async () => {
    const forward = (...pairs: readonly (readonly [string, number])[]) =>
      running.elb.modifyListener({
        ListenerArn: listener,
        DefaultActions: [
          {
            Type: "forward",
            ForwardConfig: {
              TargetGroups: pairs.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
            },
          },
        ],
      });
    await create();
    await running.rollout();
    const other = await group("other");
    const reasonAfter = async (image: string, ...pairs: readonly (readonly [string, number])[]) => {
      await forward(...pairs);
      await release(image);
      return (await running.rollout()).reason?.replaceAll(/arn:\S+\/(\w+)\/\w+/g, "$1");
    };
    expect([
      await reasonAfter("web:2", [groups.green, 1]),
      await reasonAfter("web:3", [groups.green, 1], [groups.blue, 1]),
      await reasonAfter("web:4", [groups.green, 0], [groups.blue, 0], [other, 1]),
    ]).toMatchInlineSnapshot(`
      [
        "Service deployment rolled back because of invalid networking configuration: Target group blue is not associated with either productionListenerRule or testListenerRule.",
        "Service deployment rolled back because of invalid networking configuration. productionListenerRule 6da457697bbb0766 should have exactly one target group serving traffic but found 2 target groups which are serving traffic",
        "Service deployment rolled back because of invalid networking configuration. Production listener rule is forwarding traffic to unexpected target group other. Expected traffic to be forwarded to either targetGroupArn: blue or alternateTargetGroupArn: green",
      ]
    `);
  });
});
