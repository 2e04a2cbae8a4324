import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusal, runningCloud, type RunningCloud } from "../../running-cloud.js";

let running: RunningCloud;
beforeEach(async () => {
  running = await runningCloud();
  await running.registerInstances(2);
  await running.registerWeb();
});
afterEach(() => running.cloud.close());

const anotherGroup = async (name: string, targetType: "instance" | "ip" = "instance"): Promise<string> => {
  const { TargetGroups } = await running.elb.createTargetGroup({
    Name: name,
    Protocol: "HTTP",
    Port: 80,
    VpcId: running.vpcId,
    TargetType: targetType,
  });
  return TargetGroups?.[0]?.TargetGroupArn ?? "";
};
const behind = (targetGroupArn: string, containerName = "web", containerPort = 8080) => ({
  loadBalancers: [{ targetGroupArn, containerName, containerPort }],
});

describe("CreateService rejects", () => {
  it("a target group that no listener or rule refers to, and one whose rule was just created", async () => {
    const arn = await anotherGroup("other");
    const message = `InvalidParameterException: The target group with targetGroupArn ${arn} does not have an associated load balancer.`;
    expect(await refusal(running.createWeb(behind(arn)))).toBe(message);
    await running.elb.createRule({
      ListenerArn: running.listenerArn,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", Values: ["/other"] }],
      Actions: [{ Type: "forward", TargetGroupArn: arn }],
    });
    expect(await refusal(running.createWeb(behind(arn)))).toBe(message);
    await running.cloud.clock.sleep(10_000);
    expect((await running.createWeb(behind(arn))).status).toBe("ACTIVE");
  });

  it("a name that is taken or still draining, and accepts it afterwards", async () => {
    const input = { clientToken: "once" };
    const { createdAt } = await running.createWeb(input);
    expect((await running.createWeb(input)).createdAt).toEqual(createdAt);
    const notIdempotent = "InvalidParameterException: Creation of service was not idempotent.";
    expect(await refusal(running.createWeb({ clientToken: "twice" }))).toBe(notIdempotent);
    expect(await refusal(running.createWeb({ ...input, desiredCount: 3 }))).toBe(notIdempotent);
    await running.rollout();
    await running.ecs.deleteService({ cluster: "main", service: "web", force: true });
    expect(await refusal(running.createWeb())).toBe(
      "InvalidParameterException: Unable to Start a service that is still Draining.",
    );
    await running.until(async () => (await running.describe()).status === "INACTIVE");
    // ECS answers the same request with its service, also once that is deleted.
    expect(await running.createWeb(input)).toMatchObject({ createdAt, status: "INACTIVE" });
    expect((await running.createWeb()).status).toBe("ACTIVE");
  });

  it("missing and incompatible values", async () => {
    const arn = running.targetGroupArn;
    const ip = await anotherGroup("by-address", "ip");
    const refusals = {
      name: await refusal(running.createWeb({ serviceName: "a b" })),
      cluster: await refusal(running.createWeb({ cluster: "nowhere" })),
      taskDefinition: await refusal(running.createWeb({ taskDefinition: "nothing" })),
      count: await refusal(running.createWeb({ desiredCount: -1 })),
      container: await refusal(running.createWeb(behind(arn, "app"))),
      port: await refusal(running.createWeb(behind(arn, "web", 80))),
      group: await refusal(running.createWeb(behind(arn.replace("web", "gone")))),
      targetType: await refusal(running.createWeb(behind(ip))),
      grace: await refusal(running.createWeb({ loadBalancers: [], healthCheckGracePeriodSeconds: 60 })),
      fargate: await refusal(running.createWeb({ launchType: "FARGATE" })),
      provider: await refusal(
        running.ecs.createService({
          cluster: "main",
          serviceName: "web",
          taskDefinition: "web",
          desiredCount: 1,
          capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
        }),
      ),
      both: await refusal(
        running.createWeb({ capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }] }),
      ),
      network: await refusal(
        running.createWeb({ networkConfiguration: { awsvpcConfiguration: { subnets: running.subnetIds } } }),
      ),
      percent: await refusal(
        running.createWeb({ deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 50 } }),
      ),
    };
    const readable = Object.entries(refusals).map(([what, message]) => [
      what,
      message.replace(/arn:\S+/g, "<arn>"),
    ]);
    expect(Object.fromEntries(readable)).toMatchInlineSnapshot(`
      {
        "both": "InvalidParameterException: A capacity provider strategy cannot be specified when a launch type is specified.",
        "cluster": "ClusterNotFoundException: Cluster not found.",
        "container": "InvalidParameterException: The container app does not exist in the task definition.",
        "count": "InvalidParameterException: desiredCount cannot be less than 0.",
        "fargate": "InvalidParameterException: Task definition does not support launch_type FARGATE.",
        "grace": "InvalidParameterException: Health check grace period is only valid for services configured to use load balancers",
        "group": "InvalidParameterException: The target group with targetGroupArn <arn> does not exist.",
        "name": "InvalidParameterException: Service name must have 1 to 255 letters, digits, underscores and hyphens.",
        "network": "InvalidParameterException: Network Configuration is not valid for the given networkMode of this task definition.",
        "percent": "InvalidParameterException: Deployment minimumHealthyPercent must be less than maximumPercent.",
        "port": "InvalidParameterException: The container web did not have a container port 80 defined.",
        "provider": "InvalidParameterException: The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.",
        "targetType": "InvalidParameterException: The provided target group <arn> has target type ip, which is incompatible with the bridge network mode specified in the task definition.",
        "taskDefinition": "ClientException: TaskDefinition not found.",
      }
    `);
  });

  it("awsvpc tasks without their network, and networks that do not exist", async () => {
    await running.registerWeb({ networkMode: "awsvpc" });
    const input = { loadBalancers: [] };
    expect(await refusal(running.createWeb(input))).toContain("Network Configuration must be provided");
    const network = (change: object) => ({
      ...input,
      networkConfiguration: { awsvpcConfiguration: { subnets: running.subnetIds, ...change } },
    });
    expect(await refusal(running.createWeb(network({ subnets: ["subnet-1"] })))).toContain(
      "InvalidSubnetID.NotFound",
    );
    expect(await refusal(running.createWeb(network({ securityGroups: ["sg-1"] })))).toContain(
      "InvalidGroup.NotFound",
    );
    expect(await refusal(running.createWeb(network({ assignPublicIp: "ENABLED" })))).toContain(
      "Assign public IP",
    );
    expect((await running.createWeb(network({ securityGroups: [running.groupId] }))).status).toBe("ACTIVE");
  });

  it("everything while the service-linked role or the cluster is too new", async () => {
    const { ecs, clock } = { ecs: running.ecs, clock: running.cloud.clock };
    running.cloud.account.iam.roles.clear();
    await ecs.createCluster({ clusterName: "second" });
    const create = () =>
      ecs.createService({ cluster: "second", serviceName: "web", taskDefinition: "web", desiredCount: 0 });
    expect(await refusal(create())).toBe("ClusterNotFoundException: Cluster not found.");
    await clock.sleep(2_000);
    expect(await refusal(create())).toContain("Unable to assume the service linked role");
    await clock.sleep(30_000);
    expect(await refusal(create())).toBe("no refusal");
  });
});

