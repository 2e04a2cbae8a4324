import type { Overrides } from "../aws/overrides.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { TaskInput } from "../spec/input.js";
import type { ContainerOptions } from "../spec/container.js";
import type { EnvironmentOptions, SecretsOptions } from "../spec/environment.js";
import type { LogsOptions } from "../spec/logs.js";
import type { SidecarOptions } from "../spec/sidecars.js";
import type { TaskRoleOptions } from "../spec/task-role.js";
import { clusterInput, logsInput } from "./chain-input.js";
import { Chain, type AnyChain } from "./chain.js";

/** What can be said of everything that runs as tasks: of a deployment and of a job. */
export interface AnyTaskChain extends AnyChain {
  /**
   * How the main container runs. Calls merge: a later one wins, and leaves alone what it does not name;
   * environment and secrets merge name by name. A change makes a new revision of the task definition,
   * and where a service runs it, a rollout.
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
   * Another container of the same task: a proxy, an agent, something that has to be done before the main
   * container starts. Calls for several names make several, nine at most; calls for one name merge, as
   * those of `container`. One that the next deploy no longer names is gone with the next revision.
   *
   * All containers of a task run on the same instance, start and stop together, and write to the same log
   * group, each to its own stream. The task ends when an essential one does: of a one-off task that is
   * normally the main one, and the sidecars are stopped with it.
   *
   * On Fargate containers reach each other at `localhost`, so that no two may have the same port; sizes
   * are parts of the task's, which is what `container({ cpu, memory })` says. On EC2 the main container
   * reaches its essential sidecars by their names, as host names (`db-proxy:5432`), unless they depend on
   * it; every container reaches those that it depends on.
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
   * Environment variables: short for `container({ environment })`. They can be read by whoever may read
   * the task definition.
   */
  env(environment: EnvironmentOptions): this;

  /**
   * Environment variables whose values ECS fetches when it starts a task: short for
   * `container({ secrets })`. The task execution role is allowed to read exactly these.
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
   * Where the container's output goes: a log group of CloudWatch Logs, which is made in any case.
   *
   * @param group - 1 to 512 letters, digits and `._-/#`. @defaultValue its name
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").logs("talk-service-cloudwatch", { retention: "90d" });
   * ```
   */
  logs(options?: LogsOptions): this;
  logs(group: string | undefined, options?: LogsOptions): this;

  /**
   * What the processes in its containers may do in AWS: the ARN of an IAM role that exists and that
   * `ecs-tasks.amazonaws.com` may take on, used as it is; or the policies of a role that quayside makes
   * and owns (`{name}-task-role`). Without it they may do nothing. Of two calls the later one counts.
   *
   * Changed policies are changed in place and count at once, with no rollout. With
   * `.service({ exec: true })` quayside's role also lets ECS Exec's agent connect; a role that is given by
   * its ARN has to allow that itself (the four actions `ssmmessages:CreateControlChannel`,
   * `CreateDataChannel`, `OpenControlChannel` and `OpenDataChannel`).
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
   * The last word on the requests that change something: each function gets the input that quayside
   * would send, and returns the one that is sent. Of two for one operation the later wins.
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
}

export const freshTask = (name: unknown): TaskInput => ({
  name,
  image: undefined,
  container: [],
  sidecars: [],
  cluster: undefined,
  logs: undefined,
  taskRole: undefined,
  tags: [],
  overrides: [],
  cloud: undefined,
});

export abstract class TaskChain<Input extends TaskInput> extends Chain<Input> {
  image(source: unknown, options?: unknown): this {
    return this.#say({ image: { source, options: frozenCopy(options) } });
  }

  container(options: unknown): this {
    return this.#say({ container: [...this.input.container, frozenCopy(options)] });
  }

  sidecar(name: unknown, options: unknown): this {
    return this.#say({ sidecars: [...this.input.sidecars, { name, options: frozenCopy(options) }] });
  }

  env(environment: unknown): this {
    return this.container({ environment });
  }

  secrets(secrets: unknown): this {
    return this.container({ secrets });
  }

  cluster(cluster: unknown): this {
    return this.#say({ cluster: clusterInput(cluster) });
  }

  logs(group?: unknown, options?: unknown): this {
    return this.#say({ logs: logsInput(group, options) });
  }

  taskRole(role: unknown): this {
    return this.#say({ taskRole: { role: frozenCopy(role) } });
  }

  override(overrides: unknown): this {
    return this.#say({ overrides: [...this.input.overrides, frozenCopy(overrides)] });
  }

  #say(change: Partial<TaskInput>): this {
    return this.with(change as Partial<Input>);
  }
}
