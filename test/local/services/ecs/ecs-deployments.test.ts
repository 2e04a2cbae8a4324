import { afterEach, describe, expect, it } from "vitest";
import { runningCloud, type RunningCloud } from "../../running-cloud.js";

let running: RunningCloud | undefined;
afterEach(() => running?.cloud.close());

const start = async (options: Parameters<typeof runningCloud>[0] = {}): Promise<RunningCloud> => {
  running = await runningCloud(options);
  await running.registerInstances(2);
  await running.registerWeb();
  return running;
};

/** The service's events without their prefix and ids, oldest first. */
const events = async ({ describe }: RunningCloud): Promise<string[]> =>
  ((await describe()).events ?? [])
    .map(({ message = "" }) => message.replace("(service web) ", "").replace(/\(task \w+\)/g, "(task)"))
    .map((message) => message.replace(/ecs-svc\/\d+/g, "ecs-svc/N").replace(/arn:\S+\/web\/\w+/g, "web"))
    .map((message) => message.replace(/i-\w+/g, "i-").replace(/port \d+/g, "port"))
    .reverse();

describe("a rolling update", () => {
  it("is successful once every new task is healthy and the old ones have drained", async () => {
    const cloud = await start();
    await cloud.createWeb();
    expect(await cloud.rollout()).toEqual({ status: "SUCCESSFUL", reason: undefined });
    const service = await cloud.describe();
    expect(service).toMatchObject({ runningCount: 2, pendingCount: 0, desiredCount: 2 });
    expect(service.deployments).toHaveLength(1);

    const second = await cloud.registerWeb({}, "web:2");
    await cloud.ecs.updateService({ cluster: "main", service: "web", taskDefinition: second });
    expect(await cloud.rollout()).toEqual({ status: "SUCCESSFUL", reason: undefined });
    const after = await cloud.describe();
    expect(after.taskDefinition).toBe(second);
    expect(after.deployments).toMatchObject([
      { status: "PRIMARY", rolloutState: "COMPLETED", runningCount: 2 },
    ]);
    const { taskArns } = await cloud.ecs.listTasks({ cluster: "main", serviceName: "web" });
    const { tasks } = await cloud.ecs.describeTasks({ cluster: "main", tasks: taskArns ?? [] });
    expect(tasks?.map(({ taskDefinitionArn, startedBy }) => [taskDefinitionArn, startedBy])).toEqual([
      [second, after.deployments?.[0]?.id],
      [second, after.deployments?.[0]?.id],
    ]);
    expect(await events(cloud)).toMatchInlineSnapshot(`
      [
        "has started 2 tasks: (task) (task).",
        "registered 1 targets in (target-group web)",
        "registered 1 targets in (target-group web)",
        "(deployment ecs-svc/N) deployment completed.",
        "has reached a steady state.",
        "has started 2 tasks: (task) (task).",
        "registered 1 targets in (target-group web)",
        "registered 1 targets in (target-group web)",
        "deregistered 1 targets in (target-group web)",
        "has begun draining connections on 1 tasks.",
        "deregistered 1 targets in (target-group web)",
        "has begun draining connections on 1 tasks.",
        "has stopped 2 running tasks: (task) (task).",
        "(deployment ecs-svc/N) deployment completed.",
        "has reached a steady state.",
      ]
    `);
  });

  it("never has fewer healthy tasks than the minimum, nor more tasks than the maximum", async () => {
    const cloud = await start();
    await cloud.createWeb({
      desiredCount: 3,
      deploymentConfiguration: { minimumHealthyPercent: 66, maximumPercent: 134 },
    });
    await cloud.rollout();
    await cloud.ecs.updateService({ cluster: "main", service: "web", forceNewDeployment: true });
    await cloud.cloud.clock.sleep(2_000);
    const seen = { least: 9, most: 0 };
    await cloud.until(async () => {
      const { taskArns = [] } = await cloud.ecs.listTasks({ cluster: "main", serviceName: "web" });
      const { TargetHealthDescriptions = [] } = await cloud.elb.describeTargetHealth({
        TargetGroupArn: cloud.targetGroupArn,
      });
      const healthy = TargetHealthDescriptions.filter(
        ({ TargetHealth }) => TargetHealth?.State === "healthy",
      ).length;
      seen.least = Math.min(seen.least, healthy);
      seen.most = Math.max(seen.most, taskArns.length);
      return (
        (await cloud.describe()).deployments?.every(({ rolloutState }) => rolloutState === "COMPLETED") ===
        true
      );
    });
    expect(seen).toEqual({ least: 2, most: 4 });
  });

  it("is stuck, and reports it, if the percentages allow neither a start nor a stop", async () => {
    const cloud = await start();
    await cloud.createWeb({ deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } });
    await cloud.rollout();
    await cloud.ecs.updateService({ cluster: "main", service: "web", forceNewDeployment: true });
    await cloud.cloud.clock.sleep(600_000);
    expect((await cloud.describe()).deployments).toMatchObject([
      { rolloutState: "IN_PROGRESS" },
      { runningCount: 2 },
    ]);
    expect((await events(cloud)).at(-1)).toContain("was unable to stop or start tasks during a deployment");
  });

  it("rolls back to the last completed deployment when the circuit breaker trips", async () => {
    const cloud = await start({ images: { "web:2": { exits: 1, after: "5s", log: ["no database"] } } });
    await cloud.createWeb();
    await cloud.rollout();
    const before = await cloud.describe();
    await cloud.ecs.updateService({
      cluster: "main",
      service: "web",
      taskDefinition: await cloud.registerWeb({}, "web:2"),
    });
    expect(await cloud.rollout()).toEqual({
      status: "ROLLBACK_SUCCESSFUL",
      reason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    });
    const after = await cloud.describe();
    expect(after.taskDefinition).toBe(before.taskDefinition);
    expect(after.deployments).toMatchObject([{ id: before.deployments?.[0]?.id, runningCount: 2 }]);
    const { taskArns = [] } = await cloud.ecs.listTasks({ cluster: "main", desiredStatus: "STOPPED" });
    const { tasks = [] } = await cloud.ecs.describeTasks({ cluster: "main", tasks: taskArns });
    expect(tasks[0]).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ exitCode: 1 }],
    });
    expect((await events(cloud)).filter((event) => event.includes("deployment"))).toMatchInlineSnapshot(`
      [
        "(deployment ecs-svc/N) deployment completed.",
        "(deployment ecs-svc/N) deployment failed: tasks failed to start.",
        "rolling back to (deployment ecs-svc/N).",
        "(deployment ecs-svc/N) deployment completed.",
      ]
    `);
  });

  it("stalls as FAILED when the first deployment fails and there is nothing to roll back to", async () => {
    const cloud = await start({ images: { "web:1": { missing: true } } });
    await cloud.createWeb();
    expect(await cloud.rollout()).toEqual({
      status: "ROLLBACK_FAILED",
      reason: "No rollback candidate was found to run the rollback.",
    });
    const { deployments } = await cloud.describe();
    expect(deployments).toMatchObject([
      {
        status: "PRIMARY",
        rolloutState: "FAILED",
        rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
      },
    ]);
    const { taskArns = [] } = await cloud.ecs.listTasks({ cluster: "main", desiredStatus: "STOPPED" });
    const { tasks = [] } = await cloud.ecs.describeTasks({ cluster: "main", tasks: taskArns });
    expect(tasks[0]?.stopCode).toBe("TaskFailedToStart");
    expect(tasks[0]?.stoppedReason).toContain("CannotPullContainerError");
  });

  it("continues forever without a circuit breaker, with a growing delay between attempts", async () => {
    const cloud = await start({ images: { web: { exits: 1 } } });
    await cloud.createWeb({
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
    });
    await cloud.cloud.clock.sleep(3_600_000);
    const { deployments } = await cloud.describe();
    expect(deployments).toMatchObject([{ rolloutState: "IN_PROGRESS" }]);
    expect(deployments?.[0]?.failedTasks).toBeLessThan(60);
    expect(await events(cloud)).toContain("is unable to consistently start tasks successfully.");
  });

  it("kills tasks that fail the load balancer's health checks, after the grace period", async () => {
    const cloud = await start({ images: { web: { unhealthy: true } } });
    await cloud.createWeb({ desiredCount: 1, healthCheckGracePeriodSeconds: 120 });
    const { status } = await cloud.rollout();
    expect(status).toBe("ROLLBACK_FAILED");
    const { taskArns = [] } = await cloud.ecs.listTasks({ cluster: "main", desiredStatus: "STOPPED" });
    const { tasks = [] } = await cloud.ecs.describeTasks({ cluster: "main", tasks: taskArns });
    for (const { stoppedReason, startedAt, stoppingAt } of tasks) {
      expect(stoppedReason).toBe(`Task failed ELB health checks in (target-group ${cloud.targetGroupArn})`);
      expect((stoppingAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(120_000);
    }
    expect((await events(cloud)).find((event) => event.includes("unhealthy"))).toMatchInlineSnapshot(
      `"(instance i-) (port) is unhealthy in (target-group web) due to (reason Health checks failed with these codes: [500])"`,
    );
  });

  it("can be stopped, and then rolls back", async () => {
    const cloud = await start({ images: { "web:2": { unhealthy: true } } });
    await cloud.createWeb();
    await cloud.rollout();
    const before = await cloud.describe();
    await cloud.ecs.updateService({
      cluster: "main",
      service: "web",
      taskDefinition: await cloud.registerWeb({}, "web:2"),
    });
    await cloud.cloud.clock.sleep(15_000);
    const { serviceDeployments } = await cloud.ecs.listServiceDeployments({
      cluster: "main",
      service: "web",
    });
    const serviceDeploymentArn = serviceDeployments?.[0]?.serviceDeploymentArn;
    await cloud.ecs.stopServiceDeployment({ serviceDeploymentArn });
    expect((await cloud.rollout()).status).toBe("ROLLBACK_SUCCESSFUL");
    expect((await cloud.describe()).taskDefinition).toBe(before.taskDefinition);
    await expect(cloud.ecs.stopServiceDeployment({ serviceDeploymentArn })).rejects.toMatchObject({
      name: "ConflictException",
    });
  });

  it("ends one that is in progress when another one begins", async () => {
    const cloud = await start();
    await cloud.createWeb();
    await cloud.ecs.updateService({ cluster: "main", service: "web", forceNewDeployment: true });
    expect((await cloud.rollout()).status).toBe("SUCCESSFUL");
    const { serviceDeployments } = await cloud.ecs.listServiceDeployments({
      cluster: "main",
      service: "web",
    });
    expect(serviceDeployments?.map(({ status }) => status)).toEqual(["SUCCESSFUL", "STOPPED"]);
  });
});

