import { afterEach, describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  deployments,
  LoadBalancer,
  type CompleteDeployment,
  type PolicyDocument,
} from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount, tagsKnown } from "./account.js";
import { comparable } from "./comparable.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const web = (name: string, version = 1) =>
  new Deployment(name)
    .image(`registry.example.com/web:${version}`)
    .port(8080)
    .cluster("conference-cluster")
    .behindAlb("conferenceAlb", { host: `${name}.example.com`, healthCheck: "/health" })
    .on(cloud);
const named = (name: string) => Deployment.named(name).on(cloud);

/** Creates an alarm that is not managed by quayside. */
const createAlarm = ({ ports }: LocalCloud) =>
  ports.cloudWatch.putMetricAlarm({
    AlarmName: "queue",
    Namespace: "AWS/SQS",
    MetricName: "ApproximateNumberOfMessagesVisible",
    Statistic: "Average",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 100,
    ComparisonOperator: "GreaterThanThreshold",
  });

/** Everything that a deployment can be, each with a reason why its name alone would not lead to its parts. */
const KINDS: Readonly<Record<string, () => CompleteDeployment>> = {
  "as the defaults have it": () => web("talk"),
  "on Fargate": () => web("talk").cluster(new Cluster("conference-cluster").fargate()),
  "without a load balancer": () =>
    new Deployment("talk").image("web:1").cluster("conference-cluster").on(cloud),
  "with names of its own": () =>
    web("talk")
      .container({ name: "app" })
      .service({ name: "talk-v2", exec: true })
      .logs("/conference/talk", { streamPrefix: "web" })
      .behindAlb("conferenceAlb", { path: "/talk*", targetGroup: "talks" }),
  "with scaling by steps": () =>
    web("talk").autoscale({ min: 1, max: 4, steps: [{ when: "cpu >= 60", for: "1m", add: 1 }], cpu: 50 }),
  "blue/green": () => web("talk").blueGreen({ every: "0s", keepOld: "3d" }),
  "with sidecars and secrets": () =>
    web("talk").secrets({ KEY: "ssm:/key" }).sidecar("agent", { image: "agent:1", memoryReservation: 64 }),
  "with roles under a path": () =>
    web("talk")
      .iam({ path: "/teams/talks/" })
      .taskRole({ policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }),
  "with a long name, and blue/green": () =>
    web("a-preview-with-a-name-longer-than-a-target-group-may-have").blueGreen({ every: "0s" }),
};

describe("a deployment by its name alone", () => {
  test.each(Object.keys(KINDS))("is destroyed as by its chain (%s)", async (kind) => {
    cloud = await sharedAccount();
    const before = comparable(cloud);
    const chain = KINDS[kind]!();
    await chain.deploy();
    const { name } = chain.toJSON();
    const { kept } = await named(name).destroy();
    expect(kept).toEqual([]);
    await tagsKnown(cloud);
    expect(comparable(cloud)).toEqual(before);
    expect(await named(name).destroy()).toEqual({ deleted: [], kept: [] });
  });

  test.each(Object.keys(KINDS))("has the status and the history of its chain (%s)", async (kind) => {
    cloud = await sharedAccount();
    const chain = KINDS[kind]!();
    await chain.deploy();
    const { name } = chain.toJSON();
    const { scaling: _, ...status } = await chain.status();
    const { scaling: __, ...byName } = await named(name).status();
    expect(byName).toEqual(status);
    expect(await named(name).history()).toEqual(await chain.history());
  });

  test("is found in a cluster that only others change, at once", async () => {
    cloud = await sharedAccount();
    await new Cluster("platform").fargate().on(cloud).deploy();
    await new LoadBalancer("edge").on(cloud).deploy();
    const talk = web("talk").cluster(Cluster.existing("platform").fargate());
    const behind = talk.behindAlb(LoadBalancer.existing("edge"), { path: "/talk*" });
    await behind.deploy();
    expect(await named("talk").status()).toMatchObject({
      cluster: "platform",
      isHealthy: true,
    });
    await named("talk").destroy();
    // What it did not bring stays.
    expect([...cloud.account.ecs.clusters.values()].filter(({ status }) => status === "ACTIVE")).toHaveLength(
      2,
    );
    expect([...cloud.account.elb.loadBalancers.values()].map(({ name }) => name)).toContain("edge");
    expect((await named("talk").status()).exists).toBe(false);
  });

  test("is rolled back, and its containers are reached", async () => {
    cloud = await sharedAccount();
    const [first, second] = [web("talk").service({ exec: true }), web("talk", 2).service({ exec: true })];
    await first.deploy();
    await second.deploy();
    const { from, to } = await named("talk").rollback();
    expect([from?.id, to.id]).toEqual(["talk:2", "talk:1"]);
    const { container } = await named("talk").exec({ command: "ls" });
    expect(container).toBe("talk");
    const tail = async () => {
      for await (const _ of named("talk").tail({ since: "1h" }));
    };
    await tail();
  });

  test("is promoted by its name days later, and its old version is kept as its chain has it", async () => {
    cloud = await sharedAccount();
    const version = (number: number) => web("talk", number).blueGreen({ every: "0s", keepOld: "3d" });
    await version(1).deploy();
    await version(2).deploy({ hold: true });
    await cloud.clock.sleep(2 * 86_400_000);
    const release = await named("talk").release();
    expect(release.live).toBe("blue");
    await release.promote();
    expect(release.live).toBe("green");
    const days = (release.keptUntil!.getTime() - cloud.clock.now()) / 86_400_000;
    expect(days).toBeCloseTo(3, 1);
    await release.rollback();
    await release.retire();
    expect((await named("talk").status()).release).toMatchObject({ live: "blue", idle: undefined });
    expect((await version(1).plan()).isEmpty).toBe(true);
  });
});

