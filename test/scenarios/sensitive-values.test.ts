import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, Job, type Plan, type QuaysideEvent } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = (): void => {
  const migrates = { byCommand: { migrate: { exits: 0, after: "5s" } } } as const;
  cloud = localCloud({ clock: "virtual", images: { "registry.example.com/talk:1": migrates } });
};

const cluster = new Cluster("web").fargate();
const talk = (version: string, variables: Readonly<Record<string, string>> = {}) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 256 })
    .env({ TOKEN: `s3cret-${version}`, "dotted.name": `s3cret-${version}`, ...variables })
    .sidecar("proxy", { image: "proxy:1", environment: { PROXY_TOKEN: `s3cret-${version}` } })
    .beforeRelease({ command: ["migrate"], environment: { name: `s3cret-${version}`, value: "s3cret" } })
    .service({ desired: 1 })
    .cluster(cluster)
    .on(cloud);
const job = (version: string) =>
  new Job("report")
    .image("registry.example.com/report:1")
    .container({ cpu: 256 })
    .env({ JOB_TOKEN: `s3cret-${version}` })
    .cluster(cluster)
    .on(cloud);

const allOf = (plan: Plan): string =>
  [plan.toString(), plan.toMermaid(), JSON.stringify(plan), JSON.stringify(plan.changes)].join("\n");

describe("values of environment variables", () => {
  test("are in no plan, no result and no event of a first deploy", async () => {
    start();
    const events: QuaysideEvent[] = [];
    const onEvent = (event: QuaysideEvent) => void events.push(event);
    const texts = [
      allOf(await talk("one").plan()),
      JSON.stringify(await talk("one").deploy({ onEvent })),
      allOf(await job("one").plan()),
      JSON.stringify(await job("one").deploy({ onEvent })),
      JSON.stringify(events),
      String(await talk("one").status()),
    ];
    for (const text of texts) expect(text).not.toContain("s3cret");
    expect(texts[0]).toContain('{"name":"TOKEN","value":"(sensitive value)"}');
  });

  test("are named, and told to have changed, in the plan of a change", async () => {
    start();
    await talk("one", { GONE: "s3cret", KEPT: "s3cret" }).deploy();
    const plan = await talk("two", { KEPT: "s3cret", NEW: "s3cret" }).plan();
    expect(allOf(plan)).not.toContain("s3cret");
    expect(
      plan
        .toString()
        // A long line goes on in the next one.
        .replaceAll(/→\n +/g, "→ ")
        .split("\n")
        .filter((line) => line.includes("environment"))
        .map((line) => line.trim()),
    ).toMatchInlineSnapshot(`
      [
        "containerDefinitions.0.environment.NEW: (not set) → (sensitive value)",
        "containerDefinitions.0.environment.TOKEN: (sensitive value) → (sensitive value, changed)",
        "containerDefinitions.0.environment.dotted.name: (sensitive value) → (sensitive value, changed)",
        "containerDefinitions.0.environment.GONE: (sensitive value) → (not set)",
        "containerDefinitions.1.environment.PROXY_TOKEN: (sensitive value) → (sensitive value, changed)",
      ]
    `);
    const { changes } = await talk("two", { KEPT: "s3cret", NEW: "s3cret" }).deploy();
    expect(JSON.stringify(changes)).not.toContain("s3cret");
    expect((await talk("two", { KEPT: "s3cret", NEW: "s3cret" }).plan()).isEmpty).toBe(true);
  });

  test("are shown if asked for", async () => {
    start();
    await talk("one").deploy();
    const plan = await talk("two").plan({ showSensitive: true });
    expect(plan.toString()).toContain('"s3cret-one" → "s3cret-two"');
    const { changes } = await talk("two").deploy({ showSensitive: true });
    expect(JSON.stringify(changes)).toContain("s3cret-two");
  });

  test("are in no plan of a fleet, and of an override", async () => {
    start();
    const overridden = talk("one").override({
      registerTaskDefinition: (input) => ({
        ...input,
        containerDefinitions: input.containerDefinitions?.map((container) => ({
          ...container,
          environment: [{ name: "OVERRIDDEN", value: "s3cret-override" }],
        })),
      }),
    });
    expect(allOf(await new Fleet(overridden).plan())).not.toContain("s3cret");
    await new Fleet(talk("one")).deploy();
    const plan = await new Fleet(overridden).plan();
    expect(plan.isEmpty).toBe(false);
    expect(allOf(plan)).not.toContain("s3cret");
  });

  test("are shown only if showSensitive is true or false", async () => {
    start();
    await expect(talk("one").plan({ showSensitive: "yes" as never })).rejects.toMatchObject({
      code: "invalid-spec",
      message: expect.stringContaining("options.showSensitive"),
    });
  });
});
