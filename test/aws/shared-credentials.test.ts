import { expect, test, vi } from "vitest";
import { SharedCredentials } from "../../src/aws/sdk/shared-credentials.js";

const MINUTE = 60_000;

/** Credentials that live for so long, each with a key of its own, on a clock that the test sets. */
function shared(lifetime: number) {
  const clock = { now: 0 };
  let asked = 0;
  const source = vi.fn(async () => ({
    accessKeyId: `key-${++asked}`,
    secretAccessKey: "s",
    expiration: new Date(clock.now + lifetime),
  }));
  const credentials = new SharedCredentials(source, () => clock.now);
  const key = async () => (await credentials.get()).accessKeyId;
  return { clock, source, credentials, key };
}

test("credentials are loaded once, and renewed five minutes before they expire", async () => {
  const { clock, key } = shared(60 * MINUTE);
  expect(await Promise.all([key(), key(), key()])).toEqual(["key-1", "key-1", "key-1"]);
  clock.now = 54 * MINUTE;
  expect(await key()).toBe("key-1");
  clock.now = 56 * MINUTE;
  expect(await Promise.all([key(), key()])).toEqual(["key-2", "key-2"]);
});

test("credentials that live for less than that are renewed after half of their time", async () => {
  const { clock, key } = shared(4 * MINUTE);
  expect([await key(), await key()]).toEqual(["key-1", "key-1"]);
  clock.now = 3 * MINUTE;
  expect(await key()).toBe("key-2");
});

test("credentials that cannot be renewed are used until they expire", async () => {
  const { clock, source, key } = shared(60 * MINUTE);
  await key();
  source.mockRejectedValue(new Error("offline"));
  clock.now = 58 * MINUTE;
  expect(await key()).toBe("key-1");
  clock.now = 61 * MINUTE;
  await expect(key()).rejects.toThrow("offline");
});

test("a failure is shared by all who ask at the same moment", async () => {
  const { clock, source, key } = shared(60 * MINUTE);
  source.mockRejectedValueOnce(new Error("no code"));
  await expect(key()).rejects.toThrow("no code");
  await expect(key()).rejects.toThrow("no code");
  expect(source).toHaveBeenCalledTimes(1);
  clock.now = 2_000;
  expect(await key()).toBe("key-1");
});

test("expired credentials are loaded again once, for all requests that were sent with them", async () => {
  const { source, credentials } = shared(60 * MINUTE);
  const { generation } = credentials;
  await credentials.get();
  expect(await Promise.all([credentials.renew(generation), credentials.renew(generation)])).toEqual([
    true,
    true,
  ]);
  expect(await credentials.renew(generation)).toBe(true);
  expect(source).toHaveBeenCalledTimes(2);
});

test("the same credentials again are no renewed ones", async () => {
  const same = { accessKeyId: "id", secretAccessKey: "s" };
  const credentials = new SharedCredentials(
    async () => same,
    () => 0,
  );
  await credentials.get();
  expect(await credentials.renew(credentials.generation)).toBe(false);
});