describe("a service", () => {
  it("is MISSING for a moment after its creation, then listed until it is deleted", async () => {
    await running.createWeb();
    const { failures } = await running.ecs.describeServices({ cluster: "main", services: ["web"] });
    expect(failures).toMatchObject([{ reason: "MISSING" }]);
    await running.cloud.clock.sleep(2_000);
    expect((await running.ecs.listServices({ cluster: "main" })).serviceArns).toHaveLength(1);
    await running.ecs.deleteService({ cluster: "main", service: "web", force: true });
    expect((await running.ecs.listServices({ cluster: "main" })).serviceArns).toEqual([]);
    expect((await running.describe()).status).toBe("DRAINING");
  });

  it("drains for the deregistration delay before it is INACTIVE", async () => {
    await running.createWeb();
    await running.rollout();
    const begun = running.cloud.clock.now();
    expect(await refusal(running.ecs.deleteService({ cluster: "main", service: "web" }))).toBe(
      "InvalidParameterException: The service cannot be stopped while it is scaled above 0.",
    );
    await running.ecs.updateService({ cluster: "main", service: "web", desiredCount: 0 });
    await running.ecs.deleteService({ cluster: "main", service: "web" });
    expect(
      await refusal(running.ecs.updateService({ cluster: "main", service: "web", desiredCount: 1 })),
    ).toBe("ServiceNotActiveException: Service was not ACTIVE.");
    expect(await refusal(running.ecs.deleteCluster({ cluster: "main" }))).toContain("ClusterContains");
    await running.until(async () => (await running.describe()).status === "INACTIVE");
    expect(running.cloud.clock.now() - begun).toBeGreaterThan(300_000);
  });

  it("is rejected in a lookup of more than ten, and when it is unknown", async () => {
    const services = Array.from({ length: 11 }, (_, index) => `s${index}`);
    expect(await refusal(running.ecs.describeServices({ cluster: "main", services }))).toContain(
      "more than 10",
    );
    expect(await refusal(running.ecs.describeServices({ cluster: "x", services: ["web"] }))).toContain(
      "ClusterNotFound",
    );
    expect(await refusal(running.ecs.updateService({ cluster: "main", service: "x" }))).toContain(
      "ServiceNotFound",
    );
  });

  it("spreads its tasks over instances, and reports why one cannot be placed until there is capacity", async () => {
    await running.registerWeb({
      containerDefinitions: [
        { name: "web", image: "web:1", memory: 512, portMappings: [{ containerPort: 8080 }] },
      ],
    });
    await running.createWeb({ desiredCount: 3 });
    await running.cloud.clock.sleep(120_000);
    const service = await running.describe();
    expect(service.runningCount).toBe(2);
    expect(
      service.events?.some(({ message }) =>
        /was unable to place a task .* has insufficient memory available/.test(message ?? ""),
      ),
    ).toBe(true);
    await running.registerInstances(1);
    expect((await running.rollout()).status).toBe("SUCCESSFUL");
    const { taskArns = [] } = await running.ecs.listTasks({ cluster: "main" });
    const { tasks = [] } = await running.ecs.describeTasks({ cluster: "main", tasks: taskArns });
    expect(new Set(tasks.map(({ containerInstanceArn }) => containerInstanceArn)).size).toBe(3);
  });

  it("cannot have two tasks with the same static port on one instance", async () => {
    await running.registerWeb({
      containerDefinitions: [
        { name: "web", image: "web:1", memory: 64, portMappings: [{ containerPort: 8080, hostPort: 8080 }] },
      ],
    });
    await running.createWeb({ desiredCount: 3 });
    await running.cloud.clock.sleep(60_000);
    const { events = [] } = await running.describe();
    expect(
      events.some(({ message }) => message?.includes("is already using a port required by your task")),
    ).toBe(true);
  });

  it("replaces a task that was stopped manually, and the tasks of a terminated instance", async () => {
    await running.createWeb();
    await running.rollout();
    const { taskArns = [] } = await running.ecs.listTasks({ cluster: "main" });
    await running.ecs.stopTask({ cluster: "main", task: taskArns[0], reason: "test" });
    await running.until(async () => (await running.describe()).runningCount === 2);
    const instance = [...running.cloud.account.ec2.instances.values()][0];
    if (instance === undefined) throw new Error("There is no instance");
    for (const listener of running.cloud.account.events.instanceShuttingDown) listener(instance);
    await running.cloud.clock.sleep(30_000);
    const stopped = await running.ecs.listTasks({ cluster: "main", desiredStatus: "STOPPED" });
    const { tasks = [] } = await running.ecs.describeTasks({
      cluster: "main",
      tasks: stopped.taskArns ?? [],
    });
    expect(tasks.map(({ stoppedReason }) => stoppedReason)).toContain(
      `Host EC2 (instance ${instance.id}) terminated.`,
    );
    expect(tasks[0]).toMatchObject({ stopCode: "UserInitiated", stoppedReason: "test" });
    await running.until(async () => (await running.describe()).runningCount === 2);
    expect(
      (await running.ecs.listContainerInstances({ cluster: "main" })).containerInstanceArns,
    ).toHaveLength(1);
  });
});

