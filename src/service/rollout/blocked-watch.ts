import type { Deployment, Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import type { ServiceEvent } from "../../errors.js";
import { isStuck } from "../../spec/rolling.js";
import { diagnoseText } from "./diagnosis.js";
import type { Diagnosis } from "./cause.js";

/** How long a rollout without progress may be blocked by something that its limits alone do not explain. */
const BLOCKED_TIMEOUT = 180_000;

/**
 * Watches for ECS's event that the service's limits allow it neither to stop nor to start a task. It may pass
 * if tasks are still draining; by itself it never does, if the limits prevent every step.
 */
export class BlockedWatch {
  readonly #clock: AwsContext["clock"];
  #since: { readonly at: number; readonly counts: string } | undefined;

  constructor({ clock }: Pick<AwsContext, "clock">) {
    this.#clock = clock;
  }

  /** The reason why waiting longer cannot help; `undefined` while the rollout may still move. */
  permanentFailure({
    service,
    deployment,
    events,
  }: {
    readonly service: Service;
    readonly deployment: Deployment | undefined;
    /** Newest first. */
    readonly events: readonly ServiceEvent[];
  }): Diagnosis | undefined {
    const began = deployment?.createdAt?.getTime() ?? 0;
    const blocked = events
      .filter(({ at }) => at.getTime() >= began)
      .flatMap(({ message }) => diagnoseText(message) ?? [])
      .find(({ code }) => code === "deployment-blocked");
    if (blocked === undefined) return undefined;
    const { desiredCount = 0, deploymentConfiguration = {} } = service;
    const { minimumHealthyPercent = 100, maximumPercent = 200 } = deploymentConfiguration;
    const limits = { minHealthyPercent: minimumHealthyPercent, maxPercent: maximumPercent };
    if (isStuck(desiredCount, limits)) return blocked;
    const counts = `${service.runningCount} ${service.pendingCount} ${deployment?.runningCount} ${deployment?.pendingCount}`;
    const now = this.#clock.now();
    if (this.#since?.counts !== counts) this.#since = { at: now, counts };
    return now - this.#since.at < BLOCKED_TIMEOUT ? undefined : blocked;
  }
}
