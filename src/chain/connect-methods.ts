import type { ConnectOptions } from "../spec/connect.js";
import type { ServiceDiscoveryOptions } from "../spec/service-discovery.js";

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
   * @throws QuaysideError `connect-name-taken`, `discovery-name-taken`, `namespace-failed`
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

  /**
   * Gives the tasks a DNS name in the VPC, without proxies: any client in it, in ECS or not, reaches them at
   * `http://catalog.shop.internal:3000`. ECS registers each task that runs with AWS Cloud Map, which keeps its records in a
   * private hosted zone of Route 53, and deregisters it before it stops it; a task with a health check is found once it is
   * healthy. An answer has up to eight tasks, in random order: clients choose, and keep an answer for the `ttl`. quayside
   * creates the namespace and the Cloud Map service, admits the clients to the tasks' security group, and deletes all of it
   * with the last user. Calls merge.
   *
   * Not with `.blueGreen()`: the name would lead to both versions. Up to 1,000 tasks of a service have names. One-off tasks
   * (`run`, jobs) have none.
   * Source: ECS Developer Guide, "Use service discovery to connect Amazon ECS services with DNS names".
   *
   * @throws QuaysideError `namespace-unusable`, `namespace-failed`, `discovery-name-taken`, `no-vpc-dns`
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const catalog = new Deployment("catalog")
   *   .port(3000)
   *   .serviceDiscovery({ namespace: "shop.internal" }); // http://catalog.shop.internal:3000
   * ```
   */
  serviceDiscovery(options?: ServiceDiscoveryOptions): this;
}
