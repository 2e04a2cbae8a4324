/*
 * Deploys the conference's talk-service, shows that two containers answer, and destroys everything.
 *
 *   npm start                            on the local cloud: nothing to install, no account
 *   npm start -- --once                  the same, and destroyed as soon as both have answered
 *   npm start -- --aws                   on AWS, or at AWS_ENDPOINT_URL (needs Docker, and costs money)
 *   npm start -- --aws --image <ref>     the same, with an image that is already in a registry
 *   npm start -- --timeline deploy.html  also draws the deploy and the destroy as a page
 */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  aws,
  Cluster,
  Deployment,
  LoadBalancer,
  QuaysideError,
  reporters,
  terminalReporter,
  timelineReporter,
} from "quayside";
import { localCloud } from "quayside/local";

/** The directory of this file, with the server and its Dockerfile. */
const DIRECTORY = fileURLToPath(new URL(".", import.meta.url));

const { values: flags } = parseArgs({
  options: {
    aws: { type: "boolean", default: false },
    image: { type: "string", default: process.env["TALK_IMAGE"] ?? DIRECTORY },
    "key-pair": { type: "string" },
    once: { type: "boolean", default: false },
    timeline: { type: "string" },
  },
});

// The local cloud runs the directory without Docker, as the process that its Dockerfile describes.
const local = flags.aws ? undefined : localCloud();

const cluster = new Cluster("conference-cluster").ec2({
  instanceType: "t3.micro",
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
const onEvent = reporters(
  terminalReporter({ stream: process.stdout }),
  ...(flags.timeline === undefined ? [] : [timelineReporter(flags.timeline, { title: "talk-service" })]),
);
const print = (text: string) => console.log(text);

try {
  print(`${await talk.plan({ signal })}\n`);

  const { url } = await talk.deploy({ signal, onEvent });
  print(`\ntalk-service answers at ${url}:\n`);

  for await (const answer of answersOfHosts(2, url!)) print(`  ${answer}`);

  const { isHealthy, tasks, instances, targets } = await talk.status();
  const healthy = targets.filter((target) => target.state === "healthy").length;
  print(
    `\n${isHealthy ? "Healthy" : "Unhealthy"}: ${tasks.running} of ${tasks.desired} tasks run on ${instances} instances,`,
  );
  print(`${healthy} of ${targets.length} targets are healthy.`);

  // Only a person can press Ctrl-C: without a terminal, the example ends by itself.
  if (!flags.once && process.stdout.isTTY) {
    print("\nPress Ctrl-C to destroy everything; press it again to exit immediately.");
    await interrupted();
  }
} catch (error) {
  // An interruption is not an error: the user requested it.
  if (!signal.aborted) report(error);
}

// Runs also after a failure or an interruption, so that no resource keeps costing money.
try {
  print("\nDestroying …");
  const { deleted, kept } = await talk.destroy({ onEvent, images: true });
  print(`\n${deleted.length} resources were deleted.`);
  for (const { resource, name, why } of kept) print(`  kept: ${resource} ${name}, because ${why}`);
} catch (error) {
  report(error);
}
await local?.close();

/** Sends requests until `hosts` hosts have answered, and yields each new answer; gives up after 100 requests. */
async function* answersOfHosts(hosts: number, url: string): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (let requests = 0; seen.size < hosts; requests++) {
    if (requests === 100) throw new Error(`Only ${seen.size} of ${hosts} hosts answered at ${url}`);
    const answer = await request(url);
    if (answer !== undefined) {
      seen.add(answer);
      yield answer;
    } else if (process.env["AWS_ENDPOINT_URL"] !== undefined) {
      return print("  no answer: an emulator of AWS has no load balancer that forwards requests");
    } else {
      // The DNS name of a new load balancer takes a minute or two to propagate.
      await pause(5_000, undefined, { signal });
    }
  }
}

/** The answer, or `undefined` if there was none. */
async function request(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal });
    return response.ok ? (await response.text()).trim() : undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

async function interrupted(): Promise<void> {
  // A signal alone does not keep the process alive.
  const keepAlive = setInterval(() => {}, 60_000);
  while (!signal.aborted) await once(signal, "abort");
  clearInterval(keepAlive);
}

/** Prints an error, unless the reporter has said why a run failed. */
function report(error: unknown): void {
  process.exitCode = 1;
  if (!(error instanceof QuaysideError && error.outcome)) console.error(error);
}
