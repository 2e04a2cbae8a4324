import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LocalClock } from "../../../src/local/core/clock.js";
import { entryForImage } from "../../../src/local/runtime/image-table.js";
import { createProcessRuntime } from "../../../src/local/runtime/process-runtime.js";
import type { RunningTask, TaskToRun } from "../../../src/local/runtime/task-runtime.js";

/** What the runtime does later, if a task has not ended by then: here, when the test says so. */
const later: (() => void)[] = [];
const timeIsUp = (): void => later.splice(0).forEach((run) => run());
const clock: LocalClock = {
  now: () => 0,
  sleep: async () => {},
  schedule: (_, run) => {
    later.push(run);
    return { cancel: () => {} };
  },
  advance: () => Promise.resolve(),
  close: () => {},
};
const script = fileURLToPath(new URL("echo-server.mjs", import.meta.url));
const runtime = createProcessRuntime({
  clock,
  run: {
    echo: { command: ["node", script], env: { VERSION: "1", FROM: "run" } },
    stubborn: { command: ["node", script, "--stubborn"] },
    exits: { command: ["node", script, "--exit"] },
    nothing: { command: ["there-is-no-such-program"] },
  },
  images: { gone: { missing: true }, sick: { unhealthy: true } },
});

const tasks: RunningTask[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const task of tasks.splice(0)) {
    task.stop(0);
    timeIsUp();
    await Promise.race([task.exited, task.started.then(() => task.exited)]).catch(() => {});
  }
});

const lines: string[] = [];
function start(image: string, change: Partial<TaskToRun> = {}): RunningTask {
  lines.length = 0;
  const task = runtime.start({
    taskId: "1",
    image,
    platform: "linux/amd64",
    entryPoint: undefined,
    command: undefined,
    environment: {},
    containerPort: 8080,
    memory: undefined,
    hostName: "0123456789ab",
    log: (line) => void lines.push(line),
    ...change,
  });
  tasks.push(task);
  return task;
}
/** Long enough for the slowest machine. */
const PATIENCE = { timeout: 300_000, interval: 20 };
/** Sends requests until the process listens. */
const ask = async (task: RunningTask, path = "/"): Promise<Response> => {
  const { port } = await task.started;
  return vi.waitFor(() => fetch(`http://127.0.0.1:${port}${path}`), PATIENCE);
};

describe("a task that is a real process", () => {
  it("gets its port, its own host name and the container's environment, but none of this process's secrets", async () => {
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    const answer = await ask(start("echo", { environment: { VERSION: "2" } }));
    const body = (await answer.json()) as { host: string; version: string; env: string[] };
    expect(body).toMatchObject({ host: "0123456789ab", version: "2" });
    expect(body.env).toEqual(expect.arrayContaining(["PORT", "HOSTNAME", "PATH", "FROM"]));
    expect(body.env).not.toContain("AWS_SECRET_ACCESS_KEY");
  });

  it("logs its output, and reports its exit code", async () => {
    const task = start("echo");
    await ask(task);
    task.stop(30);
    expect(await task.exited).toEqual({ exitCode: 143, reason: undefined });
    expect([...lines].sort()).toEqual(["listening as 0123456789ab", "to stderr"]);
    expect(await start("exits").exited).toMatchObject({ exitCode: 7 });
  });

  it("is killed when it does not end in time", async () => {
    const task = start("stubborn");
    await ask(task);
    task.stop(10);
    await vi.waitFor(() => expect(lines).toContain("not yet"), PATIENCE);
    timeIsUp();
    expect(await task.exited).toMatchObject({ exitCode: 137 });
  });

  it("reports why it cannot start", async () => {
    await expect(start("nothing").started).rejects.toThrow(
      /CannotStartContainerError.*there-is-no-such-program/,
    );
    await expect(start("gone").started).rejects.toThrow(/CannotPullContainerError.*gone: not found/);
  });

  it("can be stopped before it has started", async () => {
    const task = start("echo");
    task.stop(30);
    expect(await task.exited).toMatchObject({ exitCode: 143 });
  });
});

it("an image without a configured process is a server that answers 200, unless its behavior is unhealthy", async () => {
  const unknown = await ask(start("nginx:latest"), "/anything");
  expect(unknown.status).toBe(200);
  const sick = await ask(start("sick"), "/health");
  expect(sick.status).toBe(500);
});

describe("the entry for an image", () => {
  const table = { "talk-service": 1, "talk-service:2": 2, "team/other": 3 };
  it.each([
    ["talk-service", 1],
    ["talk-service:1", 1],
    ["talk-service:2", 2],
    ["registry.example.com:5000/team/talk-service:2", 2],
    ["123.dkr.ecr.eu-west-1.amazonaws.com/talk-service@sha256:abc", 1],
    ["talk-service:2@sha256:abc", 2],
    ["docker.io/team/other:9", 3],
    ["my-talk-service", undefined],
    ["other", undefined],
  ])("%s is %s", (image, entry) => {
    expect(entryForImage(table, image)?.entry).toBe(entry);
  });
});
