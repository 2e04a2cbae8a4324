import type { Account } from "../core/account.js";
import { durations } from "../core/durations.js";
import { pullImage } from "../services/ecr/pull.js";
import { cannotPull } from "./image-behavior.js";
import type { TaskRuntime } from "./task-runtime.js";

/**
 * Fails tasks whose image is missing from the account's own registry, unless the cloud's options describe that
 * image.
 */
export function pullingRuntime(
  account: Pick<Account, "ecr" | "accountId" | "region" | "clock">,
  runtime: TaskRuntime,
  isConfigured: (image: string) => boolean,
): TaskRuntime {
  return {
    start(task) {
      if (isConfigured(task.image) || pullImage(account, task.image) !== undefined)
        return runtime.start(task);
      const started = new Promise<never>((_, reject) => {
        account.clock.schedule(durations.imagePull, () => reject(new Error(cannotPull(task.image))));
      });
      return { started, exited: new Promise(() => {}), stop: () => {} };
    },
  };
}
