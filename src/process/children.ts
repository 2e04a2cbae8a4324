import { spawnSync, type ChildProcess } from "node:child_process";

/*
 * Child processes never outlive this one. `exit` does not fire when a signal ends the process, so the usual
 * signals are handled, too, and raised again unless the program has its own handler.
 */
const children = new Set<ChildProcess>();
/** Other actions to run at the end. */
const endActions = new Set<() => void>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function trackChild(child: ChildProcess): void {
  const forget = track(children, child);
  child.once("exit", forget);
  child.once("error", forget);
}

/** Calls `run` when this process ends, however it ends, unless the returned function is called before. */
export const onProcessEnd = (run: () => void): (() => void) => track(endActions, run);

/** Runs a program at the end of this process, where only synchronous calls are possible. */
export function runSync(program: string, args: readonly string[]): void {
  spawnSync(program, args, { stdio: "ignore", timeout: 10_000 });
}

function track<T>(registry: Set<T>, item: T): () => void {
  if (children.size + endActions.size === 0) {
    process.on("exit", killAll);
    for (const signal of signals) process.on(signal, onSignal);
  }
  registry.add(item);
  return () => {
    if (registry.delete(item) && children.size + endActions.size === 0) stopListening();
  };
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return; // The program decides; if it exits, `exit` fires.
  killAll();
  stopListening();
  process.kill(process.pid, signal);
}

/** Signals a child that leads its own process group, and every process that it has started. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // ESRCH: all of them have ended.
  }
}

function killAll(): void {
  for (const child of children) killGroup(child, "SIGKILL");
  for (const action of endActions) action();
}

function stopListening(): void {
  process.off("exit", killAll);
  for (const signal of signals) process.off(signal, onSignal);
}
