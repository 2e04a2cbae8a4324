/*
 * Deploys the conference's talk-service, shows that two containers answer, and takes everything down.
 *
 *   npm start                            on the local cloud: nothing to install, no account
 *   npm start -- --once                  the same, and down again as soon as both have answered
 *   npm start -- --aws                   on AWS, or wherever AWS_ENDPOINT_URL points (needs Docker, and costs money)
 *   npm start -- --aws --image <ref>     the same, with an image that is in a registry already
 */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { aws, Cluster, Deployment, LoadBalancer, QuaysideError, terminalReporter } from "quayside";
import { localCloud } from "quayside/local";

/** Of this file: the server, and its Dockerfile. */
const DIRECTORY = fileURLToPath(new URL(".", import.meta.url));

const { values: flags } = parseArgs({
  options: {
    aws: { type: "boolean", default: false },
    image: { type: "string", default: process.env["TALK_IMAGE"] ?? DIRECTORY },
    "key-pair": { type: "string" },
    once: { type: "boolean", default: false },
  },
});

// It runs the directory without Docker: as the process that its Dockerfile describes.
const local = flags.aws ? undefined : localCloud();

const cluster = new Cluster("conference-cluster").ec2({
  instanceType: "t2.micro",
  securityGroup: "conferenceEcsSecurityGroup",
  instanceRole: "ecsInstanceRole",
  ...(flags["key-pair"] === undefined ? {} : { keyPair: flags["key-pair"] }),
});

const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");

const talk = new Deployment("talk-service")
  .image(flags.image)
  .container({ name: "web", cpu: 128, memoryReservation: 128 })
  .service({ name: "talk-service-ecs", desired: 2 })
  .cluster(cluster)
  .behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" })
  .logs("talk-service-cloudwatch", { streamPrefix: "aws-talk-service-cloudwatch", retention: "30d" })
  .on(local ?? aws());

const interrupt = new AbortController();
process.once("SIGINT", () => {
  interrupt.abort();
  process.once("SIGINT", () => process.exit(130));
});
const { signal } = interrupt;
const onEvent = terminalReporter({ stream: process.stdout });
const say = (text: string) => console.log(text);

try {
  say(`${await talk.plan({ signal })}\n`);

  const { url } = await talk.deploy({ signal, onEvent });
  say(`\ntalk-service answers at ${url}:\n`);

  for await (const answer of answersOfHosts(2, url!)) say(`  ${answer}`);

  const { isHealthy, tasks, instances, targets } = await talk.status();
  const healthy = targets.filter((target) => target.state === "healthy").length;
  say(
    `\n${isHealthy ? "Healthy" : "Not healthy"}: ${tasks.running} of ${tasks.desired} tasks run on ${instances} instances,`,
  );
  say(`${healthy} of ${targets.length} targets are healthy.`);

  // Only a person can press Ctrl-C: for whatever else called this, it ends by itself.
  if (!flags.once && process.stdout.isTTY) {
    say("\nCtrl-C takes everything down; a second Ctrl-C leaves at once.");
    await interrupted();
  }
} catch (error) {
  // An interruption is no error: the user asked for it.
  if (!signal.aborted) report(error);
}

// Also after a failure or an interruption: nothing that costs money is left behind.
try {
  say("\nTaking down …");
  const { deleted, kept } = await talk.destroy({ onEvent, images: true });
  say(`\n${deleted.length} resources are gone.`);
  for (const { resource, name, why } of kept) say(`  kept: ${resource} ${name}, because ${why}`);
} catch (error) {
  report(error);
}
await local?.close();

/** Asks until that many hosts have answered, yielding each answer; gives up after 100. */
async function* answersOfHosts(hosts: number, url: string): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (let asked = 0; seen.size < hosts; asked++) {
    if (asked === 100) throw new Error(`Only ${seen.size} of ${hosts} hosts answered at ${url}`);
    const answer = await ask(url);
    if (answer !== undefined) {
      seen.add(answer);
      yield answer;
    } else if (process.env["AWS_ENDPOINT_URL"] !== undefined) {
      return say("  nobody: an emulator of AWS has no load balancer that passes requests on");
    } else {
      // The name of a new load balancer takes a minute or two to be known everywhere.
      await pause(5_000, undefined, { signal });
    }
  }
}

/** The answer, or `undefined` when there was none. */
async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal });
    return response.ok ? (await response.text()).trim() : undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

async function interrupted(): Promise<void> {
  // A signal alone keeps no process alive.
  const awake = setInterval(() => {}, 60_000);
  while (!signal.aborted) await once(signal, "abort");
  clearInterval(awake);
}

/** What happened, why, and what to do about it. */
function report(error: unknown): void {
  process.exitCode = 1;
  console.error(error instanceof QuaysideError ? `\n✗ ${error.message}\n  ${error.fix ?? ""}` : error);
}
