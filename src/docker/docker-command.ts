import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { abortedWhile } from "../engine/poll.js";
import { trackChild, killGroup } from "../process/children.js";
import { dockerMissing } from "./docker-errors.js";

export interface DockerOptions {
  readonly signal: AbortSignal;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called for every line of both outputs. */
  readonly onLine?: (line: string) => void;
  /** The activity that an error names if the command is aborted: `building the image`. */
  readonly activity?: string;
}

export interface DockerResult {
  readonly code: number;
  readonly stdout: string;
  /** The last lines of both outputs together. */
  readonly lines: readonly string[];
}

const LAST_LINES = 60;
/** Milliseconds of real time that a client may take to notify its daemon. */
const GRACE = 5_000;

/**
 * Runs the user's own `docker`: Docker Desktop, Colima, Podman's replacement, a remote `DOCKER_HOST`. Only this
 * command knows the user's contexts, credential helpers, builders and caches, which is why it is spawned
 * instead of calling Docker's API.
 *
 * If aborted, ends the command and every process that it has started before rejecting.
 */
export async function docker(args: readonly string[], options: DockerOptions): Promise<DockerResult> {
  const { signal, env = {}, onLine = () => {}, activity = "running Docker" } = options;
  if (signal.aborted) throw abortedWhile(signal, activity);
  const child = spawn("docker", args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    // A process group of its own, because the client starts buildx as a separate process.
    detached: process.platform !== "win32",
  });
  trackChild(child);

  let kill: NodeJS.Timeout | undefined;
  const terminate = () => {
    killGroup(child, "SIGTERM");
    kill = setTimeout(() => killGroup(child, "SIGKILL"), GRACE);
  };
  signal.addEventListener("abort", terminate, { once: true });
  const lines: string[] = [];
  const stdout: string[] = [];
  const forward = (line: string): void => {
    lines.push(line);
    if (lines.length > LAST_LINES) lines.shift();
    onLine(line);
  };
  try {
    const read = [
      eachLine(child.stdout, (line) => {
        stdout.push(line);
        forward(line);
      }),
      eachLine(child.stderr, forward),
    ];
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ENOENT" ? dockerMissing(error) : error),
      );
      child.once("exit", (exitCode) => resolve(exitCode ?? 137));
    });
    await Promise.all(read);
    if (signal.aborted) throw abortedWhile(signal, activity);
    return { code, stdout: stdout.join("\n"), lines };
  } finally {
    clearTimeout(kill);
    signal.removeEventListener("abort", terminate);
  }
}

/** Resolves when the stream has ended and its last line was read. */
const eachLine = (stream: Readable, onLine: (line: string) => void): Promise<void> =>
  new Promise((resolve) => {
    createInterface({ input: stream, crlfDelay: Infinity }).on("line", onLine).once("close", resolve);
  });
