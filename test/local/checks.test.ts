import { afterEach, describe, expect, test } from "vitest";
import { SpecError } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

const opened: LocalCloud[] = [];
afterEach(() => Promise.all(opened.splice(0).map((cloud) => cloud.close())));
const open = (): LocalCloud => {
  const cloud = localCloud({ clock: "virtual" });
  opened.push(cloud);
  return cloud;
};

/** The issues with which `work` is refused, as `path: message`. */
function issuesOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe("localCloud()", () => {
  test.each<[unknown, string]>([
    [{ timescale: 5 }, "localCloud.timescale: unknown option; did you mean timeScale?"],
    [{ timeScale: 0 }, "localCloud.timeScale: must be a number above 0; got 0"],
    [{ timeScale: Number.NaN }, "localCloud.timeScale: must be a number above 0; got NaN"],
    [{ timeScale: "20" }, 'localCloud.timeScale: must be a number above 0; got "20"'],
    [{ clock: "virtaul" }, 'localCloud.clock: must be "real" or "virtual"; got "virtaul"'],
    [{ seed: 1.5 }, "localCloud.seed: must be a whole number"],
    [
      { region: "europe" },
      'localCloud.region: must be the id of a region, such as "eu-west-1"; got "europe"',
    ],
    [{ accountId: "12" }, 'localCloud.accountId: must be an account id of 12 digits; got "12"'],
    [{ account: "123456789012" }, "localCloud.account: must be a localAccount()"],
    [{ images: { web: { exit: 1 } } }, "localCloud.images.web.exit: unknown option; did you mean exits?"],
    [{ images: { web: { crashes: true } } }, "localCloud.images.web.crashes: unknown option"],
    [
      { images: { web: { exits: "1" } } },
      'localCloud.images.web.exits: must be an exit code from 0 to 255; got "1"',
    ],
    [
      { images: { web: { exits: 1, after: "soon" } } },
      'localCloud.images.web.after: must be a time such as "5s"',
    ],
    [{ images: { web: { unhealthy: true, missing: true } } }, "cannot be combined with missing"],
    [{ images: { web: { writes: ["a"] } } }, "localCloud.images.web.every: is required"],
    [{ images: { web: {} } }, "localCloud.images.web: must be one of the behaviors"],
    [
      { images: { web: { byCommand: { migrate: { exit: 1 } } } } },
      "localCloud.images.web.byCommand.migrate.exit: unknown option; did you mean exits?",
    ],
    [{ run: { web: ["node"] } }, "localCloud.run.web: must be an object of options; got an array"],
    [{ run: { web: { comand: ["node"] } } }, "localCloud.run.web.command: must be an array of strings"],
    [
      { run: { web: { command: ["node"], env: { PORT: 8080 } } } },
      "localCloud.run.web.env.PORT: must be a string",
    ],
    [
      { vpcs: [{ subnets: [{ zone: "a", egres: "nat" }] }] },
      "localCloud.vpcs.0.subnets.0.egres: unknown option; did you mean egress?",
    ],
    [{ certificates: [{ domain: "talk" }] }, "localCloud.certificates.0.domain: must be a domain"],
    [{ secrets: [{ name: "a" }] }, "localCloud.secrets.0.kmsKey: is required"],
    [{ taggingDelay: -1 }, "localCloud.taggingDelay: must be a number of 0 or more; got -1"],
    [{ clock: "virtual", docker: true }, "localCloud.docker: needs the real clock"],
    [{ caller: "admin" }, "localCloud.caller: must be a policy document"],
    ["eu-west-1", 'localCloud: must be an object of options; got "eu-west-1"'],
  ])("refuses %j", (options, issue) => {
    expect(issuesOf(() => opened.push(localCloud(options as never)))).toContainEqual(
      expect.stringContaining(issue),
    );
  });
});

describe("faults.inject()", () => {
  test.each<[unknown, string]>([
    [
      { operation: "createServce", kind: "throttled" },
      'fault.operation: must be an operation as its API names it, such as "createService"; got "createServce"',
    ],
    [{ operation: "CreateService", kind: "throttled" }, 'such as "createService"; got "CreateService"'],
    [
      { service: "elb", operation: "createService", kind: "throttled" },
      "fault.operation: must be an operation of elb as its API names it",
    ],
    [{ service: "elbv2", kind: "throttled" }, "fault.service: must be"],
    [{ operation: "createService" }, "fault.kind: is required"],
    [{ kind: "throtled" }, "fault.kind: must be"],
    [{ kind: "throttled", nth: 0 }, "fault.nth: must be a whole number of 1 or more; got 0"],
    [{ kind: "throttled", times: Number.NaN }, "fault.times: must be a whole number of 1 or more; got NaN"],
    [{ kind: "throttled", code: "Throttling" }, "fault.code: unknown option"],
    [{ kind: "refuse" }, "fault.code: is required"],
    [{ kind: "abort" }, "fault.run: must be an AbortController or a function; got undefined"],
    [{ kind: "abort", run: () => {}, when: "later" }, 'fault.when: must be "before" or "after"'],
    [undefined, "fault"],
  ])("refuses a fault that would never hit, or not as meant: %j", (fault, issue) => {
    const { faults } = open();
    expect(issuesOf(() => faults.inject((fault ?? []) as never)).join("\n")).toContain(issue);
  });

  test("takes one for every request, until it is removed", () => {
    expect(issuesOf(() => open().faults.inject({ kind: "throttled", times: Infinity }))).toEqual([]);
  });
});

test.each<[unknown, unknown, string]>([
  ["talk", { cpu: Number.NaN }, "load.cpu: must be a number of 0 or more; got NaN"],
  ["talk", { cpus: 50 }, "load.cpus: unknown option; did you mean cpu?"],
  ["talk", { cpu: -1 }, "load.cpu: must be a number of 0 or more; got -1"],
  ["talk", 50, "load: must be an object such as { cpu: 150 }; got 50"],
  ["", { cpu: 1 }, "service: must be the name of a service"],
])("load() refuses what would be no load: %j %j", (service, load, issue) => {
  expect(issuesOf(() => open().load(service as never, load as never))).toEqual([
    expect.stringContaining(issue) as string,
  ]);
});

test("metric() refuses what is no number, and what names no metric", () => {
  const cloud = open();
  const named = { namespace: "talks", name: "queue" };
  expect(issuesOf(() => cloud.metric(named, Number.NaN))).toEqual([
    "value: must be a number, or undefined for no data; got NaN",
  ]);
  expect(issuesOf(() => cloud.metric({ namespace: "talks", nam: "queue" } as never, 1)).join()).toContain(
    "metric.nam: unknown option; did you mean name?",
  );
  expect(issuesOf(() => cloud.metric(named, undefined))).toEqual([]);
});
