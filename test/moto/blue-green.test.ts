import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aws, Cluster, Deployment } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { isWrite, MotoServer, type Account } from "./moto-server.js";
import { rawClients, type RawClients } from "./raw-clients.js";

const OWN = /^talk-service-ip-(blue|green)$/;

/** Two chains of nothing in common: another process, as far as they know. */
const talkOn = (account: Account, version: number, keepOld?: string) =>
  new Deployment("talk-service")
    .image(`340754841610.dkr.ecr.eu-west-1.amazonaws.com/talk-service:${version}`)
    .container({ name: "web", port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
    .blueGreen({ shift: [50, 100], every: "0s", keepOld })
    .on(aws(account));

/** Plays ECS: moto starts no tasks, so nobody else registers targets. */
async function registerTargets(raw: RawClients, signal: AbortSignal): Promise<void> {
  const known = new Set<string>();
  while (!signal.aborted) {
    const { TargetGroups = [] } = await raw.elb.describeTargetGroups({});
    for (const { TargetGroupArn = "", TargetGroupName = "" } of TargetGroups) {
      if (!OWN.test(TargetGroupName) || known.has(TargetGroupArn)) continue;
      known.add(TargetGroupArn);
      const Targets = [{ Id: "10.0.0.1" }, { Id: "10.0.0.2" }];
      await raw.elb.registerTargets({ TargetGroupArn, Targets });
    }
    await pause(50, undefined, { signal }).catch(() => {});
  }
}

describeOverHttp("blue/green over HTTP", () => {
  let moto: MotoServer;
  let account: Account;
  let raw: RawClients;
  const ended = new AbortController();
  let registering: Promise<void>;

  beforeAll(async () => {
    moto = await MotoServer.start();
    account = await moto.newAccount();
    raw = rawClients(account);
    registering = registerTargets(raw, ended.signal);
    await talkOn(account, 1).deploy();
  });

  afterAll(async () => {
    ended.abort();
    await registering;
    await moto?.stop();
  });

  /** Weights by colour, as the load balancer has them. */
  const weights = async () => {
    const { LoadBalancers } = await raw.elb.describeLoadBalancers({ Names: ["conferenceAlb"] });
    const LoadBalancerArn = LoadBalancers![0]!.LoadBalancerArn!;
    const { Listeners } = await raw.elb.describeListeners({ LoadBalancerArn });
    const { Rules } = await raw.elb.describeRules({ ListenerArn: Listeners![0]!.ListenerArn! });
    const rules = Rules!.filter((rule) => !rule.IsDefault);
    expect(rules).toHaveLength(1);
    return Object.fromEntries(
      rules[0]!.Actions![0]!.ForwardConfig!.TargetGroups!.map(({ TargetGroupArn, Weight }) => [
        TargetGroupArn!.split("/")[1],
        Weight,
      ]),
    );
  };
  const services = async () => {
    const names = ["talk-service-blue", "talk-service-green"];
    const answer = await raw.ecs.describeServices({ cluster: "conference-cluster", services: names });
    return Object.fromEntries(
      (answer.services ?? [])
        .filter(({ status }) => status === "ACTIVE")
        .map(({ serviceName, desiredCount, taskDefinition }) => [
          serviceName,
          `${desiredCount} x ${taskDefinition!.split("/")[1]}`,
        ]),
    );
  };

  test("the first deploy goes live on blue, with a target group for each colour", async () => {
    expect(await weights()).toEqual({ "talk-service-ip-blue": 100, "talk-service-ip-green": 0 });
    expect(await services()).toEqual({ "talk-service-blue": "2 x talk-service:1" });
  });

  test("a version that is held comes up beside it, and no traffic moves", async () => {
    await talkOn(account, 2).deploy({ hold: true });
    expect(await weights()).toEqual({ "talk-service-ip-blue": 100, "talk-service-ip-green": 0 });
    expect(await services()).toEqual({
      "talk-service-blue": "2 x talk-service:1",
      "talk-service-green": "2 x talk-service:2",
    });
  });

  test("another process shifts, promotes, and rolls back with one call", async () => {
    const release = await talkOn(account, 2).release();
    await release.shift(25);
    expect(await weights()).toEqual({ "talk-service-ip-blue": 75, "talk-service-ip-green": 25 });
    await release.promote();
    expect(await weights()).toEqual({ "talk-service-ip-blue": 0, "talk-service-ip-green": 100 });

    const days = await talkOn(account, 2).release();
    expect(days.live).toBe("green");
    const operations = await moto.operationsDuring(() => days.rollback());
    // The scheduler's protocol has no operations' names, but the verbs of HTTP.
    const writes = operations.filter((each) => isWrite(each) && !each.includes('"method": "GET"'));
    expect(writes).toEqual(["ModifyRule"]);
    expect(await weights()).toEqual({ "talk-service-ip-blue": 100, "talk-service-ip-green": 0 });
  });

  test("a deploy of the same version goes on from there, and arranges the end of the old one", async () => {
    await talkOn(account, 2, "3d").deploy();
    expect(await weights()).toEqual({ "talk-service-ip-blue": 0, "talk-service-ip-green": 100 });
    expect((await talkOn(account, 2, "3d").plan()).isEmpty).toBe(true);
    const { keptUntil } = await talkOn(account, 2, "3d").release();
    expect(Math.round((keptUntil!.getTime() - Date.now()) / 86_400_000)).toBe(3);
  });

  test("retire deletes the old service and keeps its target group", async () => {
    const release = await talkOn(account, 2, "3d").release();
    await release.retire();
    expect(release.keptUntil).toBeUndefined();
    expect(await services()).toEqual({ "talk-service-green": "2 x talk-service:2" });
    expect(await weights()).toEqual({ "talk-service-ip-blue": 0, "talk-service-ip-green": 100 });
  });
});
