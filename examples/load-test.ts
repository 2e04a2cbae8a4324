/*
 * The tutorial's "Scale your cluster and your service" as a live demonstration: the talk-service under load on
 * the local cloud. Tasks and instances scale out by the tutorial's rules, and scale in one by one after the
 * load.
 *
 *   npm run example:load-test                 a minute of AWS takes one second
 *   npm run example:load-test -- --speed 20   three seconds
 *   npm run example:load-test -- --timeline load.html   also draws tasks, instances, load and alarms over time
 *
 * The CPU metric is that of the real processes. The test ends when everything has scaled in.
 */
import autocannon from "autocannon";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  QuaysideError,
  timelineReporter,
  type ServiceStatus,
} from "quayside";
import { localCloud } from "quayside/local";

const { values: flags } = parseArgs({
  options: { speed: { type: "string", default: "60" }, timeline: { type: "string" } },
});

const cloud = localCloud({
  timeScale: Number(flags.speed),
  run: {
    "talk-service": {
      command: ["node", "server.mjs"],
      cwd: fileURLToPath(new URL("talk-service", import.meta.url)),
      env: { WORK_MS: "10" },
    },
  },
});

// The tutorial's type, whose one vCPU three tasks keep busy. Accounts on AWS's free plan need another: t3.micro.
const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.micro" }).autoscale({
  min: 2,
  max: 4,
  steps: [
    { when: "cpu >= 30", for: "60s", add: 2 },
    { when: "cpu <= 10", for: "5m", remove: 1 },
  ],
});

const talk = new Deployment("talk-service")
  .image("talk-service:1")
  .container({ port: 8080, cpu: 128, memoryReservation: 128 })
  .cluster(cluster)
  .behindAlb(new LoadBalancer("conferenceAlb").http(80), { path: "/talk*", healthCheck: "/health" })
  .autoscale({ min: 2, max: 6, cpu: 50 })
  .on(cloud);

/** Seconds after which a phase has failed. */
const PHASE_TIMEOUT = 300;
const startedAt = Date.now();
let answered = 0;
let lost = 0;

const timeline =
  flags.timeline === undefined ? undefined : timelineReporter(flags.timeline, { title: "A load test" });

try {
  const { url } = await talk.deploy(timeline === undefined ? {} : { onEvent: timeline });
  console.log(`talk-service answers at ${url}: 2 to 6 tasks on 2 to 4 instances\n`);
  console.log("   time  requests/s  tasks           instances    alarms");

  await loadUntil({ connections: 12 }, (status) => size(status) === "6 4");
  console.log("\nThe load has ended. Five requests per second continue, to check that none is lost.\n");
  await loadUntil({ connections: 1, overallRate: 5 }, (status) => size(status) === "2 2");

  console.log(`\n${answered} requests were answered, ${lost} were lost.`);
  if (lost > 0) process.exitCode = 1;
} catch (error) {
  process.exitCode = 1;
  console.error(
    error instanceof QuaysideError ? `✗ ${error.message}\n  ${error.fix ?? ""}\n  ${error.docs}` : error,
  );
} finally {
  await cloud.close();
}

/** Keeps up a load until the service has the expected size, and prints a line every second. */
async function loadUntil(
  load: { readonly connections: number; readonly overallRate?: number },
  isReached: (status: ServiceStatus) => boolean,
): Promise<void> {
  const { url } = await talk.status();
  const run = autocannon({ url: url!, duration: PHASE_TIMEOUT, timeout: 30, ...load }, () => {});
  const ended = once(run, "done");
  let second = 0;
  run.on("response", (_client, statusCode) => {
    if (statusCode === 200) {
      answered++;
      second++;
    } else lost++;
  });
  run.on("reqError", () => lost++);
  try {
    for (let waited = 0; ; waited++) {
      if (waited === PHASE_TIMEOUT)
        throw new Error(`The service did not reach the expected size within ${PHASE_TIMEOUT} seconds`);
      await pause(1000);
      const status = await talk.status();
      console.log(line(status, second));
      timeline?.sample(status, { load: second });
      second = 0;
      if (isReached(status)) break;
    }
  } finally {
    run.stop();
    await ended;
  }
}

function size({ tasks, instances }: ServiceStatus): string {
  return `${tasks.running} ${instances}`;
}

function line({ tasks, instances, scaling }: ServiceStatus, requests: number): string {
  const time = `${Math.round((Date.now() - startedAt) / 1000)} s`;
  const bar = (count: number, wanted: number, most: number) =>
    `${"█".repeat(count)}${"░".repeat(Math.max(0, wanted - count))}`.padEnd(most) + ` ${count} of ${wanted}`;
  const alarms = [...(scaling?.tasks?.alarms ?? []), ...(scaling?.instances?.alarms ?? [])]
    .filter(({ state }) => state === "ALARM")
    .map(({ name }) => /Alarm(?:High|Low)|cpu-(?:add|remove)/.exec(name)?.[0] ?? name);
  return [
    time.padStart(7),
    String(requests).padStart(11),
    bar(tasks.running, tasks.desired, 6).padEnd(15),
    bar(instances, scaling?.instances?.desired ?? instances, 4).padEnd(12),
    alarms.join(", "),
  ].join("  ");
}
