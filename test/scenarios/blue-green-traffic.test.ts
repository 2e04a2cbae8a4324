import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";
import { leastPrivilege } from "./least-privilege.js";

const server = {
  command: [process.execPath, "server.mjs"],
  cwd: fileURLToPath(new URL("../../examples/talk-service", import.meta.url)),
};

/** In real time 24 minutes: a busy machine may need more than the default, 45 seconds. */
const PATIENT = { timeout: "24h" };

test("under a stream of requests a rolling service becomes blue/green, gets a new version, and becomes rolling again: none is lost", async () => {
  await using cloud = localCloud({
    caller: leastPrivilege(),
    timeScale: 60,
    run: {
      "talk-service:1": { ...server, env: { VERSION: "1" } },
      "talk-service:2": { ...server, env: { VERSION: "2" } },
    },
  });
  const rolling = (version: number) =>
    new Deployment("talk-service")
      .image(`talk-service:${version}`)
      .port(8080)
      .container({ cpu: 128, memoryReservation: 128 })
      .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
      .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
      .on(cloud);
  const colored = (version: number) => rolling(version).blueGreen({ shift: [50, 100], every: "20s" });

  const { url } = await rolling(1).deploy(PATIENT);
  const users = new AbortController();
  const seen: string[] = [];
  const lost: unknown[] = [];
  const user = async (): Promise<void> => {
    while (!users.signal.aborted) {
      try {
        const response = await fetch(url!);
        const text = await response.text();
        if (response.ok) seen.push(/version \d/.exec(text)?.[0] ?? text);
        else lost.push(`${response.status} ${text}`);
      } catch (error) {
        lost.push(error);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const stream = Promise.all(Array.from({ length: 4 }, user));

  await colored(1).deploy(PATIENT);
  await colored(2).deploy(PATIENT);
  await (await colored(2).release()).rollback();
  await (await colored(2).release()).promote();
  await rolling(2).deploy(PATIENT);

  users.abort();
  await stream;
  expect(lost).toEqual([]);
  expect(new Set(seen)).toEqual(new Set(["version 1", "version 2"]));
  expect(seen.at(-1)).toBe("version 2");
  expect(Object.keys(cloud.state().services)).toEqual(["conference-cluster/talk-service"]);
});