describe("UpdateService", () => {
  it("begins no deployment for the same task definition, a new count or a new configuration", async () => {
    const cloud = await start();
    const { deployments, taskDefinition } = await cloud.createWeb();
    await cloud.rollout();
    await cloud.ecs.updateService({ cluster: "main", service: "web", taskDefinition });
    await cloud.ecs.updateService({
      cluster: "main",
      service: "web",
      desiredCount: 3,
      deploymentConfiguration: { maximumPercent: 150 },
    });
    await cloud.until(async () => (await cloud.describe()).runningCount === 3);
    const after = await cloud.describe();
    expect(after.deployments?.map(({ id }) => id)).toEqual(deployments?.map(({ id }) => id));
    expect(after.deploymentConfiguration).toMatchObject({ maximumPercent: 150, minimumHealthyPercent: 100 });
  });

  it("is not visible to DescribeServices for a moment", async () => {
    const cloud = await start();
    const { deployments } = await cloud.createWeb();
    await cloud.rollout();
    const { service } = await cloud.ecs.updateService({
      cluster: "main",
      service: "web",
      forceNewDeployment: true,
    });
    expect(service?.deployments).toHaveLength(2);
    const stale = await cloud.describe();
    expect(stale.deployments).toMatchObject([{ id: deployments?.[0]?.id, rolloutState: "COMPLETED" }]);
    await cloud.cloud.clock.sleep(2_000);
    expect((await cloud.describe()).deployments?.[0]?.id).toBe(service?.deployments?.[0]?.id);
  });
});
