import type { Account } from "../core/account.js";
import { durations } from "../core/durations.js";
import { pullImage } from "../services/ecr/pull.js";
import { cannotPull } from "./image-behavior.js";
import type { TaskRuntime } from "./task-runtime.js";

/**
 * Fails tasks whose image is missing from the account's own registry, or was built for another architecture than
 * the host's, unless the cloud's options describe that image.
 */
export function pullingRuntime(
  account: Pick<Account, "ecr" | "accountId" | "region" | "clock">,
  runtime: TaskRuntime,
  isConfigured: (image: string) => boolean,
): TaskRuntime {
  return {
    start(task) {
      const image = isConfigured(task.image) ? "elsewhere" : pullImage(account, task.image);
      if (image !== undefined && image !== "elsewhere" && !isFor(image.platform, task.platform)) {
        if (image.platform.includes(",")) return cannotStart(account, noDescriptor(task));
        // Docker pulls and starts it; its first process cannot be executed.
        const started = account.clock.sleep(durations.imagePull);
        return {
          started: started.then(() => {
            task.log("exec /usr/local/bin/docker-entrypoint.sh: exec format error");
            return { port: undefined };
          }),
          exited: started.then(() => ({ exitCode: 255, reason: undefined })),
          stop: () => {},
        };
      }
      if (image !== undefined) return runtime.start(task);
      return cannotStart(account, cannotPull(task.image));
    },
  };
}

const isFor = (platforms: string, platform: string): boolean => platforms.split(",").includes(platform);

/** ECS's words for an index without an image for the host. */
const noDescriptor = ({ platform }: { readonly platform: string }): string =>
  `CannotPullContainerError: pull image manifest has been retried 1 time(s): image Manifest does not contain descriptor matching platform '${platform}'`;

function cannotStart({ clock }: Pick<Account, "clock">, message: string): ReturnType<TaskRuntime["start"]> {
  const started = new Promise<never>((_, reject) => {
    clock.schedule(durations.imagePull, () => reject(new Error(message)));
  });
  return { started, exited: new Promise(() => {}), stop: () => {} };
}
