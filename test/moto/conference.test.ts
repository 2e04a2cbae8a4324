import { afterAll, beforeAll, expect, test } from "vitest";
import { AnotherProcess } from "./another-process.js";
import type { ConferenceAnswer, ConferenceCommand } from "./conference-process.js";
import { describeOverHttp } from "./describe-over-http.js";
import { addForeignResources } from "./foreign-resources.js";
import { inventory } from "./inventory.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { OneOfAName } from "./one-of-a-name.js";
import { rawClients, type RawClients } from "./raw-clients.js";

type Script = AnotherProcess<ConferenceCommand, ConferenceAnswer>;

describeOverHttp("two scripts that do not know each other, in one account", (clouds) => {
  let moto: HttpCloud;
  let proxy: OneOfAName | undefined;
  let account: Account;
  let raw: RawClients;
  let before: Record<string, string[]>;
  let agent: ReturnType<HttpCloud["startAgent"]>;
  let talk: Script;
  let speaker: Script;
  let outcomes: readonly ConferenceAnswer[];

  beforeAll(async () => {
    moto = await clouds.start();
    account = await moto.newAccount();
    // moto lets two resources have the same name.
    if (!clouds.isLocal) {
      proxy = await OneOfAName.before(account.endpoint);
      account = { ...account, endpoint: proxy.endpoint };
    }
    raw = rawClients(account);
    await addForeignResources(raw, () => moto.settle(account));
    before = await inventory(raw);
    agent = moto.startAgent(raw);
    talk = new AnotherProcess("conference-process.ts", account);
    speaker = new AnotherProcess("conference-process.ts", account);
    // Both have loaded what they need: they begin at the same moment.
    await Promise.all([talk, speaker].map((script) => script.ask({ do: "start", name: "none" })));
    outcomes = await Promise.all([
      talk.ask({ do: "deploy", name: "talk" }),
      speaker.ask({ do: "deploy", name: "speaker" }),
    ]);
    await agent.stop();
  });

  afterAll(async () => {
    await Promise.all([talk?.stop(), speaker?.stop(), agent?.stop()]);
    await proxy?.stop();
    await moto?.stop();
  });

  const balancer = async () =>
    (await raw.elb.describeLoadBalancers({ Names: ["conferenceAlb"] })).LoadBalancers![0]!;
  const rules = async () => {
    const { LoadBalancerArn } = await balancer();
    const { Listeners } = await raw.elb.describeListeners({ LoadBalancerArn: LoadBalancerArn! });
    expect(Listeners).toHaveLength(1);
    return (await raw.elb.describeRules({ ListenerArn: Listeners![0]!.ListenerArn! })).Rules ?? [];
  };
  const routes = async () => {
    const special = (await rules()).filter(({ IsDefault }) => IsDefault !== true);
    expect(new Set(special.map(({ Priority }) => Priority)).size).toBe(special.length);
    return special
      .map(({ Conditions, Actions }) => {
        const to =
          Actions![0]!.TargetGroupArn ?? Actions![0]!.ForwardConfig!.TargetGroups![0]!.TargetGroupArn!;
        return `${Conditions![0]!.PathPatternConfig!.Values!.join()} -> ${to.split("/")[1]}`;
      })
      .sort();
  };

  test("both succeed at the same moment, and each has its rule, its target group and its tasks", async () => {
    const { DNSName } = await balancer();
    expect(outcomes).toEqual([{ url: `http://${DNSName}/talk` }, { url: `http://${DNSName}/speaker` }]);
    expect(await routes()).toEqual(["/speaker* -> speaker-service", "/talk* -> talk-service"]);
    const { services } = await raw.ecs.describeServices({
      cluster: "conference-cluster",
      services: ["talk-service", "speaker-service"],
    });
    expect(services!.map(({ status, runningCount }) => `${status} ${runningCount}`)).toEqual([
      "ACTIVE 2",
      "ACTIVE 2",
    ]);
  });

  test("what they share is there once, and what fits neither of them is a 404", async () => {
    const made = await inventory(raw);
    const fresh = (kind: string) => made[kind]!.filter((name) => !before[kind]!.includes(name));
    expect(fresh("loadBalancers")).toEqual(["conferenceAlb"]);
    expect(fresh("clusters")).toEqual(["conference-cluster"]);
    expect(fresh("autoScalingGroups")).toHaveLength(1);
    expect(fresh("securityGroups")).toEqual(["conferenceAlbSecurityGroup", "conferenceEcsSecurityGroup"]);
    const fallback = (await rules()).find(({ IsDefault }) => IsDefault === true);
    expect(fallback!.Actions![0]!.FixedResponseConfig).toMatchObject({ StatusCode: "404" });
  });

  test("to neither of them is anything left to do", async () => {
    const nothing = { changes: [] };
    expect(await talk.ask({ do: "plan", name: "talk" })).toEqual(nothing);
    expect(await speaker.ask({ do: "plan", name: "speaker" })).toEqual(nothing);
  });

  test("when one goes, the other one stays as it is", async () => {
    expect(await talk.ask({ do: "destroy", name: "talk" })).toMatchObject({
      kept: expect.arrayContaining(["cluster", "load-balancer"]),
    });
    expect(await routes()).toEqual(["/speaker* -> speaker-service"]);
    expect(await speaker.ask({ do: "plan", name: "speaker" })).toEqual({ changes: [] });
  });

  test("when the last one goes, nothing is left, and others have what they had", async () => {
    await speaker.ask({ do: "destroy", name: "speaker" });
    expect(await inventory(raw)).toEqual(before);
  });
});
