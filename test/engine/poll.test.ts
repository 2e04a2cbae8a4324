import { describe, expect, it } from "vitest";
import { poll, withSharedPolls } from "../../src/engine/poll.js";
import { AbortedError, TimeoutError } from "../../src/errors.js";
import { VirtualClock } from "../../src/local/core/clock.js";

function wait(random = 0.5) {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const context = { clock, random: () => random, signal: controller.signal };
  const began = clock.now();
  const seconds = () => (clock.now() - began) / 1000;
  const what = "cluster web to become ACTIVE";
  return { controller, seconds, wait: { every: 5_000, timeout: 60_000, context, what, fix: "Look at it." } };
}

describe("poll", () => {
  it("calls the attempt at once, and then at intervals until it returns something", async () => {
    const { wait: web, seconds } = wait();
    const polls: number[] = [];
    const found = await poll(web, async () => {
      polls.push(seconds());
      return polls.length === 3 ? "there" : undefined;
    });
    expect(found).toBe("there");
    expect(polls).toEqual([0, 5, 10]);
  });

  it.each([
    [0, 4],
    [1, 6],
  ])("varies the first interval by a fifth at random (%d)", async (random, second) => {
    const { wait: web, seconds } = wait(random);
    await poll(web, async () => (seconds() > 0 ? true : undefined));
    expect(seconds()).toBeCloseTo(second);
  });

  it("polls at the same times as the other waits of its run", async () => {
    const { wait: web, seconds } = wait();
    const polls: number[] = [];
    const look = () => {
      polls.push(seconds());
      return seconds() > 10 ? true : undefined;
    };
    const late = async () => {
      await web.context.clock.sleep(2_000);
      await withSharedPolls(web.context, web.every);
      return poll(web, async () => look());
    };
    await Promise.all([poll(web, async () => look()), late()]);
    expect(polls).toEqual([0, 5, 5, 10, 10, 15, 15]);
  });

  it("times out with what was waited for, the reason, and the fix", async () => {
    const { wait: web, seconds } = wait();
    const error: unknown = await poll(
      { ...web, why: () => "it is PROVISIONING" },
      async () => undefined,
    ).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      message: "Timed out after 1 min waiting for cluster web to become ACTIVE: it is PROVISIONING",
      fix: "Look at it.",
    });
    expect(seconds()).toBe(60);
  });

  it("rejects during a pause when the run is aborted, with the caller's reason or a QuaysideError", async () => {
    for (const [reason, expected] of [
      [new Error("Ctrl-C"), AbortedError],
      [new TimeoutError("The run took longer than 20 min"), TimeoutError],
    ] as const) {
      const { wait: web, controller, seconds } = wait();
      const error: unknown = await poll(web, async () => {
        setImmediate(() => controller.abort(reason));
        return undefined;
      }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(expected);
      expect(seconds()).toBeLessThanOrEqual(5);
    }
  });
});
