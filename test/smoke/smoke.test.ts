import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smoke, type SmokeOptions } from "../../smoke/smoke.js";
import { STEPS } from "../../smoke/steps.js";
import { localTarget } from "../../smoke/target.js";
import type { Cloud } from "../../src/index.js";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "quayside-smoke-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const ID = "c0ffee";
const step = (name: string) => STEPS.filter((one) => one.name === name);

async function run(options: Partial<SmokeOptions> & Pick<SmokeOptions, "steps">) {
  const lines: string[] = [];
  const never = new AbortController().signal;
  const result = await smoke({
    target: localTarget(ID, { seed: 2 }),
    folder,
    minutes: Infinity,
    stop: never,
    abandon: never,
    print: (line) => lines.push(line),
    ...options,
  });
  return { ...result, lines, text: readFileSync(result.page, "utf8") };
}

/** Changes the answers of an operation. */
function changed(
  cloud: Cloud,
  service: "ecs" | "elb",
  operation: string,
  change: (answer: never, nth: number) => unknown,
): Cloud {
  let calls = 0;
  const api = cloud.ports[service] as unknown as Record<string, (...args: unknown[]) => Promise<never>>;
  const ports = {
    ...cloud.ports,
    [service]: new Proxy(api, {
      get: (target, name) =>
        name === operation
          ? async (...args: unknown[]) => change(await target[operation]!(...args), ++calls)
          : Reflect.get(target, name),
    }),
  };
  return Object.create(cloud, { ports: { value: ports } }) as Cloud;
}

describe("the smoke run", () => {
  test("passes every step on the local cloud, leaves nothing, and finds no difference to itself", async () => {
    const { results, left, differences, text } = await run({ steps: STEPS });
    expect(results.filter(({ state }) => state !== "passed")).toEqual([]);
    expect(left).toEqual([]);
    expect(differences).toEqual([]);
    expect(text).toContain("## Left in the account\n\nNothing.");
    // Three at a time are an hour at most: with the rest of the last step, none begins that would end later.
    expect(STEPS.reduce((sum, { minutes }) => sum + minutes, 0)).toBeLessThan(3 * 55);
    expect(STEPS.reduce((sum, { dollars }) => sum + dollars, 0)).toBeLessThan(1);
  });

  test("finds the differences that were planted, and no other", async () => {
    const planted = localTarget(ID, {
      seed: 2,
      change: (cloud) =>
        changed(
          changed(cloud, "ecs", "describeServices", ({ services, ...rest }: { services: object[] }) => ({
            ...rest,
            services: services.map((one) => ({ ...one, futureMember: { enabled: true } })),
          })),
          "ecs",
          "createService",
          async (answer: object) => {
            await cloud.clock.sleep(10_000);
            return { ...answer, service: { ...(answer as { service: object }).service, desiredCount: "2" } };
          },
        ),
    });
    const { differences, text } = await run({
      steps: step("fargate"),
      target: { ...planted, place: "AWS" },
    });
    expect(differences.map(({ operation, kind, what }) => `${operation}: ${kind}: ${what}`)).toEqual([
      "ecs CreateService: type: service.desiredCount",
      "ecs CreateService: duration: median",
      "ecs DescribeServices: only on AWS: services[].futureMember",
    ]);
    expect(text).toContain("### ecs DescribeServices");
    expect(text).toMatch(/\| only on AWS \| `services\[\]\.futureMember` \| in \d+ of \d+, object \|/);
  });

  test("finds an error that only AWS answers, and destroys what a failed step has created", async () => {
    const target = localTarget(ID, {
      change: (cloud) =>
        changed(cloud, "ecs", "createService", () => {
          throw Object.assign(new Error("Account 340754841610 may not."), { name: "PlannedException" });
        }),
    });
    const { results, differences, left, text } = await run({
      steps: step("job").concat(step("spot")),
      target,
    });
    expect(results.map(({ step, state }) => `${step.name}: ${state}`)).toEqual([
      "job: passed",
      "spot: failed",
    ]);
    expect(differences).toContainEqual(
      expect.objectContaining({ operation: "ecs CreateService", kind: "error", what: "PlannedException" }),
    );
    expect(left).toEqual([]);
    expect(text).not.toContain("340754841610");
  });

  test("stops at a signal: the step is aborted and destroyed, no other begins", async () => {
    const stop = new AbortController();
    const target = localTarget(ID, {
      change: (cloud) =>
        changed(cloud, "ecs", "createService", (answer) => {
          stop.abort(new Error("SIGINT"));
          return answer;
        }),
    });
    const { results, left } = await run({ steps: STEPS.slice(0, 5), target, stop: stop.signal });
    expect(results.map(({ state }) => state)).not.toContain("passed");
    expect(results.at(-1)).toMatchObject({ state: "skipped", notes: ["the run was stopped"] });
    expect(left).toEqual([]);
  });

  test("says what is left if its destruction is abandoned", async () => {
    const stop = new AbortController();
    const target = localTarget(ID, {
      change: (cloud) =>
        changed(cloud, "ecs", "createService", (answer) => {
          stop.abort(new Error("SIGINT"));
          return answer;
        }),
    });
    const { left } = await run({ steps: step("fargate"), target, stop: stop.signal, abandon: stop.signal });
    expect(left.join("\n")).toContain("fargate could not be destroyed: aborted");
    expect(left.join("\n")).toMatch(/role\/quayside\//);
  });

  test("begins no step that would end after the time", async () => {
    const { results } = await run({ steps: step("job").concat(step("fargate")), minutes: 5 });
    expect(results.map(({ step, state }) => `${step.name}: ${state}`)).toEqual([
      "job: passed",
      "fargate: skipped",
    ]);
  });
});
