import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AwsError, QuaysideError, type Cloud, type QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { talkService } from "./tutorial.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const errorOf = async (work: Promise<unknown>): Promise<QuaysideError> =>
  (await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )) as QuaysideError;

/** The number of the first request of a deploy that changes something, and of the last. */
async function writesOfDeploy(): Promise<{ first: number; last: number }> {
  const other = await sharedAccount();
  const calls = await callsOf(other, () => talkService(other).deploy());
  await other.close();
  return {
    first: calls.findIndex(({ write }) => write) + 1,
    last: calls.findLastIndex(({ write }) => write) + 1,
  };
}

describe("credentials that end in the middle of a deploy", () => {
  test("say what was done, and the next run continues from there", async () => {
    const { first, last } = await writesOfDeploy();
    const expired = cloud.faults.inject({
      kind: "credentials-expired",
      nth: Math.round((first + last) / 2),
      times: Infinity,
    });
    const error = await errorOf(talkService(cloud).deploy());
    expect(error).toBeInstanceOf(AwsError);
    expect(error.fix).toBe(
      "Log in again: the credentials have expired. Then run it again: it continues from what was done.",
    );
    expect(error.outcome?.done.length).toBeGreaterThan(0);
    expect(error.outcome?.notDone.length).toBeGreaterThan(0);

    expired.remove();
    await talkService(cloud).deploy();
    expect((await talkService(cloud).plan()).isEmpty).toBe(true);
  });

  test("say that nothing was changed, where nothing was", async () => {
    const { first } = await writesOfDeploy();
    cloud.faults.inject({ kind: "credentials-expired", nth: first - 3, times: Infinity });
    const error = await errorOf(talkService(cloud).deploy());
    expect(error.fix).toBe(
      "Log in again: the credentials have expired. Then run it again: nothing was changed.",
    );
  });

  /** A cloud whose SDK cannot load credentials any more from some moment on. */
  function loggedOut(from: number): Cloud {
    let calls = 0;
    const ended = new QuaysideError(
      "no-credentials",
      "Nothing was sent to AWS: no credentials were found (The SSO session has expired.)",
      {
        facts: { reason: "no credentials were found (The SSO session has expired.)" },
        fix: "Log in again: `aws sso login`.",
      },
    );
    const ports = Object.fromEntries(
      Object.entries(cloud.ports).map(([service, port]) => [
        service,
        Object.fromEntries(
          Object.entries(port as Record<string, (...given: unknown[]) => Promise<unknown>>).map(
            ([operation, call]) => [
              operation,
              (...given: unknown[]) => (++calls >= from ? Promise.reject(ended) : call(...given)),
            ],
          ),
        ),
      ]),
    );
    return { ...cloud, ports: ports as unknown as Cloud["ports"] };
  }

  test("and cannot be renewed are not told as if nothing had been sent", async () => {
    const { first, last } = await writesOfDeploy();
    const error = await errorOf(talkService(loggedOut(Math.round((first + last) / 2))).deploy());
    expect(error).toMatchObject({
      code: "no-credentials",
      message:
        "The credentials ended during the run and could not be renewed: no credentials were found (The SSO session has expired.)",
      fix: "Log in again: `aws sso login`. Then run it again: it continues from what was done.",
    });
    expect(error.outcome?.done.length).toBeGreaterThan(0);
  });

  test("and were never there are told so", async () => {
    expect((await errorOf(talkService(loggedOut(1)).plan())).message).toMatch(/^Nothing was sent to AWS: /);
  });
});

describe("a region that the account has not enabled", () => {
  test("is named as a cause", async () => {
    const south = await sharedAccount({ region: "af-south-1" });
    south.faults.inject({ kind: "region-not-enabled", times: Infinity });
    const error = await errorOf(talkService(south).plan());
    expect(error).toMatchObject({ code: "aws-refused" });
    expect(error.fix).toMatch(/^Enable the region af-south-1 for the account/);
    await south.close();
  });

  test("is no cause in a region that every account has", async () => {
    cloud.faults.inject({ kind: "region-not-enabled", times: Infinity });
    const error = await errorOf(talkService(cloud).plan());
    expect(error.fix).toMatch(/^Check the profile or the access key/);
  });
});