describe("the policy of a deployment by its name", () => {
  const PLACE = { account: "123456789012", region: "eu-west-1" };

  test("allows nothing about another deployment in the same cluster", async () => {
    const caller: { policy?: PolicyDocument } = {};
    cloud = localCloud({ clock: "virtual", caller: () => caller.policy });
    await web("talk").service({ exec: true }).deploy();
    await web("speaker").service({ exec: true }).deploy();
    caller.policy = named("talk").permissions(PLACE);
    await named("talk").exec({ command: "ls" });
    expect((await named("speaker").status()).isHealthy).toBe(true);
    const read = async () => {
      for await (const _ of named("speaker").tail({ since: "1h" }));
    };
    for (const [action, denied] of Object.entries({
      "ecs:ExecuteCommand": () => named("speaker").exec({ command: "ls" }),
      "logs:FilterLogEvents": read,
      "ecs:DeleteService": () => named("speaker").destroy(),
    }))
      await expect(denied()).rejects.toMatchObject({ code: "access-denied", facts: { action } });
    expect((await named("speaker").status()).isHealthy).toBe(true);
    await named("talk").destroy();
  });

  test("allows to change nothing if it is for reading", () => {
    const policy = named("talk").permissions({ ...PLACE, for: ["status", "tail", "history"] });
    const actions = policy.Statement.flatMap(({ Action = [] }) => Action);
    expect(actions.filter((action) => !/:(?:Describe|List|Get|Filter)/.test(action))).toEqual([]);
    expect(actions).toContain("ecs:ListClusters");
  });

  test("lacks an alarm that only the chain names, and the error has the statement for it", async () => {
    cloud = await sharedAccount();
    await createAlarm(cloud);
    const steps = [{ when: { alarm: "queue" }, add: 1 }];
    await web("talk").autoscale({ min: 1, max: 4, steps }).deploy();
    await expect(named("talk").destroy()).rejects.toMatchObject({
      code: "access-denied",
      fix: expect.stringMatching(
        /"cloudwatch:PutMetricAlarm","Resource":"arn:aws:cloudwatch:[^"]*:alarm:queue"/,
      ) as string,
    });
  });

  test("refuses operations that a name alone does not have", () => {
    const refused = (purpose: string) => () => named("talk").permissions({ for: [purpose as "deploy"] });
    expect(refused("deploy")).toThrow(
      "permissions.for: must be operations of the chain: status, tail, destroy",
    );
    expect(refused("adopt")).toThrow('got "adopt"');
    expect(() => named("talk service").permissions()).toThrow("name:");
  });
});