describe("a task", () => {
  it("does not start without its log group, and writes its lines there if it exists", async () => {
    await running.cloud.close();
    running = await runningCloud({ images: { web: { exits: 3, after: "2m", log: ["hello"] } } });
    await running.registerInstances(1);
    const awslogs = {
      "awslogs-group": "logs",
      "awslogs-region": "eu-west-1",
      "awslogs-stream-prefix": "talk",
    };
    const logConfiguration = { logDriver: "awslogs" as const, options: awslogs };
    await running.registerWeb({
      containerDefinitions: [{ name: "web", image: "web", memory: 64, logConfiguration }],
    });
    await running.createWeb({ desiredCount: 1, loadBalancers: [] });
    await running.cloud.clock.sleep(10_000);
    const { taskArns = [] } = await running.ecs.listTasks({ cluster: "main", desiredStatus: "STOPPED" });
    const { tasks = [] } = await running.ecs.describeTasks({ cluster: "main", tasks: taskArns });
    expect(tasks[0]?.stoppedReason).toMatch(
      /^ResourceInitializationError: .*The specified log group does not exist\.$/,
    );
    await running.cloud.ports.logs.createLogGroup({ logGroupName: "logs" });
    await running.until(async () => (await running.describe()).runningCount === 1);
    await running.cloud.clock.sleep(10_000);
    const { events } = await running.cloud.ports.logs.filterLogEvents({ logGroupName: "logs" });
    expect(events?.[0]?.message).toBe("hello");
    expect(events?.[0]?.logStreamName).toMatch(/^talk\/web\/[0-9a-f]{32}$/);
  });

  it("on Fargate has a network interface of its own, whose address is its target", async () => {
    await running.cloud.close();
    running = await runningCloud({ targetType: "ip" });
    await running.registerWeb({
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
    });
    await running.createWeb({
      launchType: "FARGATE",
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: running.subnetIds,
          securityGroups: [running.groupId],
          assignPublicIp: "ENABLED",
        },
      },
    });
    expect((await running.rollout()).status).toBe("SUCCESSFUL");
    const { TargetHealthDescriptions } = await running.elb.describeTargetHealth({
      TargetGroupArn: running.targetGroupArn,
    });
    const interfaces = () =>
      [...running.cloud.account.ec2.networkInterfaces.values()].filter(
        ({ requester }) => requester === "amazon-ecs",
      );
    expect(TargetHealthDescriptions?.map(({ Target }) => Target)).toEqual(
      interfaces().map(({ privateIp }) => ({ Id: privateIp, Port: 8080 })),
    );
    await running.ecs.deleteService({ cluster: "main", service: "web", force: true });
    await running.until(async () => (await running.describe()).status === "INACTIVE");
    expect(interfaces()).toEqual([]);
  });
});
