import type { Overrides } from "../aws/overrides.js";
import { frozenCopy, isPlainObject } from "../spec/parsing/frozen-copy.js";
import { toPath } from "../spec/parsing/to-path.js";
import type { TaskInput } from "../spec/input.js";
import type { ContainerOptions } from "../spec/container.js";
import type { EnvironmentOptions, SecretsOptions } from "../spec/environment.js";
import type { IamOptions } from "../spec/iam.js";
import type { LogDriverLogsOptions, LogsOptions } from "../spec/logs.js";
import type { SidecarOptions } from "../spec/sidecars.js";
import type { TaskSettings } from "../spec/task/task-options.js";
import type { VolumeOptions } from "../spec/task/volumes.js";
import type { TaskRoleOptions } from "../spec/task-role.js";
import { clusterInput, logsInput } from "./chain-input.js";
import { Chain, type ChainMethods } from "./chain.js";

/** The methods that deployments and jobs have in common. */
export interface TaskChainMethods extends ChainMethods {
  /**
   * Configures the main container. Several calls are merged: a later call overrides only the options that it
   * sets, and `environment` and `secrets` are merged by name. A change registers a new revision of the task
   * definition, and starts a rollout of the service.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").container({
   *   name: "web",
   *   port: 8080,
   *   cpu: 128,
   *   memoryReservation: 128,
   *   healthCheck: "wget -qO- http://localhost:8080/health || exit 1",
   * });
   * ```
   */
  container(options: ContainerOptions): this;

  /**
   * Adds another container to the task: a proxy, an agent, or a preparation before the main container starts. At
   * most nine sidecars; several calls with the same name are merged, as those of `container`. The next deploy
   * removes a sidecar that is no longer described.
   *
   * The containers of a task run on the same instance, start and stop together, and write to separate streams of
   * the same log group. The task stops when an essential container exits. In a one-off task, this is normally the
   * main container, and the sidecars are stopped with it.
   *
   * On Fargate, containers reach each other at `localhost` and therefore need different ports; their sizes are
   * part of the task's size, `container({ cpu, memory })`. On EC2, the names of essential sidecars are host names
   * in the main container (`db-proxy:5432`), unless they depend on it; every container reaches those that it
   * depends on.
   *
   * @param name - 1 to 255 letters, digits, hyphens and underscores, other than the main container's
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service")
   *   .container({ port: 8080, dependsOn: { "db-proxy": "HEALTHY" } })
   *   .sidecar("db-proxy", {
   *     image: "registry.example.com/db-proxy:2",
   *     port: 5432,
   *     memoryReservation: 64,
   *     secrets: { DB_PASSWORD: "ssm:/talk-service/db-password" },
   *     healthCheck: "nc -z localhost 5432",
   *   });
   * ```
   */
  sidecar(name: string, options: SidecarOptions): this;

  /**
   * Configures the task as a whole: its size, its network mode, its architecture. Several calls are merged. A
   * change registers a new revision of the task definition, and starts a rollout of the service.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").task({ cpu: 512, memory: 1024, architecture: "arm64" });
   * ```
   */
  task(options: TaskSettings): this;

  /**
   * Adds a volume, which containers mount by its name. Several calls with the same name are merged.
   *
   * @param name - 1 to 255 letters, digits, hyphens and underscores
   * @param options - the kind of the volume. @defaultValue `{}`: empty, and deleted with the task
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service")
   *   .container({ port: 8080, mounts: { "/uploads": "uploads", "/cache": { volume: "cache", readOnly: true } } })
   *   .volume("uploads", { efs: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0", iam: true })
   *   .volume("cache");
   * ```
   */
  volume(name: string, options?: VolumeOptions): this;

  /**
   * Sets environment variables: short for `container({ environment })`. They are visible in the task definition:
   * use `secrets` for secrets.
   */
  env(environment: EnvironmentOptions): this;

  /**
   * Sets environment variables whose values ECS fetches when it starts a task: short for
   * `container({ secrets })`. The task execution role permits reading exactly these.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").secrets({ DB_PASSWORD: "ssm:/talk-service/db-password" });
   * ```
   */
  secrets(secrets: SecretsOptions): this;

