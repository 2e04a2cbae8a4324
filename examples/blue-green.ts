/*
 * Releases a second version of the talk-service with blue/green on the local cloud. During the release, a
 * stream of requests counts the answers of each version: the new version is verified without traffic, gets
 * 10 %, 50 % and 100 % of the traffic, is rolled back in one call, and promoted again; then the old version
 * is retired.
 *
 *   npm run example:blue-green
 *   npm run example:blue-green -- --timeline release.html   also draws the releases as a page
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Cluster, Deployment, QuaysideError, reporters, terminalReporter, timelineReporter } from "quayside";
import { localCloud } from "quayside/local";

const { values: flags } = parseArgs({ options: { timeline: { type: "string" } } });

const server = {
  command: ["node", "server.mjs"],
  cwd: fileURLToPath(new URL("talk-service", import.meta.url)),
};
const cloud = localCloud({
  run: {
    "talk-service:1": { ...server, env: { VERSION: "1" } },
    "talk-service:2": { ...server, env: { VERSION: "2" } },
  },
});

const talk = new Deployment("talk-service")
  .port(8080)
  .container({ cpu: 128, memoryReservation: 128 })
  .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
  .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health", deregistrationDelay: "20s" })
  // Each version scales separately; neither loses a task while both receive traffic.
  .autoscale({ min: 2, max: 4, cpu: 50 })
  .on(cloud);

const version = (number: number) =>
  talk.image(`talk-service:${number}`).blueGreen({
    shift: [10, 50, 100],
    every: "30s",
    // Sends requests to the new version, even while it has no traffic.
    verify: async ({ fetch, weights, color }) => {
      const answer = await (await fetch("/talk")).text();
      if (!answer.includes(`version ${number}`)) throw new Error(`another version answered: ${answer}`);
      count(`version ${number} verified at ${weights[color]} %`);
    },
  });
const [first, second] = [version(1), version(2)];
const onEvent = reporters(
  terminalReporter({ stream: process.stdout }),
  ...(flags.timeline === undefined
    ? []
    : [timelineReporter(flags.timeline, { title: "A blue/green release" })]),
);

/** The number of answers of each version since the last printed line. */
let answers = new Map<string, number>();
let failed = 0;

try {
  const { url } = await first.deploy({ onEvent });
  const users = new AbortController();
  const stream = Promise.all(Array.from({ length: 4 }, () => sendRequests(url!, users.signal)));

  await waitForAnswers(100);
  count("version 1 is live");
  await second.deploy({ onEvent });

  const release = await second.release();
  await waitForAnswers(100);
  count(`${release.live} is live`);

  await release.rollback();
  await discardAnswers();
  await waitForAnswers(100);
  count("rolled back");

  await release.promote();
  await discardAnswers();
  await waitForAnswers(100);
  count("promoted");

  await release.retire();
  count("the old version is retired");

  users.abort();
  await stream;
  console.log(`\n${failed} requests failed.`);
  await second.destroy();
} catch (error) {
  process.exitCode = 1;
  // The reporter has said why a run failed.
  if (!(error instanceof QuaysideError && error.outcome)) console.error(error);
}
await cloud.close();
if (failed > 0) process.exitCode = 1;

/** Simulates a user who sends the next request after each answer. */
async function sendRequests(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(url);
      const text = await response.text();
      const version = /version \d/.exec(text)?.[0];
      if (!response.ok || version === undefined) throw new Error(`${response.status} ${text}`);
      answers.set(version, (answers.get(version) ?? 0) + 1);
    } catch (error) {
      failed++;
      console.error(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Discards the answers to requests that were sent before the traffic moved. */
async function discardAnswers(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  answers = new Map();
}

/** Waits for a number of answers. */
async function waitForAnswers(wanted: number): Promise<void> {
  const sum = () => [...answers.values()].reduce((total, each) => total + each, 0);
  while (sum() < wanted && failed === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

function count(what: string): void {
  const shares = [...answers].sort().map(([version, times]) => `${times} of ${version}`);
  console.log(`  » ${what}: ${shares.join(", ") || "no answers yet"}`);
  answers = new Map();
}
