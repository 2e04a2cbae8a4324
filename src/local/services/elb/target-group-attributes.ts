import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { findTargetGroup } from "./lookups.js";
import { isNetworkProtocol } from "./network-load-balancers.js";
import { validationError } from "./service-errors.js";
import type { TargetGroup } from "./state.js";
import { checkTargetStickiness } from "./group-stickiness.js";

/** The default and the validation of each attribute of an application load balancer's target group. */
const attributes: Readonly<
  Record<string, readonly [defaultValue: string, accepts: (value: string) => boolean]>
> = {
  "deregistration_delay.timeout_seconds": ["300", (value) => isBetween(value, 0, 3600)],
  "stickiness.enabled": ["false", isBoolean],
  "stickiness.type": ["lb_cookie", (value) => value === "lb_cookie" || value === "app_cookie"],
  "stickiness.lb_cookie.duration_seconds": ["86400", (value) => isBetween(value, 1, 604800)],
  "stickiness.app_cookie.cookie_name": ["", () => true],
  "stickiness.app_cookie.duration_seconds": ["86400", (value) => isBetween(value, 1, 604800)],
  "slow_start.duration_seconds": ["0", (value) => value === "0" || isBetween(value, 30, 900)],
  "load_balancing.algorithm.type": [
    "round_robin",
    (value) => ["round_robin", "least_outstanding_requests", "weighted_random"].includes(value),
  ],
  "load_balancing.algorithm.anomaly_mitigation": ["off", (value) => value === "on" || value === "off"],
  "load_balancing.cross_zone.enabled": [
    "use_load_balancer_configuration",
    (value) => isBoolean(value) || value === "use_load_balancer_configuration",
  ],
};

/** Those of a network load balancer's target group. */
const networkAttributes: typeof attributes = {
  "deregistration_delay.timeout_seconds": attributes["deregistration_delay.timeout_seconds"]!,
  "deregistration_delay.connection_termination.enabled": ["false", isBoolean],
  "preserve_client_ip.enabled": ["true", isBoolean],
  "proxy_protocol_v2.enabled": ["false", isBoolean],
  "stickiness.enabled": ["false", isBoolean],
  "stickiness.type": ["source_ip", (value) => value === "source_ip"],
  "target_health_state.unhealthy.connection_termination.enabled": ["true", isBoolean],
  "load_balancing.cross_zone.enabled": attributes["load_balancing.cross_zone.enabled"]!,
};

const attributesOf = (protocol: string): typeof attributes =>
  isNetworkProtocol(protocol) ? networkAttributes : attributes;

export function defaultAttributes({
  protocol,
  targetType,
}: Pick<TargetGroup, "protocol" | "targetType">): Map<string, string> {
  const all = new Map(Object.entries(attributesOf(protocol)).map(([key, [value]]) => [key, value]));
  // Source: "Client IP preservation": off for IP targets of TCP and TLS.
  if (targetType === "ip" && (protocol === "TCP" || protocol === "TLS"))
    all.set("preserve_client_ip.enabled", "false");
  return all;
}

export const createTargetGroupAttributeHandlers = (
  account: Account,
): Pick<ElbApi, "describeTargetGroupAttributes" | "modifyTargetGroupAttributes"> => ({
  async describeTargetGroupAttributes({ TargetGroupArn = "" }) {
    return { Attributes: listed(findTargetGroup(account, TargetGroupArn).attributes) };
  },

  async modifyTargetGroupAttributes({ TargetGroupArn = "", Attributes = [] }) {
    const group = findTargetGroup(account, TargetGroupArn);
    for (const { Key = "", Value = "" } of Attributes) {
      const known = attributesOf(group.protocol)[Key];
      if (known === undefined) throw validationError(`Target group attribute key '${Key}' is not recognized`);
      if (!known[1](Value))
        throw validationError(`'${Value}' is not a valid value for the target group attribute '${Key}'`);
    }
    // Source: "Client IP preservation": "can't be disabled" for UDP.
    const isUdp = group.protocol === "UDP" || group.protocol === "TCP_UDP";
    if (
      isUdp &&
      Attributes.some(({ Key, Value }) => Key === "preserve_client_ip.enabled" && Value === "false")
    )
      throw new ServiceError(
        "InvalidConfigurationRequest",
        `Client IP preservation cannot be disabled for target groups with the protocol '${group.protocol}'`,
      );
    if (Attributes.some(({ Key, Value }) => Key === "stickiness.enabled" && Value === "true"))
      checkTargetStickiness(account, TargetGroupArn);
    const wanted = new Map([
      ...group.attributes,
      ...Attributes.map(({ Key = "", Value = "" }) => [Key, Value] as const),
    ]);
    checkSlowStart(wanted);
    for (const { Key = "", Value = "" } of Attributes) group.attributes.set(Key, Value);
    return { Attributes: listed(group.attributes) };
  },
});

/** Source: ELB User Guide, "Slow start mode": with round robin only. */
function checkSlowStart(attributes: ReadonlyMap<string, string>): void {
  const algorithm = attributes.get("load_balancing.algorithm.type") ?? "";
  if ((attributes.get("slow_start.duration_seconds") ?? "0") === "0" || algorithm === "round_robin") return;
  throw new ServiceError(
    "InvalidConfigurationRequest",
    `Slow start mode is not supported with the load balancing algorithm '${algorithm}'`,
  );
}

const listed = (map: ReadonlyMap<string, string>) => [...map].map(([Key, Value]) => ({ Key, Value }));

function isBoolean(value: string): boolean {
  return value === "true" || value === "false";
}

function isBetween(value: string, min: number, max: number): boolean {
  return /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
}
