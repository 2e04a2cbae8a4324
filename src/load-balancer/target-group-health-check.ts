import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { hasChanges } from "../engine/diff.js";
import type { FieldChange } from "../engine/kind.js";
import type { NetworkHealthCheckSpec } from "../spec/network-health-check.js";
import type { TargetGroupDesired } from "./target-group-desired.js";

type Described = { readonly [K in keyof NetworkHealthCheckSpec]?: unknown };

export function healthCheckOf(group: TargetGroup, { healthCheck: described }: TargetGroupDesired): Described {
  const { HealthCheckPort: present = "traffic-port" } = group;
  const own = present === "traffic-port" ? undefined : Number(present);
  const isOfNetwork = "protocol" in described;
  const isTcp = isOfNetwork && group.HealthCheckProtocol === "TCP";
  return {
    ...(isOfNetwork && { protocol: group.HealthCheckProtocol?.toLowerCase() }),
    ...(!isTcp && {
      path: group.HealthCheckPath,
      codes: group.Matcher?.GrpcCode ?? group.Matcher?.HttpCode,
    }),
    ...((described.port !== undefined || own !== undefined) && { port: own }),
    interval: group.HealthCheckIntervalSeconds,
    timeout: group.HealthCheckTimeoutSeconds,
    healthyThreshold: group.HealthyThresholdCount,
    unhealthyThreshold: group.UnhealthyThresholdCount,
  };
}

export const healthCheckInput = (
  { healthCheck: check, protocolVersion }: Pick<TargetGroupDesired, "healthCheck" | "protocolVersion">,
  changes: readonly FieldChange[] = [],
) => ({
  ...("protocol" in check && {
    HealthCheckProtocol: check.protocol === "http" ? ("HTTP" as const) : ("TCP" as const),
  }),
  ...(check.path !== undefined && {
    HealthCheckPath: check.path,
    Matcher: protocolVersion === "GRPC" ? { GrpcCode: check.codes } : { HttpCode: check.codes },
  }),
  ...(check.port !== undefined && { HealthCheckPort: String(check.port) }),
  ...(check.port === undefined &&
    hasChanges(changes, "healthCheck.port") && { HealthCheckPort: "traffic-port" }),
  HealthCheckIntervalSeconds: check.interval,
  HealthCheckTimeoutSeconds: check.timeout,
  HealthyThresholdCount: check.healthyThreshold,
  UnhealthyThresholdCount: check.unhealthyThreshold,
});
