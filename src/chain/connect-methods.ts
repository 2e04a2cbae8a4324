import type { ConnectOptions } from "../spec/connect.js";

/** How a deployment and others find each other. */
export interface ConnectMethods {
  /**
   * Joins a namespace of ECS Service Connect: the service reaches the others of the namespace by their names, and with
   * `as` or `port` they reach it. ECS runs a proxy in each task, which divides requests over the tasks of a name, also
   * during their rollouts; quayside creates the AWS Cloud Map namespace, the security group by which its tasks reach each
   * other, and deletes both with the last user. Without options, the service is a client in the namespace named after the
   * cluster. Each further call with `as` or `port` adds a name.
   *
   * A task knows the names that exist when its deployment begins. A deploy therefore starts a rollout if the namespace has
   * got others meanwhile; deployments of one fleet know each other's from the first deploy, in whatever order.
   * The proxy needs about 256 CPU units and 64 MiB of each task. One-off tasks (`run`, jobs) have no proxy.
   * Source: ECS Developer Guide, "Service Connect".
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service")
   *   .port(8080)
   *   .connect({ namespace: "conference", as: "talk", port: 8080 }); // others reach http://talk:8080
   * const front = new Deployment("front").connect({ namespace: "conference" }); // a client only
   * ```
   */
  connect(options?: ConnectOptions): this;
}
