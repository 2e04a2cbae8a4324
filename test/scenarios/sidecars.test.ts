import { expect, test } from "vitest";
import { Cluster, Job, type Cloud, type RolloutError } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { talkOnFargate, talkService } from "./tutorial.js";

const image = "registry.example.com/db-proxy:2";
const PROXY = { image, port: 5432, memoryReservation: 64, secrets: { TOKEN: "ssm:/proxy/token" } };
const rollout = ["registerTaskDefinition", "updateService"];

const inAccount = (
  images: NonNullable<LocalCloudOptions["images"]>,
  work: (cloud: LocalCloud) => Promise<void>,
) =>
  sharedAccount({ images }).then(async (cloud) => {
    try {
      await work(cloud);
    } finally {
      await cloud.close();
    }
  });

const CHAINS = [
  ["EC2", (on: Cloud) => talkService(on)],
  ["Fargate", (on: Cloud) => talkOnFargate(on)],
] as const;

test.each(CHAINS)("on %s a sidecar comes with a rollout, stays, and goes with another", (_, talk) =>
  inAccount({}, async (cloud) => {
    const pristine = comparable(cloud);
    const withProxy = talk(cloud).sidecar("db-proxy", PROXY);
    await withProxy.deploy();
    expect((await withProxy.plan()).isEmpty).toBe(true);
    expect(await writesOf(cloud, () => withProxy.deploy())).toEqual([]);
    const changed = withProxy.sidecar("db-proxy", { environment: { LEVEL: "debug" } });
    expect(await writesOf(cloud, () => changed.deploy())).toEqual(rollout);
    expect((await changed.history()).map((each) => each.image)).toEqual([
      "registry.example.com/talk-service:1",
      "registry.example.com/talk-service:1",
    ]);
    const { taskDefinition: last } = await talk(cloud).deploy();
    const described = await cloud.ports.ecs.describeTaskDefinition({ taskDefinition: last });
    expect(described.taskDefinition!.containerDefinitions).toHaveLength(1);
    await talk(cloud).destroy();
    expect(comparable(cloud)).toEqual(pristine);
  }),
);

test("each container's lines are its own, and tail() names them", () =>
  inAccount(
    {
      "talk-service": { writes: ["talk"], every: "10m" },
      "db-proxy": { writes: ["proxy"], every: "10m" },
    },
    async (cloud) => {
      const talk = talkService(cloud).sidecar("db-proxy", PROXY);
      await talk.deploy();
      const seen = new Set<string>();
      for await (const line of talk.tail({ since: "1h" }))
        seen.add(`${line.container}: ${line.message.split(" ")[0]}`);
      expect([...seen].sort()).toEqual(["db-proxy: proxy", "web: talk"]);
    },
  ));

test("containers start in the order in which they depend on each other", () =>
  inAccount({ migrate: { exits: 0, after: "30s" } }, async (cloud) => {
    await talkService(cloud)
      .container({ dependsOn: { migrate: "SUCCESS", "db-proxy": "HEALTHY" } })
      .sidecar("db-proxy", { ...PROXY, healthCheck: "nc -z localhost 5432" })
      .sidecar("migrate", { image: "migrate:1", essential: false, dependsOn: { "db-proxy": "START" } })
      .deploy();
    const tasks = [...cloud.account.ecs.clusters.get("conference-cluster")!.tasks.values()];
    expect(tasks.map(({ description }) => description.healthStatus)).toEqual(["HEALTHY", "HEALTHY"]);
    const status = tasks[0]!.description.containers!.map((each) => `${each.name} ${each.lastStatus}`);
    expect(status).toEqual(["web RUNNING", "db-proxy RUNNING", "migrate STOPPED"]);
  }));

test("a sidecar that dies fails the rollout, which names it and shows its last lines", () =>
  inAccount(
    {
      "talk-service": { writes: ["all is well"], every: "1s" },
      "db-proxy:3": { exits: 1, after: "5s", log: ["no route to the database"] },
    },
    async (cloud) => {
      const talk = talkService(cloud).sidecar("db-proxy", PROXY);
      await talk.deploy();
      const broken = talk.sidecar("db-proxy", { image: "registry.example.com/db-proxy:3" });
      const error = (await broken.deploy().catch((thrown: unknown) => thrown)) as RolloutError;
      expect(error.diagnosis).toBe("exited-on-start");
      expect(error.message).toContain("Essential container in task exited: db-proxy (exit code 1)");
      expect(error.evidence.logs).toEqual(["no route to the database"]);
      expect((await talk.status()).isHealthy).toBe(true);
    },
  ));

test("a sidecar that has to succeed first and does not lets the main container never start", () =>
  inAccount({ migrate: { exits: 3, after: "5s", log: ["no such table"] } }, async (cloud) => {
    const talk = talkService(cloud)
      .container({ dependsOn: { migrate: "SUCCESS" } })
      .sidecar("migrate", { image: "migrate:1", essential: false });
    const error = (await talk.deploy().catch((thrown: unknown) => thrown)) as RolloutError;
    expect(error.diagnosis).toBe("dependency-failed");
    expect(error.evidence.stopped[0]!.reason).toContain("dependency [migrate]");
    expect(error.evidence.logs).toEqual(["no such table"]);
  }));

test("a one-off task is over when its main container is, whatever its sidecars do", () =>
  inAccount({ report: { exits: 0, after: "1m", log: ["done"] } }, async (cloud) => {
    const report = new Job("nightly-report")
      .image("registry.example.com/report:1")
      .cluster(new Cluster("conference-cluster").fargate())
      .sidecar("db-proxy", PROXY)
      .on(cloud);
    const { tasks } = await report.run();
    expect(tasks).toMatchObject([{ exitCode: 0, logs: ["done"], diagnosis: undefined }]);
    await report.destroy();
  }));

test("a tag in ECR is looked up before anything is changed", () =>
  inAccount({}, async (cloud) => {
    const { repository } = await cloud.ports.ecr.createRepository({ repositoryName: "db-proxy" });
    const talk = talkService(cloud).sidecar("db-proxy", { image: `${repository!.repositoryUri}:2` });
    await expect(talk.plan()).rejects.toMatchObject({ code: "image-not-found" });
  }));

test("an instance that is too small for all containers together is named in the plan", () =>
  inAccount({}, async (cloud) => {
    const plan = await talkService(cloud).sidecar("db-proxy", { image, memoryReservation: 900 }).plan();
    expect(plan.toString().replaceAll(/\s+/g, " ")).toContain("it needs 128 CPU units and 1028 MiB");
  }));
