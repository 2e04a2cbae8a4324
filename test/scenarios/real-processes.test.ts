import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, type LogLine } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { leastPrivilege } from "./least-privilege.js";

const cwd = fileURLToPath(new URL("writer", import.meta.url));
const process_ = (VERSION: string) => ({ command: ["node", "writer.mjs"], cwd, env: { VERSION } });

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

/** AWS's minutes in two seconds; the processes are real, and take their own time. */
function processes(): LocalCloud {
  const cloud = localCloud({
    caller: leastPrivilege(),
    timeScale: 30,
    run: { "writer:1": process_("1"), "writer:2": process_("2") },
  });
  clouds.push(cloud);
  return cloud;
}

const writer = (cloud: LocalCloud, version: number) =>
  new Deployment("writer")
    .image(`registry.example.com/writer:${version}`)
    // Four seconds of this computer's time to say its last words in.
    .container({ port: 8080, cpu: 256, memory: 512, stopTimeout: "120s" })
    .service({ desired: 2 })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const pidOf = (line: string): number | undefined => {
  const [, pid] = /pid (\d+)$/.exec(line) ?? [];
  return pid === undefined ? undefined : Number(pid);
};

describe("on real processes", () => {
  test("tail over a rollout gives every line of each task once and in order, to its end", async () => {
    const cloud = processes();
    await writer(cloud, 1).deploy();
    const abort = new AbortController();
    const lines: LogLine[] = [];
    const tailing = (async () => {
      const follow = { since: "1h", follow: true, signal: abort.signal };
      let ended = 0;
      for await (const line of writer(cloud, 1).tail(follow)) {
        lines.push(line);
        if (line.message.startsWith("end") && ++ended === 2) abort.abort();
      }
    })();
    await writer(cloud, 2).deploy();
    await tailing;

    const tasks = [...new Set(lines.map(({ task }) => task))];
    expect(tasks).toHaveLength(4);
    for (const id of tasks) {
      const [first, ...rest] = lines.filter(({ task }) => task === id);
      const ended = rest.at(-1)!.message.startsWith("end") ? rest.pop()!.message : undefined;
      expect(rest.map(({ message }) => message)).toEqual(rest.map((_, index) => `line ${index + 1}`));
      // What was there before the rollout has ended, and is read to its end.
      expect(ended).toBe(first!.message.includes("v1") ? `end ${rest.length}` : undefined);
    }
    const times = lines.map(({ time }) => time.getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));

    await cloud.close();
    const pids = lines.flatMap(({ message }) => pidOf(message) ?? []);
    expect(pids).toHaveLength(4);
    expect(pids.filter(exists)).toEqual([]);
  });

  test("a task that exits 3 gives its exit code and its last lines, and leaves no process", async () => {
    const cloud = processes();
    const { tasks } = await writer(cloud, 1).run({
      command: ["node", "writer.mjs", "fail"],
      environment: { REASON: "no database" },
      count: 2,
    });
    expect(tasks).toHaveLength(2);
    for (const task of tasks) {
      expect(task).toMatchObject({ exitCode: 3, diagnosis: "exited-on-start" });
      // Two pipes have no order between them.
      const [started, ...lines] = task.logs.filter((line) => !line.startsWith("Error"));
      expect(lines).toEqual(["reading", "writing"]);
      expect(task.logs).toContain("Error: no database");
      expect(exists(pidOf(started!)!)).toBe(false);
    }
  });

  test("a run that is aborted leaves its task running, until the cloud is closed", async () => {
    const cloud = processes();
    const abort = new AbortController();
    const pids: number[] = [];
    const running = writer(cloud, 2).run({
      signal: abort.signal,
      onEvent: (event) => {
        const pid = event.type === "log" ? pidOf(event.message) : undefined;
        if (pid === undefined) return;
        pids.push(pid);
        abort.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(pids.map(exists)).toEqual([true]);
    await cloud.close();
    expect(pids.map(exists)).toEqual([false]);
  });
});
