import type { BeforeReleaseSpec } from "./before-release.js";
import type { BlueGreenSpec } from "./blue-green.js";
import type { ClusterSpec } from "./cluster.js";
import type { ContainerSpec } from "./container.js";
import type { ImageSpec } from "./image.js";
import type { JobScheduleSpec } from "./job-schedule.js";
import type { LogsSpec } from "./logs.js";
import type { RouteSpec } from "./route.js";
import type { ServiceScalingSpec } from "./scaling/autoscale.js";
import type { ServiceSpec } from "./service.js";
import type { SidecarSpec } from "./sidecars.js";
import type { TaskRoleSpec } from "./task-role.js";

/*
 * What the chains produce: frozen, serialisable, validated data. Durations are seconds, sizes are
 * ECS's units (cpu 1024 = 1 vCPU, memory MiB). Defaults are filled in; nothing here is optional
 * by accident: `undefined` means "not asked for".
 */

export interface DeploymentSpec {
  readonly name: string;
  readonly image: ImageSpec;
  readonly container: ContainerSpec;
  readonly sidecars: readonly SidecarSpec[];
  readonly service: ServiceSpec;
  readonly cluster: ClusterSpec;
  readonly route: RouteSpec | undefined;
  readonly logs: LogsSpec;
  /** `undefined`: a new version replaces the old one task by task (ECS's rolling update). */
  readonly blueGreen: BlueGreenSpec | undefined;
  /** `undefined`: the number of tasks stays as it is. */
  readonly scaling: ServiceScalingSpec | undefined;
  /** The user's own tags, set beside quayside's on everything that the deployment owns. */
  readonly tags: Readonly<Record<string, string>>;
  /** A task of the new version that must succeed before its rollout begins. */
  readonly beforeRelease: BeforeReleaseSpec | undefined;
  /** What the containers' processes may do in AWS; `undefined`: nothing, but what ECS Exec needs. */
  readonly taskRole: TaskRoleSpec | undefined;
}

/** What a task is made from, whoever runs it: a service, a job, or the user himself. */
export type TaskSpec = Pick<
  DeploymentSpec,
  "name" | "image" | "container" | "sidecars" | "cluster" | "logs" | "tags" | "taskRole"
>;

export interface JobSpec extends TaskSpec {
  readonly schedule: JobScheduleSpec | undefined;
}
