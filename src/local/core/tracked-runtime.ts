import { untilEnded, type RunningTask, type TaskRuntime } from "../runtime/task-runtime.js";

export interface TrackedRuntime extends TaskRuntime {
  /** Stops every task, starts no more tasks, and resolves when the last one has ended. */
  end(): Promise<void>;
}

/** Tracks running tasks, so that closing a cloud leaves none of them behind. */
export function trackRuntime(runtime: TaskRuntime): TrackedRuntime {
  const running = new Set<RunningTask>();
  let ended = false;
  return {
    start(task) {
      if (ended) return never;
      const started = runtime.start(task);
      running.add(started);
      const forget = () => void running.delete(started);
      started.started.catch(forget);
      started.exited.then(forget, forget);
      return started;
    },
    async end() {
      ended = true;
      const last = [...running];
      for (const task of last) task.stop(0);
      await Promise.all(last.map(untilEnded));
    },
  };
}

/** A task of a closed cloud: it neither starts nor ends. */
const never: RunningTask = {
  started: new Promise(() => {}),
  exited: new Promise(() => {}),
  stop: () => {},
};