  /**
   * Configures the log group in CloudWatch Logs, or another log driver for all containers. Without this call, the
   * log group has default options. A later call replaces this one.
   *
   * @param group - 1 to 512 letters, digits and `._-/#`. @defaultValue the name of the deployment or job
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").logs("talk-service-cloudwatch", { retention: "90d" });
   * const routed = talk.logs({
   *   driver: "awsfirelens",
   *   options: { Name: "datadog", Host: "http-intake.logs.datadoghq.com", TLS: "on" },
   *   secretOptions: { apikey: "ssm:/datadog/api-key" },
   *   router: { type: "fluentbit" },
   * });
   * ```
   */
  logs(options?: LogsOptions | LogDriverLogsOptions): this;
  logs(group: string | undefined, options?: LogsOptions | LogDriverLogsOptions): this;

  /**
   * Sets the permissions of the processes in the containers: the ARN of an existing IAM role that
   * `ecs-tasks.amazonaws.com` can assume, which is used as it is, or the policies of a role that quayside creates
   * and owns (`{name}-task-role`). Without this call, they have no permissions. A later call replaces this one.
   *
   * Policies are updated in place and take effect at once, without a rollout. With `.service({ exec: true })`,
   * quayside's role also permits ECS Exec's connection; a role given by its ARN must permit it itself, with the
   * actions `ssmmessages:CreateControlChannel`, `ssmmessages:CreateDataChannel`, `ssmmessages:OpenControlChannel`
   * and `ssmmessages:OpenDataChannel`.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").taskRole({
   *   policies: [
   *     "arn:aws:iam::aws:policy/AmazonSQSFullAccess",
   *     { Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::slides/*" } },
   *   ],
   * });
   * ```
   */
  taskRole(role: string | TaskRoleOptions): this;

  /**
   * Overrides requests that change resources: each function gets the input that quayside would send, and returns
   * the input to send. A later override of the same operation wins.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").override({
   *   createService: (input) => ({ ...input, enableExecuteCommand: true }),
   * });
   * ```
   */
  override(overrides: Overrides): this;

  /**
   * Sets the permissions boundary and the path of the roles that are created: those of the tasks, their execution and
   * schedules. The cluster has its own `.iam()`. A later call replaces this one.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").iam({
   *   permissionsBoundary: "arn:aws:iam::123456789012:policy/team-boundary",
   *   path: "/teams/talks/",
   * });
   * ```
   */
  iam(options: IamOptions): this;
}

export const emptyTaskInput = (name: unknown): TaskInput => ({
  name,
  image: undefined,
  container: [],
  sidecars: [],
  task: [],
  volumes: [],
  cluster: undefined,
  logs: undefined,
  taskRole: undefined,
  tags: [],
  overrides: [],
  cloud: undefined,
});

export abstract class TaskChain<Input extends TaskInput> extends Chain<Input> {
  image(source: unknown, options?: unknown): this {
    return this.#set({ image: { source: toPath(source), options: frozenCopy(options) } });
  }

  container(options: unknown): this {
    return this.#set({ container: [...this.input.container, frozenCopy(options)] });
  }

  sidecar(name: unknown, options: unknown): this {
    return this.#set({
      sidecars: [...this.input.sidecars, { name, options: frozenCopy(withImagePath(options)) }],
    });
  }

  task(options: unknown): this {
    return this.#set({ task: [...this.input.task, frozenCopy(options)] });
  }

  volume(name: unknown, options: unknown = {}): this {
    return this.#set({ volumes: [...this.input.volumes, { name, options: frozenCopy(options) }] });
  }

  env(environment: unknown): this {
    return this.container({ environment });
  }

  secrets(secrets: unknown): this {
    return this.container({ secrets });
  }

  cluster(cluster: unknown): this {
    return this.#set({ cluster: clusterInput(cluster) });
  }

  logs(group?: unknown, options?: unknown): this {
    return this.#set({ logs: logsInput(group, options) });
  }

  taskRole(role: unknown): this {
    return this.#set({ taskRole: { role: frozenCopy(role) } });
  }

  iam(options: unknown): this {
    return this.#set({ iam: { options: frozenCopy(options) } });
  }

  override(overrides: unknown): this {
    return this.#set({ overrides: [...this.input.overrides, frozenCopy(overrides)] });
  }

  #set(change: Partial<TaskInput>): this {
    return this.with(change as Partial<Input>);
  }
}

/** The same options with a path in place of the image's URL. */
const withImagePath = (options: unknown): unknown =>
  isPlainObject(options) && "image" in options ? { ...options, image: toPath(options["image"]) } : options;
