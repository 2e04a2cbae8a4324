import { createServer, type Server } from "node:http";
import { afterMs, cannotPull, passesHealthChecks, type ImageBehaviour } from "./image-behaviour.js";
import type { LocalClock, Scheduled } from "../kernel/clock.js";
import type { RunningTask, TaskToRun } from "./task-runtime.js";

/** What runs for an image that nobody said how to run: a server on loopback that answers 200 to anything. */
export function startStandIn(
  clock: LocalClock,
  task: TaskToRun,
  behaviour: ImageBehaviour | undefined,
): RunningTask {
  if (behaviour !== undefined && "missing" in behaviour) {
    return {
      started: Promise.reject(new Error(cannotPull(task.image))),
      exited: new Promise(() => {}),
      stop: () => {},
    };
  }
  type Exit = Awaited<RunningTask["exited"]>;
  let exit!: (how: Exit) => void;
  let next: Scheduled | undefined;
  const exited = new Promise<Exit>((resolve) => (exit = resolve));
  const status = passesHealthChecks(behaviour) ? 200 : 500;
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "text/plain" });
    response.end(`${task.image} on ${task.hostName}\n`);
  });
  const started = listen(server).then((port) => {
    for (const line of behaviour?.log ?? []) task.log(line);
    if (behaviour !== undefined && "exits" in behaviour) {
      next = clock.schedule(afterMs(behaviour.after), () => end(behaviour.exits));
    }
    return { port };
  });
  const end = (exitCode: number) => {
    next?.cancel();
    server.close(() => exit({ exitCode, reason: undefined }));
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
      // It keeps no program alive: what does is whoever asks it.
      server.unref();
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
