import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import { inventory } from "./inventory.js";
import { type HttpCloud, isWrite, type Account } from "./http-cloud.js";
import { overHttp } from "./over-http.js";
import type { RawClients } from "./raw-clients.js";
import { underItsPolicy } from "./under-its-policy.js";

const alb = new LoadBalancer("conferenceAlb")
  .http(80)
  .redirect({ path: "/old/*" }, { to: "/talk/#{path}", status: 301 })
  .respond({ path: "/internal/*", methods: "GET" }, { status: 403, body: "no" });

const talkOn = (account: Account, tag = "latest") =>
  new Deployment("talk-service")
    .image(`340754841610.dkr.ecr.eu-west-1.amazonaws.com/talk-service:${tag}`)
    .container({ name: "web", port: 8080, cpu: 256, memory: 512 })
    .service({ name: "talk-service-ecs", desired: 2 })
    .sidecar("db-proxy", {
      image: "registry.example.com/db-proxy:2",
      port: 5432,
      cpu: 32,
      memoryReservation: 64,
      essential: false,
      environment: { LEVEL: "info" },
      dependsOn: { web: "START" },
      healthCheck: "nc -z localhost 5432",
    })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb(alb, { path: "/talk*", healthCheck: "/health" })
    .on(underItsPolicy(account));

