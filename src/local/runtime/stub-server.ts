import { createServer, type Server } from "node:http";
import type { LocalClock, Scheduled } from "../core/clock.js";
import { afterMs, cannotPull, failingCheck, type TaskBehavior } from "./image-behavior.js";
import type { RunningTask, TaskToRun } from "./task-runtime.js";

/**
 * The server that runs for an image without a configured process: it answers 200 to every request on loopback.
 */
export function startStubServer(
  clock: LocalClock,
  task: TaskToRun,
  behavior: TaskBehavior | undefined,
): RunningTask {
  if (behavior !== undefined && ("missing" in behavior || "cannotStart" in behavior)) {
    const why = "missing" in behavior ? cannotPull(task.image) : behavior.cannotStart;
    return {
      started: Promise.reject(new Error(why)),
      exited: new Promise(() => {}),
      stop: () => {},
    };
  }
  type Exit = Awaited<RunningTask["exited"]>;
  let exit!: (how: Exit) => void;
  let next: Scheduled | undefined;
  const exited = new Promise<Exit>((resolve) => (exit = resolve));
  const check = failingCheck(behavior);
  const server = createServer((_request, response) => {
    // The client sees a broken connection: for a server that does not listen, and for one that never answers.
    if (check?.status === 0) return void response.destroy();
    response.writeHead(check?.status ?? 200, { "content-type": "text/plain" });
    response.end(`${task.image} on ${task.hostName}\n`);
  });
  const started = listen(server).then((port) => {
    if (behavior !== undefined && "log" in behavior) for (const line of behavior.log ?? []) task.log(line);
    if (behavior !== undefined && "writes" in behavior) write(behavior, 1);
    if (behavior !== undefined && "exits" in behavior) {
      next = clock.schedule(afterMs(behavior.after), () => end(behavior.exits, behavior.reason));
    }
    return { port };
  });
  const write = (behavior: { readonly writes: readonly string[]; readonly every: string }, round: number) => {
    for (const line of behavior.writes) task.log(`${line} ${round}`);
    next = clock.schedule(afterMs(behavior.every), () => write(behavior, round + 1), "background");
  };
  const end = (exitCode: number, reason?: string) => {
    next?.cancel();
    server.close(() => exit({ exitCode, reason }));
    server.closeIdleConnections();
  };
  return {
    started,
    exited,
    stop: (seconds) => {
      end(143);
      clock.schedule(seconds * 1000, () => server.closeAllConnections());
    },
  };
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      // The server must not keep the program alive; its clients do.
      server.unref();
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
