import type { ContainerOptions } from "./container-options.js";

/**
 * Another container of the same task. What it shares with the main container's options means the same;
 * its sizes are its own part of the task's.
 */
export interface SidecarOptions extends Omit<
  ContainerOptions,
  "name" | "cpu" | "memory" | "memoryReservation"
> {
  /**
   * A registry reference, such as `"registry.example.com/db-proxy:2"`; a tag in ECR, in the deployment's
   * region, is resolved to its digest. One of the calls for a sidecar has to say it.
   */
  readonly image?: string | undefined;
  /** ARN of the Secrets Manager secret with the registry's `username` and `password`, for private registries other than ECR. */
  readonly credentials?: string | undefined;
  /** Whether the task ends when this container does. @defaultValue `true` */
  readonly essential?: boolean | undefined;
  /** CPU shares, a weight and not a limit. On Fargate a part of the task's, which all containers' parts must fit into. @defaultValue none */
  readonly cpu?: number | undefined;
  /** Hard limit in MiB, 6 or more; on Fargate at most the task's. @defaultValue none */
  readonly memory?: number | undefined;
  /**
   * MiB that are set aside, 6 or more and less than `memory`; the container may use more.
   * @defaultValue 64 on EC2 when `memory` is not given, otherwise none
   */
  readonly memoryReservation?: number | undefined;
}