describeOverHttp("the tutorial's service on Fargate over HTTP", (clouds) => {
  let moto: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let before: Record<string, string[]>;

  beforeAll(async () => {
    moto = await clouds.start();
    ({ account, raw, before } = await sharedAccount(moto));
    await talkOn(account).deploy();
  });

  afterAll(() => moto?.stop());

  test("no instances, launch templates or Auto Scaling groups are made", async () => {
    const { instances, launchTemplates, autoScalingGroups } = await inventory(raw);
    expect({ instances, launchTemplates, autoScalingGroups }).toEqual({
      instances: before["instances"],
      launchTemplates: before["launchTemplates"],
      autoScalingGroups: before["autoScalingGroups"],
    });
  });

  test("the task definition is a Fargate one with an execution role", async () => {
    const { taskDefinition } = await raw.ecs.describeTaskDefinition({ taskDefinition: "talk-service" });
    expect(taskDefinition).toMatchObject({
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      requiresCompatibilities: ["FARGATE"],
    });
    expect(taskDefinition!.containerDefinitions).toMatchObject([
      { name: "web", essential: true },
      {
        name: "db-proxy",
        essential: false,
        cpu: 32,
        memoryReservation: 64,
        dependsOn: [{ containerName: "web", condition: "START" }],
      },
    ]);
    const role = taskDefinition!.executionRoleArn!.split("/").at(-1)!;
    const { AttachedPolicies } = await raw.iam.listAttachedRolePolicies({ RoleName: role });
    expect(AttachedPolicies!.map((policy) => policy.PolicyName)).toContain(
      "AmazonECSTaskExecutionRolePolicy",
    );
  });

  test("the tasks get a public address in every zone, and only the load balancer reaches their port", async () => {
    const names = { cluster: "conference-cluster", services: ["talk-service-ecs"] };
    const { networkConfiguration, desiredCount } = (await raw.ecs.describeServices(names)).services![0]!;
    const { subnets, securityGroups, assignPublicIp } = networkConfiguration!.awsvpcConfiguration!;
    expect(desiredCount).toBe(2);
    expect(subnets).toHaveLength(3);
    expect(assignPublicIp).toBe("ENABLED");

    const { LoadBalancers } = await raw.elb.describeLoadBalancers({ Names: ["conferenceAlb"] });
    const { SecurityGroups } = await raw.ec2.describeSecurityGroups({ GroupIds: securityGroups! });
    const permissions = SecurityGroups!.flatMap((group) => group.IpPermissions ?? []);
    expect(permissions).toEqual([
      expect.objectContaining({ FromPort: 8080, ToPort: 8080, IpProtocol: "tcp" }),
    ]);
    expect(permissions[0]!.UserIdGroupPairs!.map((pair) => pair.GroupId)).toEqual(
      LoadBalancers![0]!.SecurityGroups,
    );
  });

  test("the target group takes addresses, as tasks with their own network need", async () => {
    const { TargetGroups = [] } = await raw.elb.describeTargetGroups({});
    const ours = TargetGroups.filter((group) => group.TargetGroupName !== "strangerTargets");
    expect(ours).toEqual([expect.objectContaining({ TargetType: "ip", HealthCheckPath: "/health" })]);
  });

  test("the load balancer's redirect and fixed response are rules of its listener", async () => {
    const { LoadBalancers } = await raw.elb.describeLoadBalancers({ Names: ["conferenceAlb"] });
    const { LoadBalancerArn } = LoadBalancers![0]!;
    const { Listeners } = await raw.elb.describeListeners({ LoadBalancerArn });
    const { Rules = [] } = await raw.elb.describeRules({ ListenerArn: Listeners![0]!.ListenerArn });
    const actions = Rules.map(({ Actions }) => Actions![0]!);
    expect(actions.map(({ Type }) => Type).sort()).toEqual([
      "fixed-response",
      "fixed-response",
      "forward",
      "redirect",
    ]);
    expect(actions.find(({ Type }) => Type === "redirect")).toMatchObject({
      RedirectConfig: { StatusCode: "HTTP_301", Path: "/talk/#{path}" },
    });
  });

  test("a second deploy finds nothing to change and writes nothing", async () => {
    const plan = await talkOn(account).plan();
    expect(plan.isEmpty, plan.toString()).toBe(true);
    expect(plan).toMatchObject({ account: account.id, region: account.region });
    const operations = await moto.operationsDuring(() => talkOn(account).deploy());
    expect(operations.filter(isWrite)).toEqual([]);
  });

  test("an account that is not allowed is refused, and nothing is written", async () => {
    const elsewhere = overHttp(account, { allowedAccounts: ["210987654321"] });
    const operations = await moto.operationsDuring(async () => {
      await expect(talkOn(account, "2").on(elsewhere).deploy()).rejects.toMatchObject({
        code: "account-not-allowed",
        facts: { account: account.id },
      });
    });
    expect(operations.filter(isWrite)).toEqual([]);
    expect(operations).toContain("GetCallerIdentity");
  });

  test("a role is assumed once, and makes the calls", async () => {
    const assumeRole = `arn:aws:iam::${account.id}:role/deployer`;
    const operations = await moto.operationsDuring(async () => {
      const plan = await talkOn(account).on(overHttp(account, { assumeRole })).plan();
      expect(plan).toMatchObject({ account: account.id, isEmpty: true });
    });
    expect(operations.filter((operation) => operation === "AssumeRole")).toHaveLength(1);
  });

  test("a rollback points the service to the revision before, which is in the history", async () => {
    await talkOn(account, "2").deploy();
    const ids = async () => (await talkOn(account).history()).map(({ id }) => id);
    expect(await ids()).toEqual(["talk-service:2", "talk-service:1"]);
    const operations = await moto.operationsDuring(() => talkOn(account).rollback());
    expect(operations.filter(isWrite)).toEqual(["UpdateService"]);
    const names = { cluster: "conference-cluster", services: ["talk-service-ecs"] };
    const [service] = (await raw.ecs.describeServices(names)).services!;
    expect(service!.taskDefinition).toMatch(/:task-definition\/talk-service:1$/);

    await raw.ecs.deregisterTaskDefinition({ taskDefinition: "talk-service:2" });
    expect(await ids()).toEqual(["talk-service:1"]);
    await expect(talkOn(account).rollback({ to: "talk-service:2" })).rejects.toMatchObject({
      code: "no-such-release",
      message: expect.stringContaining("its task definition is deregistered") as string,
    });
  });

  test("destroy removes ours and nothing else, and has nothing left to do the second time", async () => {
    await talkOn(account).destroy();
    expect(await inventory(raw)).toEqual(before);
    const operations = await moto.operationsDuring(() => talkOn(account).destroy());
    expect(operations.filter(isWrite)).toEqual([]);
  });
});