describe("what is not deployed", () => {
  test("is reported by every operation that needs it, with a way to find the name", async () => {
    cloud = await sharedAccount();
    const talk = named("talk-servcie");
    const failed = await Promise.all([
      talk.history().catch((error: unknown) => error),
      talk.rollback().catch((error: unknown) => error),
      talk.release().catch((error: unknown) => error),
      talk.exec().catch((error: unknown) => error),
    ]);
    for (const error of failed)
      expect(error).toMatchObject({
        code: "not-deployed",
        message: "talk-servcie is not deployed: no service and no task definition in eu-west-1 has its tags",
      });
    const status = await talk.status();
    expect(status).toMatchObject({ exists: false, isHealthy: false, cluster: undefined, instances: 0 });
    expect(status.toString()).toBe(
      "✗ talk-servcie is not deployed: no service and no task definition has its tags",
    );
    expect(await talk.destroy()).toEqual({ deleted: [], kept: [] });
  });

  test("of a failed first deploy, what is left is destroyed", async () => {
    cloud = await sharedAccount();
    const before = comparable(cloud);
    cloud.faults.inject({ operation: "createService", kind: "access-denied" });
    await expect(web("talk").deploy()).rejects.toMatchObject({ code: "access-denied" });
    expect((await named("talk").status()).exists).toBe(false);
    await named("talk").destroy();
    await tagsKnown(cloud);
    expect(comparable(cloud)).toEqual(before);
  });

  test("of a rolling deployment is a release, which the error says", async () => {
    cloud = await sharedAccount();
    await web("talk").deploy();
    await expect(named("talk").release()).rejects.toMatchObject({
      code: "no-release",
      message: "talk has no two versions: service talk in conference-cluster is not blue/green",
    });
  });

  test.each(["", 7, "talk service", undefined])(
    "is a SpecError if the name cannot be one (%j)",
    async (name) => {
      cloud = await sharedAccount();
      await expect(named(name as string).status()).rejects.toMatchObject({
        code: "invalid-spec",
        issues: [{ path: "name" }],
      });
    },
  );
});

describe("deployments()", () => {
  test("lists what is deployed, with its tags and where it answers, and nothing of others", async () => {
    cloud = await sharedAccount();
    const preview = (pr: string) => web(`pr-${pr}`).tags({ pr, team: "talks" });
    await Promise.all(["101", "102"].map((pr) => preview(pr).deploy()));
    await new Deployment("worker").image("worker:1").cluster("workers").on(cloud).deploy();
    const listed = await deployments({ on: cloud });
    expect(listed.map(({ deployedAt: _, ...rest }) => rest)).toEqual([
      {
        name: "pr-101",
        cluster: "conference-cluster",
        url: "http://pr-101.example.com",
        tags: { pr: "101", team: "talks" },
      },
      {
        name: "pr-102",
        cluster: "conference-cluster",
        url: "http://pr-102.example.com",
        tags: { pr: "102", team: "talks" },
      },
      { name: "worker", cluster: "workers", url: undefined, tags: {} },
    ]);
    expect(listed.every(({ deployedAt }) => deployedAt!.getTime() <= cloud.clock.now())).toBe(true);
    const names = async (tags: Record<string, string>) =>
      (await deployments({ on: cloud, tags })).map(({ name }) => name);
    expect(await names({ pr: "101" })).toEqual(["pr-101"]);
    expect(await names({ team: "talks" })).toEqual(["pr-101", "pr-102"]);
    expect(await names({ pr: "101", team: "others" })).toEqual([]);
    expect((await callsOf(cloud, () => deployments({ on: cloud }))).some(({ write }) => write)).toBe(false);
    await named("pr-101").destroy();
    expect(await names({ team: "talks" })).toEqual(["pr-102"]);
  });

  test("checks its options before any request", async () => {
    cloud = await sharedAccount();
    const given = { on: {}, tags: { pr: 7 }, tag: {}, timeout: "soon" } as never;
    await expect(deployments(given)).rejects.toMatchObject({
      code: "invalid-spec",
      issues: [
        { path: "on" },
        { path: "options.tags.pr" },
        { path: "options.timeout" },
        { path: "options.tag", message: "unknown option; did you mean tags?" },
      ],
    });
  });
});
