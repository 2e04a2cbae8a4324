import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  type DeployOptions,
  type QuaysideEvent,
} from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

const fargate = new Cluster("conference").fargate();
const talk = (version: string) =>
  new Deployment("talk")
    .image(`registry.example.com/talk:${version}`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(fargate);
const first = talk("1").behindAlb(new LoadBalancer("one").http(80));
const second = talk("2").behindAlb(new LoadBalancer("two").http(80));

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
let before: NodeJS.UnhandledRejectionListener[];
beforeAll(() => {
  before = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
});
afterAll(() => {
  process.removeAllListeners("unhandledRejection");
  for (const listener of before) process.on("unhandledRejection", listener);
});
beforeEach(() => void unhandled.splice(0));

/** Node reports rejections after its microtasks. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

type Options = Pick<DeployOptions, "signal" | "onEvent">;
type Run = (cloud: LocalCloud, options: Options) => Promise<unknown>;
type Listener = (controller: AbortController) => void;

/** What the listener does at one event. */
const ways: [string, Listener][] = [
  ["aborts", (controller) => controller.abort()],
  [
    "throws",
    () => {
      throw new Error("the listener");
    },
  ],
];

const runs: [string, (cloud: LocalCloud) => Promise<unknown>, Run][] = [
  ["a first deploy", async () => undefined, (cloud, options) => first.on(cloud).deploy(options)],
  ["an update", (cloud) => first.on(cloud).deploy(), (cloud, options) => second.on(cloud).deploy(options)],
  ["a destroy", (cloud) => first.on(cloud).deploy(), (cloud, options) => first.on(cloud).destroy(options)],
];

const cases = ways.flatMap(([way, listener]) =>
  runs.map(([what, prepare, run]) => [way, what, listener, prepare, run] as const),
);

/** One event of each kind, of each kind of resource. */
async function eventsOf(prepare: (cloud: LocalCloud) => Promise<unknown>, run: Run): Promise<string[]> {
  const cloud = localCloud({ clock: "virtual" });
  await prepare(cloud);
  const kinds = new Set<string>();
  await run(cloud, { onEvent: (event) => kinds.add(kindOf(event)) });
  await cloud.close();
  return [...kinds];
}

const kindOf = (event: QuaysideEvent): string =>
  `${event.type} ${"resource" in event ? String(event.resource) : ""}`.trim();

test.each(cases)(
  "A listener that %s at any event of %s leaves no unhandled rejection",
  async (_way, _what, listener, prepare, run) => {
    const found: string[] = [];
    for (const kind of await eventsOf(prepare, run)) {
      const cloud = localCloud({ clock: "virtual" });
      await prepare(cloud);
      const controller = new AbortController();
      let isMet = false;
      const onEvent = (event: QuaysideEvent) => {
        if (isMet || kindOf(event) !== kind) return;
        isMet = true;
        listener(controller);
      };
      const ended = await run(cloud, { signal: controller.signal, onEvent }).then(
        () => "completed",
        () => "failed",
      );
      await settled();
      await cloud.close();
      if (ended === "completed" && kind !== "ended") found.push(`${kind}: the run has completed`);
      for (const reason of unhandled.splice(0)) found.push(`${kind}: ${String(reason)}`);
    }
    expect(found).toEqual([]);
  },
);
