import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import { Deployment, Fleet, QuaysideError, RolloutError, terminalReporter } from "../../src/index.js";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

function open(options: LocalCloudOptions = {}): LocalCloud {
  const cloud = localCloud({ clock: "virtual", images: { "broken:1": { exits: 3 } }, ...options });
  clouds.push(cloud);
  return cloud;
}

const service = (name: string, cloud: LocalCloud) =>
  new Deployment(name).image(`${name}:1`).cluster("conference").on(cloud);

/** The error of a run that fails, and what a log shows of it. */
async function failure(cloud: LocalCloud, options: { readonly timeout?: string } = {}) {
  const written: string[] = [];
  const stream = { write: (text: string) => void written.push(text) };
  const onEvent = terminalReporter({ stream, color: false });
  const error = await service("broken", cloud)
    .deploy({ ...options, onEvent })
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(QuaysideError);
  return { error: error as QuaysideError, screen: written.join(""), calls: cloud.calls };
}

test("a test that fails on the virtual clock names its seed, which repeats it", async () => {
  const { error, screen, calls } = await failure(open({ seed: 7 }));
  expect(error).toBeInstanceOf(RolloutError);
  expect(error.facts["seed"]).toBe(7);
  expect(inspect(error)).toContain("seed: 7");
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({ facts: { seed: 7 } });
  expect(screen.split("\n")[0]).toContain("local cloud, seed 7, account 123456789012, eu-west-1");
  const again = await failure(open({ seed: error.facts["seed"] as number }));
  expect([again.error.message, again.screen, again.calls]).toEqual([error.message, screen, calls]);
});

test("whatever fails names the seed: a timeout, a refused call, each deployment of a fleet", async () => {
  const slow = await failure(open({ seed: 0 }), { timeout: "20s" });
  expect(slow.error).toMatchObject({ code: "timed-out", facts: { seed: 0, timeout: "20s" } });

  const denying = open({ seed: 8 });
  denying.faults.inject({ operation: "createCluster", kind: "access-denied", times: Infinity });
  const denied = await failure(denying);
  expect(denied.error).toMatchObject({ code: "access-denied", facts: { seed: 8 } });

  const cloud = open({ seed: 9, images: { "first:1": { exits: 3 }, "second:1": { missing: true } } });
  const fleet = new Fleet(...["first", "second", "third"].map((name) => service(name, cloud)));
  const results = await fleet.deploy({ settle: true });
  expect(results.map(({ error }) => (error as QuaysideError | undefined)?.facts["seed"])).toEqual([
    9,
    9,
    undefined,
  ]);
});

test("without a seed of its own, a run names none", async () => {
  const { error, screen } = await failure(open());
  expect(error.facts).not.toHaveProperty("seed");
  expect(screen).not.toContain("seed");
});
