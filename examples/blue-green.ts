/*
 * Releases a second version of the talk-service blue/green, on the local cloud, under a stream of
 * requests whose answers are counted by version: verified before anybody sees it, 10 %, 50 %, 100 % of
 * the traffic, back to the first version in one call, forth again, and the old one retired.
 *
 *   npm run example:blue-green
 */
import { fileURLToPath } from "node:url";
import { Cluster, Deployment, QuaysideError, terminalReporter } from "quayside";
import { localCloud } from "quayside/local";

const server = {
  command: ["node", "server.mjs"],
  cwd: fileURLToPath(new URL("talk-service", import.meta.url)),
};
await using cloud = localCloud({
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
  // Each version has its own; neither loses a task while they share the requests.
  .autoscale({ min: 2, max: 4, cpu: 50 })
  .on(cloud);

const version = (number: number) =>
  talk.image(`talk-service:${number}`).blueGreen({
    shift: [10, 50, 100],
    every: "30s",
    // Asks the new version itself, also while no user reaches it.
    verify: async ({ fetch, weights, color }) => {
      const answer = await (await fetch("/talk")).text();
      if (!answer.includes(`version ${number}`)) throw new Error(`another version answers: ${answer}`);
      count(`version ${number} verified at ${weights[color]} %`);
    },
  });
const [first, second] = [version(1), version(2)];
const onEvent = terminalReporter({ stream: process.stdout });

/** Answers since the last line, by version. */
let answers = new Map<string, number>();
let failed = 0;

try {
  const { url } = await first.deploy({ onEvent });
  const users = new AbortController();
  const stream = Promise.all(Array.from({ length: 4 }, () => ask(url!, users.signal)));

  await until(100);
  count("version 1 is live");
  await second.deploy({ onEvent });

  const release = await second.release();
  await until(100);
  count(`${release.live} is live`);

  await release.rollback();
  await answered();
  await until(100);
  count("rolled back");

  await release.promote();
  await answered();
  await until(100);
  count("promoted");

  await release.retire();
  count("the old version is retired");

  users.abort();
  await stream;
  console.log(`\n${failed} requests failed.`);
  await second.destroy();
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof QuaysideError ? `\n✗ ${error.message}\n  ${error.fix ?? ""}` : error);
}
if (failed > 0) process.exitCode = 1;

/** A user who asks again as soon as he is answered. */
async function ask(url: string, signal: AbortSignal): Promise<void> {
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

/** What was asked before the traffic moved does not count. */
async function answered(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  answers = new Map();
}

/** Waits for that many answers. */
async function until(many: number): Promise<void> {
  const sum = () => [...answers.values()].reduce((total, each) => total + each, 0);
  while (sum() < many && failed === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

function count(what: string): void {
  const shares = [...answers].sort().map(([version, times]) => `${times} of ${version}`);
  console.log(`  » ${what}: ${shares.join(", ") || "no answers yet"}`);
  answers = new Map();
}
