import { afterAll, beforeAll, expect, test } from "vitest";
import { AnotherProcess } from "./another-process.js";
import { describeOverHttp } from "./describe-over-http.js";
import { type HttpCloud, isWrite, type Account } from "./http-cloud.js";
import { rawClients, type RawClients } from "./raw-clients.js";
import type { ReleaseAnswer, ReleaseCommand } from "./release-process.js";
import { talkInColors } from "./talk-in-colors.js";

describeOverHttp("blue/green over HTTP, in two processes", (clouds) => {
  let moto: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let other: AnotherProcess<ReleaseCommand, ReleaseAnswer>;
  let registering: ReturnType<HttpCloud["registerTargets"]>;

  beforeAll(async () => {
    moto = await clouds.start();
    account = await moto.newAccount();
    raw = rawClients(account);
    other = new AnotherProcess("release-process.ts", account);
    registering = moto.registerTargets(raw);
  });

  afterAll(async () => {
    await registering?.stop();
    await other?.stop();
    await moto?.stop();
  });

  const rules = async () => {
    const { LoadBalancers } = await raw.elb.describeLoadBalancers({ Names: ["conferenceAlb"] });
    const LoadBalancerArn = LoadBalancers![0]!.LoadBalancerArn!;
    const { Listeners } = await raw.elb.describeListeners({ LoadBalancerArn });
    const { Rules } = await raw.elb.describeRules({ ListenerArn: Listeners![0]!.ListenerArn! });
    return Rules!.filter((rule) => !rule.IsDefault);
  };
  const nameOf = (arn = "") => arn.split("/")[1]!.replace("talk-service-ip-", "");
  /** Weights by color, as the load balancer has them. */
  const weights = async () => {
    const own = (await rules()).filter(({ Conditions }) => Conditions![0]!.Field === "path-pattern");
    expect(own).toHaveLength(1);
    const groups = own[0]!.Actions![0]!.ForwardConfig!.TargetGroups!;
    return Object.fromEntries(groups.map(({ TargetGroupArn, Weight }) => [nameOf(TargetGroupArn), Weight]));
  };
  /** The rules that only requests with a certain header take, and where those lead. */
  const testWays = async () =>
    (await rules())
      .filter(({ Conditions }) => Conditions![0]!.Field === "http-header")
      .map(({ Actions, Conditions, Priority }) => {
        const { HttpHeaderName, Values } = Conditions![0]!.HttpHeaderConfig!;
        return { to: nameOf(Actions![0]!.TargetGroupArn), HttpHeaderName, secret: Values![0]!, Priority };
      });
  const services = async () => {
    const names = ["talk-service-blue", "talk-service-green"];
    const answer = await raw.ecs.describeServices({ cluster: "conference-cluster", services: names });
    return Object.fromEntries(
      (answer.services ?? [])
        .filter(({ status }) => status === "ACTIVE")
        .map(({ serviceName, desiredCount, taskDefinition }) => [
          serviceName!.replace("talk-service-", ""),
          `${desiredCount} x ${taskDefinition!.split("/")[1]}`,
        ]),
    );
  };
  /** Bounds by color, and whether scaling in is suspended. */
  const scaling = async () => {
    const { ScalableTargets = [] } = await raw.applicationAutoScaling.describeScalableTargets({
      ServiceNamespace: "ecs",
    });
    return Object.fromEntries(
      ScalableTargets.map(({ ResourceId, MinCapacity, MaxCapacity, SuspendedState }) => [
        ResourceId!.replace("service/conference-cluster/talk-service-", ""),
        `${MinCapacity} to ${MaxCapacity}${SuspendedState?.DynamicScalingInSuspended ? ", not in" : ""}`,
      ]),
    );
  };

  test("the first version is reached by nobody while it is verified, and goes live on blue", async () => {
    const seen: unknown[] = [];
    await talkInColors(account, 1, { verify: async () => void seen.push(await weights()) }).deploy();
    expect(seen).toEqual([
      { blue: 0, green: 100 },
      { blue: 100, green: 0 },
    ]);
    expect(await weights()).toEqual({ blue: 100, green: 0 });
    expect(await services()).toEqual({ blue: "2 x talk-service:1" });
    expect(await scaling()).toEqual({ blue: "2 to 6" });
  });

  test("while verify runs, a rule of its own leads to the version that is held, and to nobody afterwards", async () => {
    const seen: Awaited<ReturnType<typeof testWays>> = [];
    const verify = async () => void seen.push(...(await testWays()));
    await talkInColors(account, 2, { verify }).deploy({ hold: true });
    expect(seen).toEqual([
      {
        to: "green",
        HttpHeaderName: "x-quayside-release",
        secret: expect.stringMatching(/^[0-9a-f]{48}$/),
        Priority: expect.stringMatching(/^\d+$/),
      },
    ]);
    expect(await testWays()).toEqual([]);
    expect(await weights()).toEqual({ blue: 100, green: 0 });
    expect(await services()).toEqual({ blue: "2 x talk-service:1", green: "2 x talk-service:2" });
    expect(await scaling()).toEqual({ blue: "2 to 6", green: "2 to 6, not in" });
  });

  test("another process shifts it: who looked before that moves nothing", async () => {
    const before = await talkInColors(account, 2).release();
    expect(await other.ask({ do: "shift", version: 2, percent: 25 })).toEqual({
      live: "blue",
      weights: { blue: 75, green: 25 },
    });
    expect(await weights()).toEqual({ blue: 75, green: 25 });
    expect(await scaling()).toEqual({ blue: "2 to 6, not in", green: "2 to 6, not in" });

    for (const move of ["promote", "rollback", "retire"] as const) {
      await expect(before[move]()).rejects.toMatchObject({ code: "release-moved" });
    }
    // And the other way round.
    await (await talkInColors(account, 2).release()).shift(50);
    expect(await other.ask({ do: "promote", version: 2 })).toEqual({ code: "release-moved" });
    expect(await weights()).toEqual({ blue: 50, green: 50 });
  });

  test("another process, which knows its name only, promotes it, and takes it back with one call", async () => {
    expect(await other.ask({ do: "look", version: 2, byName: true })).toMatchObject({ live: "blue" });
    expect(await other.ask({ do: "promote", version: 2 })).toMatchObject({ live: "green" });
    expect(await weights()).toEqual({ blue: 0, green: 100 });
    expect(await scaling()).toEqual({ blue: "2 to 6, not in", green: "2 to 6" });

    const operations = await moto.operationsDuring(() => other.ask({ do: "rollback", version: 2 }));
    // The scheduler's protocol has no operations' names, but the verbs of HTTP.
    const writes = operations.filter((each) => isWrite(each) && !each.includes('"method": "GET"'));
    expect(writes).toEqual(["ModifyRule"]);
    expect(await weights()).toEqual({ blue: 100, green: 0 });
  });

  test("a deploy of the same version goes on from there, and arranges the end of the old one", async () => {
    const talk = talkInColors(account, 2, { keepOld: "3d" });
    await talk.deploy();
    expect(await weights()).toEqual({ blue: 0, green: 100 });
    expect(await scaling()).toEqual({ blue: "2 to 6, not in", green: "2 to 6" });
    expect((await talk.plan()).toString()).toContain("nothing to change");
    const { keptUntil } = await talk.release();
    expect(Math.round((keptUntil!.getTime() - Date.now()) / 86_400_000)).toBe(3);
  });

  test("another process retires the old version: its service and its scaling go, its target group stays", async () => {
    await other.ask({ do: "look", version: 2 });
    expect(await other.ask({ do: "retire", version: 2 })).toMatchObject({ live: "green" });
    expect((await talkInColors(account, 2).release()).keptUntil).toBeUndefined();
    expect(await services()).toEqual({ green: "2 x talk-service:2" });
    expect(await scaling()).toEqual({ green: "2 to 6" });
    expect(await weights()).toEqual({ blue: 0, green: 100 });
  });
});