describe("the account of the credentials", () => {
  test("stands in the plan, with the region", async () => {
    const plan = await talkService(cloud).plan();
    expect(plan).toMatchObject({ account: "123456789012", region: "eu-west-1" });
    expect(plan.toString()).toMatch(/^Plan: 20 to create \(local cloud, account 123456789012, eu-west-1\)\n/);
    expect(plan.toJSON()).toMatchObject({ account: "123456789012", region: "eu-west-1" });
    expect(plan.toMermaid()).toMatch(
      /^---\ntitle: local cloud, account 123456789012, eu-west-1\n---\nflowchart LR\n/,
    );
  });

  test("stands in the event of the plan", async () => {
    const events: QuaysideEvent[] = [];
    await talkService(cloud).deploy({ onEvent: (event) => events.push(event) });
    expect(events[0]).toMatchObject({ type: "planned", account: "123456789012", region: "eu-west-1" });
  });

  test("is asked once a run", async () => {
    // That it is asked beside the other reads, the round trips of a plan say: see round-trips.test.ts.
    const calls = await callsOf(cloud, () => talkService(cloud).plan());
    expect(calls.filter(({ service }) => service === "sts")).toHaveLength(1);
  });

  test("is left out where STS does not answer", async () => {
    cloud.faults.inject({ service: "sts", kind: "access-denied", times: Infinity });
    const plan = await talkService(cloud).plan();
    expect(plan).toMatchObject({ account: undefined, region: "eu-west-1" });
    expect(plan.toString()).toMatch(/^Plan: 20 to create \(local cloud, eu-west-1\)\n/);
  });
});

describe("an account that is not in allowedAccounts", () => {
  const elsewhere = (): Cloud => ({ ...cloud, allowedAccounts: ["210987654321"] });
  const notAllowed = {
    code: "account-not-allowed",
    message:
      "Nothing was changed: the credentials belong to account 123456789012, and allowedAccounts has 210987654321",
  };

  test.each(["plan", "deploy", "destroy"] as const)("ends a %s before anything is changed", async (verb) => {
    await talkService(cloud).deploy();
    const before = comparable(cloud);
    const writes = await writesOf(cloud, async () => {
      expect(await errorOf(talkService(elsewhere())[verb]())).toMatchObject(notAllowed);
    });
    expect(writes).toEqual([]);
    expect(comparable(cloud)).toEqual(before);
  });

  test.each([
    ["run", () => talkService(elsewhere()).run({ command: ["true"] })],
    ["exec", () => talkService(elsewhere()).exec({ command: "sh" })],
  ] as const)("ends a %s, which has no plan, before its first change", async (_, work) => {
    await talkService(cloud).deploy();
    expect(await writesOf(cloud, () => errorOf(work()))).toEqual([]);
  });

  test("may be read", async () => {
    await talkService(cloud).deploy();
    expect((await talkService(elsewhere()).status()).isHealthy).toBe(true);
  });

  test("is not taken for an allowed one where STS does not answer", async () => {
    cloud.faults.inject({ service: "sts", kind: "access-denied", times: Infinity });
    const writes = await writesOf(cloud, async () => {
      const error = await errorOf(talkService({ ...cloud, allowedAccounts: ["123456789012"] }).deploy());
      expect(error).toMatchObject({ code: "account-unknown" });
      expect(error.message).toMatch(/^Nothing was changed: the account of the credentials is not known/);
    });
    expect(writes).toEqual([]);
  });

  test("differs from an allowed one, in which a deploy runs as ever", async () => {
    const allowed = { ...cloud, allowedAccounts: ["123456789012"] };
    await talkService(allowed).deploy();
    expect((await talkService(allowed).plan()).isEmpty).toBe(true);
  });
});

describe("a quota of the account that is exhausted", () => {
  test.each([
    ["ecs", "createService", "LimitExceededException"],
    ["logs", "createLogGroup", "LimitExceededException"],
    ["elb", "createLoadBalancer", "TooManyLoadBalancers"],
  ] as const)("is told at once: %s.%s", async (service, operation, code) => {
    const fault = cloud.faults.inject({ service, operation, kind: "refuse", code, times: Infinity });
    const error = await errorOf(talkService(cloud).deploy());
    expect(error.fix).toMatch(/^Request a higher quota in Service Quotas/);
    expect(fault.hits).toBe(1);
  });
});

describe("the tagging API", () => {
  test("that is throttled for longer than the SDK retries is waited for", async () => {
    const fault = cloud.faults.inject({ service: "tagging", kind: "throttled", times: 15 });
    await talkService(cloud).deploy();
    expect(fault.hits).toBe(15);
  });
});

test("a permission that the caller lacks is named", async () => {
  cloud.faults.inject({ operation: "createCluster", kind: "access-denied" });
  const error = await errorOf(talkService(cloud).deploy());
  expect(error).toMatchObject({
    code: "access-denied",
    facts: { action: "ecs:CreateCluster", caller: "arn:aws:iam::123456789012:user/developer" },
    fix: expect.stringContaining('{"Effect":"Allow","Action":"ecs:CreateCluster","Resource":"*"}'),
  });
});
