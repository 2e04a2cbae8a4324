import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AbortedError, TimeoutError, type QuaysideError } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { talkOnFargate, talkService } from "./tutorial.js";

let cloud: LocalCloud;
let pristine: unknown;
beforeEach(async () => {
  cloud = await sharedAccount();
  pristine = comparable(cloud);
});
afterEach(() => cloud.close());

/** Fires after so many seconds of the cloud's time. */
function after(seconds: number): AbortSignal {
  const abort = new AbortController();
  void cloud.clock.sleep(seconds * 1000).then(() => abort.abort());
  return abort.signal;
}

const chains = { EC2: talkService, Fargate: talkOnFargate };
const moments = [0, 0.5, 2, 10, 30, 60, 100, 120, 150];
const cases = Object.keys(chains).flatMap((on) =>
  moments.map((seconds) => ({ on: on as keyof typeof chains, seconds })),
);

describe("a deploy", () => {
  test.each(cases)("on $on that is aborted after $seconds s is finished by the next run", async (one) => {
    const chain = chains[one.on](cloud);

    const error = (await chain
      .deploy({ signal: after(one.seconds) })
      .catch((e: unknown) => e)) as QuaysideError;

    expect(error).toBeInstanceOf(AbortedError);
    expect(error).toMatchObject({ code: "aborted", fix: "Run it again: completed steps are kept." });
    // Nothing goes on behind the caller's back.
    const calls = cloud.calls.length;
    await cloud.clock.sleep(60_000);
    expect(cloud.calls.length).toBe(calls);

    const done = error.outcome?.done ?? [];
    await chain.deploy();
    expect((await chain.status()).isHealthy).toBe(true);
    expect(done.every(({ action }) => action === "create")).toBe(true);
    await chain.destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("that is aborted says what was done and what was not", async () => {
    const error: QuaysideError = await talkService(cloud)
      .deploy({ signal: after(20) })
      .catch((thrown) => thrown);

    const names = (entries: readonly { resource: string }[] = []) => entries.map(({ resource }) => resource);
    expect(names(error.outcome?.done)).toEqual(
      expect.arrayContaining(["cluster", "load-balancer", "log-group"]),
    );
    expect(names(error.outcome?.notDone)).toEqual(expect.arrayContaining(["service"]));
    const all = [...names(error.outcome?.done), ...names(error.outcome?.notDone)];
    expect(all).toHaveLength(20);
  });

  test("with a signal that has fired already sends nothing", async () => {
    const before = cloud.calls.length;
    await expect(talkService(cloud).deploy({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      AbortedError,
    );
    expect(cloud.calls.length).toBe(before);
  });

  test.each([
    ["10s", /: it took longer than its timeout of 10s/],
    ["1m", /; it was waiting for load balancer conferenceAlb to become active$/],
  ])("that takes longer than %s names what it was waiting for", async (timeout, message) => {
    const error = await talkService(cloud)
      .deploy({ timeout })
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "timed-out", facts: { timeout }, fix: expect.any(String) });
    expect((error as Error).message).toMatch(message);
    await talkService(cloud).deploy();
    expect((await talkService(cloud).plan()).isEmpty).toBe(true);
  });
});

describe("a destroy", () => {
  test.each([0, 1, 5, 20, 60, 100])(
    "that is aborted after %d s is finished by the next run",
    async (seconds) => {
      await talkService(cloud).deploy();

      const error = await talkService(cloud)
        .destroy({ signal: after(seconds) })
        .catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(AbortedError);
      await talkService(cloud).destroy();
      expect(comparable(cloud)).toEqual(pristine);
    },
  );
});

describe("an account that answers slowly", () => {
  test("is deployed to all the same, and nothing is made twice", async () => {
    for (let nth = 3; nth < 400; nth += 7) cloud.faults.inject({ nth, kind: "throttled" });
    await talkService(cloud).deploy();
    cloud.faults.clear();

    expect((await talkService(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);
    await talkService(cloud).destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("is waited for longer than the SDK does", async () => {
    const before = await writesOf(cloud, () => talkService(cloud).deploy());
    await talkService(cloud).destroy();
    cloud.faults.inject({ operation: "createCluster", kind: "throttled", times: 25 });
    const retried: string[] = [];

    const writes = await writesOf(cloud, () =>
      talkService(cloud).deploy({
        onEvent: (event) => event.type === "retrying" && retried.push(event.operation),
      }),
    );

    expect(retried).toContain("CreateCluster");
    // The account has kept AWS's service-linked roles.
    expect(writes).toEqual(before.filter((operation) => operation !== "createServiceLinkedRole"));
  });
});
