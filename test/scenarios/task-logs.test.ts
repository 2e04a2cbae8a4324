import { afterEach, expect, test } from "vitest";
import type { SpecError } from "../../src/index.js";
import { Cluster, Deployment, Fleet, Job } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

async function account(options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const cloud = await sharedAccount(options);
  clouds.push(cloud);
  return cloud;
}

const IMAGE = "registry.example.com/report:1";
const ENDS = { images: { report: { log: ["made"], exits: 0, after: "30s" } } } as const;
const cluster = new Cluster("reports").fargate();
const awslogs = (options: Readonly<Record<string, string>>) => ({ driver: "awslogs", options }) as const;
const GIVEN = { "awslogs-region": "eu-west-1", "awslogs-create-group": "true" };

const firelens = (options: Readonly<Record<string, string>>) =>
  new Deployment("report").image(IMAGE).logs({
    driver: "awsfirelens",
    options: { region: "eu-west-1", auto_create_group: "true", log_group_name: "/routed", ...options },
    router: { type: "fluentbit" },
  });
const logsTo = (options: Readonly<Record<string, string>>) =>
  new Deployment("report").image(IMAGE).container({ logs: awslogs({ ...GIVEN, ...options }) });

test.each([
  ["its deployment's group", new Deployment("report").image(IMAGE), ["made"]],
  ["a group of its own", logsTo({ "awslogs-group": "/reports", "awslogs-stream-prefix": "r" }), ["made"]],
  ["CloudWatch through FireLens", firelens({ Name: "cloudwatch_logs", log_stream_prefix: "r-" }), ["made"]],
  ["another service through FireLens", firelens({ Name: "datadog" }), []],
  ["no log", new Deployment("report").image(IMAGE).container({ logs: false }), []],
] as const)(
  "a run whose main container logs to %s ends, with the lines that can be read",
  async (_, chain, lines) => {
    const cloud = await account(ENDS);
    const events: string[] = [];
    const { tasks } = await chain
      .cluster(cluster)
      .on(cloud)
      .run({
        onEvent: (event) => {
          if (event.type === "log") events.push(event.message);
        },
      });
    expect(tasks).toMatchObject([{ exitCode: 0, logs: lines }]);
    expect(events).toEqual(lines);
  },
);

test("the status of a job knows older runs by the streams of its container's own group", async () => {
  const cloud = await account(ENDS);
  const job = new Job("report")
    .image(IMAGE)
    .container({ logs: awslogs({ ...GIVEN, "awslogs-group": "/reports", "awslogs-stream-prefix": "r" }) })
    .cluster(cluster)
    .on(cloud);
  const { tasks } = await job.run();
  // By then, ECS has forgotten its stopped tasks.
  await cloud.clock.sleep(3 * 3_600_000);
  expect((await job.status()).runs.map(({ task }) => task)).toEqual(tasks.map(({ task }) => task));
});

test("two members of a fleet share a log group that both name as shared", async () => {
  const cloud = await account();
  const member = (name: string, shared = true) =>
    new Deployment(name).image(IMAGE).logs("/conference", { shared }).cluster(cluster).on(cloud);
  const fleet = new Fleet(member("talk"), member("speaker"));
  await fleet.deploy();
  expect((await fleet.plan()).isEmpty).toBe(true);
  expect(await writesOf(cloud, () => member("speaker").deploy())).toEqual([]);
  for (const name of ["talk", "speaker"]) expect((await member(name).status()).isHealthy).toBe(true);
  expect(cloud.account.logs.groups.has("/conference")).toBe(true);

  const error = await new Fleet(member("talk"), member("speaker", false), member("other", false)).plan().then(
    () => expect.fail("it did not fail"),
    (thrown: unknown) => thrown as SpecError,
  );
  expect(error.issues.map(({ path }) => path)).toEqual(["other.logs"]);
});
