import type { LocalCloud } from "../../src/local/index.js";
import { mainContainer } from "../../src/local/services/ecs/tasks/main-container.js";

/** What became of the requests. */
export interface Load {
  sent: number;
  lost: number;
}

const SECOND = 1_000;

/**
 * Sends requests to a target group from now on, one to each target in each second, as a load balancer does on the
 * virtual clock: to healthy targets in turn, or to all if none is healthy. A request takes a second, and is lost if
 * the target's container does not run all the while.
 */
export function constantLoad(cloud: LocalCloud, targetGroup: string): Load {
  const { account } = cloud;
  const load: Load = { sent: 0, lost: 0 };
  const second = (): void => {
    const group = [...account.elb.targetGroups.values()].find(({ name }) => name === targetGroup);
    const targets = [...(group?.targets.values() ?? [])].filter(
      ({ state }) => state !== "draining" && state !== "unused",
    );
    const healthy = targets.filter(({ state }) => state === "healthy");
    const chosen = healthy.length > 0 ? healthy : targets;
    if (chosen.length === 0) load.lost++;
    const tasks = new Map(
      [...account.ecs.clusters.values()]
        .flatMap(({ tasks: all }) => [...all.values()])
        .filter(({ description }) => description.lastStatus !== "STOPPED")
        .flatMap((task) => task.targets.map(({ id, port }) => [`${id}:${port}`, task] as const)),
    );
    for (const target of chosen) {
      load.sent++;
      const task = tasks.get(`${target.id}:${target.port}`);
      const container = task && task.running.get(mainContainer(task).name ?? "");
      if (container === undefined) load.lost++;
      else
        account.clock.schedule(
          SECOND,
          () => {
            if (task?.running.get(mainContainer(task).name ?? "") !== container) load.lost++;
          },
          "background",
        );
    }
    account.clock.schedule(SECOND, second, "background");
  };
  second();
  return load;
}
