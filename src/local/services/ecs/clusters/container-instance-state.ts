import type * as Ecs from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import type { Answer } from "../../../core/answer.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { invalidParameter } from "../service-errors.js";
import { reconcileServices } from "../services/schedule-reconcile.js";
import { findCluster } from "./clusters.js";
import { describeContainerInstance } from "./container-instances.js";

/** Draining by hand: the services replace the tasks of a DRAINING instance elsewhere. */
export const createContainerInstanceStateHandlers = (account: Account) => ({
  async updateContainerInstancesState(
    input: Ecs.UpdateContainerInstancesStateCommandInput,
  ): Answer<Ecs.UpdateContainerInstancesStateCommandOutput> {
    const cluster = findCluster(account, input.cluster);
    const { containerInstances: ids = [], status } = input;
    if (status !== "ACTIVE" && status !== "DRAINING")
      throw invalidParameter("Container instance status should be one of [ACTIVE, DRAINING]");
    if (ids.length === 0) throw invalidParameter("Container instances cannot be empty.");
    if (ids.length > 10) throw invalidParameter("Container instances cannot have more than 10 elements");
    const updated: Ecs.ContainerInstance[] = [];
    const failures: Ecs.Failure[] = [];
    for (const id of ids) {
      const arn = arnOf(account, "ecs", `container-instance/${cluster.name}/${nameOf(id)}`);
      const instance = cluster.containerInstances.get(arn);
      if (instance === undefined) {
        failures.push({ arn, reason: "MISSING" });
        continue;
      }
      instance.status = status;
      updated.push(describeContainerInstance(cluster, instance));
    }
    reconcileServices(account, cluster);
    return { containerInstances: updated, failures };
  },
});
