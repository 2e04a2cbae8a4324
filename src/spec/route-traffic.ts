import type { LoadBalancerSpec } from "./load-balancer.js";
import { formatDuration } from "./parsing/duration.js";
import type { Issues } from "./parsing/issues.js";
import type { OptionsReader } from "./parsing/options-reader.js";

/** How the load balancer sends requests to the tasks. */
export interface TrafficOptions {
  /**
   * The protocol between the load balancer and the tasks, always without TLS: HTTP/1.1, HTTP/2 or gRPC. The last two
   * require an HTTPS listener, and rules are added to HTTPS listeners only. A change needs another target group, which
   * quayside creates beside the old one.
   * Source: ELB User Guide, "Protocol version". @defaultValue `"http"`
   */
  readonly protocol?: "http" | "http2" | "grpc" | undefined;
  /**
   * The time in which a new task's share of the requests rises from nothing to that of the others, 30 s to 15 m. Only with the
   * algorithm `round-robin`. Source: ELB API reference, TargetGroupAttribute. @defaultValue off
   */
  readonly slowStart?: string | undefined;
  /**
   * How a task is chosen for a request: in turns, the one with the least requests in flight, or at random.
   * Source: ELB API reference, TargetGroupAttribute. @defaultValue `"round-robin"`
   */
  readonly algorithm?: "round-robin" | "least-outstanding" | "weighted-random" | undefined;
}

export interface TrafficSpec {
  /** `undefined`: HTTP/1.1. */
  readonly protocol?: "http2" | "grpc" | undefined;
  /** Seconds; `undefined`: off. */
  readonly slowStart?: number | undefined;
  /** `undefined`: in turns. */
  readonly algorithm?: "least-outstanding" | "weighted-random" | undefined;
}

const SLOW_START = { min: 30, max: 900 };

export function parseTraffic(
  options: OptionsReader<TrafficOptions>,
  { listeners, name }: Pick<LoadBalancerSpec, "listeners" | "name">,
  issues: Issues,
): TrafficSpec {
  const protocol = options.oneOf("protocol", ["http", "http2", "grpc"]) ?? "http";
  const slowStart = options.duration("slowStart", SLOW_START);
  const algorithm =
    options.oneOf("algorithm", ["round-robin", "least-outstanding", "weighted-random"]) ?? "round-robin";
  if (slowStart !== undefined && algorithm !== "round-robin")
    options.issue(
      "slowStart",
      `is supported with the algorithm round-robin only: remove ${formatDuration(slowStart)}, or the algorithm ${algorithm}`,
    );
  const serving = listeners.filter(({ redirectTo }) => redirectTo === undefined);
  if (protocol !== "http" && serving.length > 0 && serving.every((each) => each.protocol === "http"))
    issues.add(
      "behindAlb.protocol",
      `${protocol} requires an HTTPS listener, and load balancer ${name} has none: new LoadBalancer("${name}").https(443, { certificate })`,
    );
  return {
    ...(protocol !== "http" && { protocol }),
    ...(slowStart !== undefined && { slowStart }),
    ...(algorithm !== "round-robin" && { algorithm }),
  };
}
