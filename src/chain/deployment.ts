import type { Plan } from "../engine/plan.js";
import type { BlueGreenOptions, BlueGreenRelease } from "../operations/release/blue-green-release.js";
import type {
  Deployed,
  DeployOptions,
  Destroyed,
  DestroyOptions,
  OperationOptions,
  ServiceStatus,
} from "../operations/results.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { BeforeReleaseOptions } from "../spec/before-release.js";
import type { ImageOptions } from "../spec/image.js";
import type { RouteOptions } from "../spec/route.js";
import type { AutoscaleOptions } from "../spec/scaling/autoscale.js";
import type { ServiceOptions } from "../spec/service.js";
import type { Cluster } from "./cluster.js";
import { DeploymentChain } from "./deployment-chain.js";
import type { LoadBalancer } from "./load-balancer.js";
import type { Ready } from "./not-ready.js";
import type { Operations } from "./operations.js";
import type { AnyTaskChain } from "./task-chain.js";

declare const said: unique symbol;

/** What a chain must have been told before it can act. */
export interface Complete {
  readonly image: true;
  readonly cluster: true;
}

/** A deployment that has its image and its cluster: the type for functions that deploy one. */
export type CompleteDeployment = Deployment<Complete>;

type Acting<Said extends object> = Ready<Said, Deployment<Said>>;

/**
 * A containerised service on Amazon ECS, described step by step.
 *
 * Immutable: every method returns a new deployment, so that a chain can be kept and branched. Nothing is
 * looked at or sent before `plan`, `deploy`, `status` or `destroy`, which need `.image()` and
 * `.cluster()`. They first check the whole description and reject with one `SpecError` (code
 * `invalid-spec`) that lists everything wrong with it.
 *
 * @typeParam Said - what the chain has been told; it comes by itself
 * @example
 * ```ts
 * import { Deployment } from "quayside";
 *
 * const outcome = await new Deployment("talk-service")
 *   .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:1")
 *   .port(8080)
 *   .cluster("conference-cluster")
 *   .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
 *   .deploy();
 * outcome.url; // http://conferenceAlb-….elb.amazonaws.com/talk
 * ```
 */
export interface Deployment<Said extends object = object> extends AnyTaskChain, Operations<Acting<Said>> {
  /** Only in types. */
  readonly [said]?: Said;

  /**
   * What runs: a directory with a Dockerfile (it starts with `.` or `/`), or a registry reference to ECR,
   * Docker Hub or a registry of your own.
   *
   * A directory is built with your own `docker` (Docker Desktop, Colima, Podman's stand-in, a remote
   * `DOCKER_HOST`, with your builders and caches) and pushed to an ECR repository that the deployment
   * owns: immutable tags, scanned on push, 0.10 USD per GB and month. The task definition names the image
   * by its digest. The tag stands for the content of the directory (without what `.dockerignore`
   * excludes), the Dockerfile, `target`, `buildArgs` and `platform`: while ECR has it, nothing is built
   * or pushed. A base image that has moved on is not seen: change the Dockerfile's `FROM` to take it.
   *
   * A reference is pulled with the task execution role; private registries other than ECR need
   * `credentials`. A tag in ECR, in the deployment's region, is resolved to its digest, so that a tag
   * which was pushed again is a change; elsewhere ECS does not see that, so give every version a tag of
   * its own there.
   *
   * @throws QuaysideError `docker-missing`, `docker-unreachable`, `image-build-failed`,
   * `image-push-failed`, `image-wrong-platform`, `image-sources-changed`, `disk-full`, `image-not-found`
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const built = new Deployment("talk-service").image("./talk-service", { target: "release" });
   * const talk = new Deployment().image("registry.example.com/conference/talk-service:1.4.2", {
   *   credentials: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-AbCdEf",
   * });
   * ```
   */
  image(source: string, options?: ImageOptions): Deployment<Said & { readonly image: true }>;

  /** The port that the process listens on, 1 to 65535: short for `container({ port })`. */
  port(port: number): this;

  /**
   * How ECS keeps the tasks running and rolls out a new version. Calls merge.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").service({
   *   name: "talk-service-ecs",
   *   desired: 2,
   *   rolling: { minHealthyPercent: 50, maxPercent: 200 },
   * });
   * ```
   */
  service(options: ServiceOptions): this;

  /**
   * Where it runs. By name: on the instances of that cluster if it exists, otherwise one of 2 to 4
   * `t3.small` instances is created. As a `Cluster`: created and kept as described. On a cluster for
   * Fargate the chain has to say so, for its tasks have sizes: `new Cluster(name).fargate()`.
   */
  cluster(cluster: string | Cluster): Deployment<Said & { readonly cluster: true }>;

