import type { NetworkRouteOptions } from "../spec/network-route.js";
import type { NetworkLoadBalancer } from "./network-load-balancer.js";

/** How clients that do not speak HTTP reach a deployment. */
export interface NetworkRouteMethods {
  /**
   * Puts the service behind a listener of a Network Load Balancer, which passes TCP connections, TLS connections or UDP
   * datagrams on to its tasks. The listener and its target group belong to the deployment: several deployments can share a
   * load balancer, each with listeners of its own. Each call adds a route, up to five together with those of
   * `.behindAlb()`; one for the same listener replaces it.
   *
   * `url` is then `tcp://…`, `tls://…` or `udp://…`, unless the service is behind an Application Load Balancer, too. With
   * `.blueGreen()`, ECS itself shifts the connections from one target group of a listener to another one; not supported
   * together with `.behindAlb()`.
   *
   * @example
   * ```ts
   * import { Deployment, NetworkLoadBalancer } from "quayside";
   *
   * const nlb = new NetworkLoadBalancer("conferenceNlb").tcp(5432);
   * const store = new Deployment("talk-store").behindNlb(nlb, { port: 5432 });
   * ```
   */
  behindNlb(loadBalancer: NetworkLoadBalancer, options?: NetworkRouteOptions): this;
}
