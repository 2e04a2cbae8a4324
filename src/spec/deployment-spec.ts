import type { IamSpec } from "./iam.js";
import type { BeforeReleaseSpec } from "./before-release.js";
import type { BlueGreenSpec } from "./blue-green.js";
import type { ClusterSpec } from "./cluster.js";
import type { ConnectSpec } from "./connect.js";
import type { ContainerSpec } from "./container.js";
import type { ImageSpec } from "./image.js";
import type { JobScheduleSpec } from "./job-schedule.js";
import type { LogsSpec } from "./logs.js";
import type { NetworkRouteSpec } from "./network-route.js";
import type { FurtherRouteSpec, RouteSpec } from "./route.js";
import type { ServiceScalingSpec } from "./scaling/autoscale.js";
import type { ServiceDiscoverySpec } from "./service-discovery.js";
import type { ServiceSpec } from "./service.js";
import type { SidecarSpec } from "./sidecars.js";
import type { TaskSettingsSpec } from "./task/task-options.js";
import type { VolumeSpec } from "./task/volumes.js";
import type { TaskRoleSpec } from "./task-role.js";

/*
 * Specs are the data that chains produce: validated, frozen and serializable. Durations are in seconds,
 * sizes in ECS's units (cpu 1024 = 1 vCPU, memory in MiB). Defaults are filled in; `undefined` means that
 * the user did not set an option that has no default.
 */

/** A deployment as its chain describes it, with all defaults. */
export interface DeploymentSpec {
  readonly name: string;
  readonly image: ImageSpec;
  readonly container: ContainerSpec;
  readonly sidecars: readonly SidecarSpec[];
  /** The task as a whole: its size, its network and what else is not one container's. */
  readonly task: TaskSettingsSpec;
  readonly volumes: readonly VolumeSpec[];
  readonly service: ServiceSpec;
  readonly cluster: ClusterSpec;
  readonly route: RouteSpec | undefined;
  /** The routes to other containers and ports. @defaultValue none */
  readonly furtherRoutes?: readonly FurtherRouteSpec[] | undefined;
  /** The routes of Network Load Balancers. @defaultValue none */
  readonly networkRoutes?: readonly NetworkRouteSpec[] | undefined;
  /** `undefined`: not in a Service Connect namespace. */
  readonly connect?: ConnectSpec | undefined;
  /** `undefined`: no DNS name of its tasks. */
  readonly serviceDiscovery?: ServiceDiscoverySpec | undefined;
  readonly logs: LogsSpec;
  /** `undefined`: ECS's rolling update. */
  readonly blueGreen: BlueGreenSpec | undefined;
  /** `undefined`: the service is not scaled. */
  readonly scaling: ServiceScalingSpec | undefined;
  /** The user's tags for everything that the deployment owns, in addition to quayside's. */
  readonly tags: Readonly<Record<string, string>>;
  /** The one-off task that must succeed before a rollout begins. */
  readonly beforeRelease: BeforeReleaseSpec | undefined;
  /** The permissions of the containers' processes; `undefined`: none, except what ECS Exec needs. */
  /** `undefined`: no permissions boundary, and quayside's own path. */
  readonly iam?: IamSpec | undefined;
  readonly taskRole: TaskRoleSpec | undefined;
}

/** The description of a task, which a service, a job or a one-off run starts. */
export type TaskSpec = Pick<
  DeploymentSpec,
  | "name"
  | "image"
  | "container"
  | "sidecars"
  | "task"
  | "volumes"
  | "cluster"
  | "logs"
  | "tags"
  | "taskRole"
  | "iam"
>;

/** A job as its chain describes it, with all defaults. */
export interface JobSpec extends TaskSpec {
  readonly schedule: JobScheduleSpec | undefined;
}