  /**
   * Puts the service behind an Application Load Balancer: a target group and a listener rule of its own,
   * on a load balancer that it may share. By name, or without one (it is then named after the
   * deployment), the load balancer listens on port 80 and is open to the internet. Needs the
   * container's port.
   *
   * @example
   * ```ts
   * import { Deployment, LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb").http(80);
   * const talk = new Deployment("talk-service").port(8080).behindAlb(alb, {
   *   path: "/talk*",
   *   healthCheck: { path: "/health", codes: "200", interval: "15s" },
   *   deregistrationDelay: "30s",
   * });
   * ```
   */
  behindAlb(options?: RouteOptions): this;
  behindAlb(loadBalancer: string | LoadBalancer | undefined, options?: RouteOptions): this;

  /**
   * The number of tasks follows the load (see `AutoscaleOptions`): from then on a deploy never sets it. A
   * later call replaces this one.
   */
  autoscale(options: AutoscaleOptions): this;

  /**
   * A task of the new version, with this command, that must exit with 0 before the rollout begins: a
   * migration. It runs once for each new revision of the task definition, on the service's cluster, with
   * its variables, secrets and roles; what it writes comes as `log` events. If it fails, `deploy()`
   * rejects with a `QuaysideError` (code `before-release-failed`) and the running version stays as it is.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").beforeRelease({ command: ["node", "migrate.mjs"] });
   * ```
   */
  beforeRelease(options: BeforeReleaseOptions): this;

  /**
   * New versions come up beside the old one and take its requests over, instead of replacing it task by
   * task: two services (`…-blue` and `…-green`), two target groups, and one rule for each listener whose
   * weights say who has how many of the requests. While both run, twice the tasks are paid for. The
   * first deploy goes live on blue. A service that was rolled over until now becomes blue/green, and
   * back, without losing a request. Needs `.behindAlb()`.
   *
   * With `.autoscale()` each of the two has a scaling of its own. The new version comes up as large as the
   * live one is; while they share the requests Application Auto Scaling may not scale either of them in,
   * nor the old one as long as it is kept. Once the new one has all requests and its alarms know of them
   * (four minutes at most), it is scaled as described.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service")
   *   .image("registry.example.com/conference/talk-service:2")
   *   .port(8080)
   *   .cluster("conference-cluster")
   *   .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
   *   .blueGreen({
   *     shift: [10, 50, 100],
   *     every: "5m",
   *     verify: async ({ fetch }) => {
   *       const { ok, status } = await fetch("/talk");
   *       if (!ok) throw new Error(`/talk answers ${status}`);
   *     },
   *     alarms: ["talk-5xx"],
   *   });
   * ```
   */
  blueGreen(options?: BlueGreenOptions): this;

  /**
   * What a deploy would do. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(this: Acting<Said>, options?: DeployOptions): Promise<Plan>;

  /**
   * Makes AWS match the description and waits until the new version runs and is healthy. Creates what is
   * missing, changes what differs, and removes what earlier deploys made and the description no longer
   * has. May be run again at any time, also after a failure: it continues from what is there.
   *
   * Blue/green: what is new comes up in the color without traffic, is verified and gets the requests
   * step by step. Whatever goes wrong meanwhile, they are back on the old one before the error is thrown
   * (code `release-taken-back`, or the abort's or timeout's own).
   *
   * @throws SpecError, OwnershipError, AwsError, RolloutError, AbortedError, TimeoutError, QuaysideError
   */
  deploy(this: Acting<Said>, options?: DeployOptions): Promise<Deployed>;

  /**
   * The two colors of a blue/green deployment, read from AWS: also in another process, days later.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  release(this: Acting<Said>, options?: OperationOptions): Promise<BlueGreenRelease>;

  /**
   * What runs now: tasks, the rollout, the health of targets, instances, the last events.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(this: Acting<Said>, options?: OperationOptions): Promise<ServiceStatus>;

  /**
   * Deletes what carries this deployment's tags, and the cluster and load balancer that it shared once
   * nobody else uses them; never anything else. What was kept is returned with the reason. A second run
   * finds nothing and succeeds. One-off tasks that still run are stopped first.
   *
   * The ECR repository of an image that was built is kept with its images, unless it is empty or
   * `{ images: true }` says that they can go.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(this: Acting<Said>, options?: DestroyOptions): Promise<Destroyed>;

  /**
   * The description with all its defaults, as plain frozen data. Sends nothing.
   *
   * @throws SpecError
   */
  toJSON(this: Acting<Said>): DeploymentSpec;
}

export interface DeploymentConstructor {
  /**
   * @param name - 1 to 245 letters, digits, hyphens and underscores; what quayside makes is named after
   * it and tagged with it. @defaultValue the last segment of the image's repository
   */
  new (name?: string): Deployment;
  readonly prototype: Deployment;
}

export const Deployment: DeploymentConstructor = DeploymentChain;
