import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { LocalClock, Scheduled } from "../core/clock.js";
import { answerRequest, type ContainerAnswer } from "./image-answers.js";
import { afterMs, answersOf, cannotPull, failingCheck, type TaskBehavior } from "./image-behavior.js";
import type { RunningTask, TaskToRun } from "./task-runtime.js";
import { listenOnLoopback } from "../core/listen-on-loopback.js";

/**
 * The server that runs for an image without a configured process: on loopback, it answers as the image's behavior
 * says, or 200 to every request.
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
  const answers = check?.status ?? answersOf(behavior) ?? 200;
  const server = createServer((request, response) => {
    if (answers === 0) return void response.destroy();
    void toRequest(request)
      .then((received) => answerRequest(answers, received, task))
      .then((answer) => send(answer, response));
  });
  const started = listenOnLoopback(server).then((port) => {
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

async function toRequest(message: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { method = "GET", url = "/", headers } = message;
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name === "host" ? [] : [[name, [value].flat().join(", ")] as [string, string]],
  );
  const body = chunks.length === 0 || method === "GET" || method === "HEAD" ? null : Buffer.concat(chunks);
  return new Request(new URL(url, `http://${headers.host ?? "localhost"}`), { method, headers: sent, body });
}

/** The client sees a broken connection: from a server that does not listen, and from one that never answers. */
function send(answer: ContainerAnswer, response: ServerResponse): void {
  if (typeof answer === "string") return void response.destroy();
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}
