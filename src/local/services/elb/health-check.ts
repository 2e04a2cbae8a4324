import type {
  CreateTargetGroupCommandInput,
  ModifyTargetGroupCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { isNetworkProtocol } from "./network-load-balancers.js";
import { validationError } from "./service-errors.js";
import type { TargetGroup } from "./state.js";

type HealthCheck = TargetGroup["healthCheck"];

export const defaultHealthCheck: HealthCheck = Object.freeze({
  path: "/",
  protocol: "HTTP",
  port: "traffic-port",
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  httpCode: "200",
});

/** What ELB checks of a gRPC target by default. Source: ELB API reference, CreateTargetGroup. */
export const grpcHealthCheck: HealthCheck = Object.freeze({
  ...defaultHealthCheck,
  path: "/AWS.ALB/healthcheck",
  httpCode: "12",
});

/** Health check settings: a call's values merged over the existing ones, validated. */
export function readHealthCheck(
  base: HealthCheck,
  input: CreateTargetGroupCommandInput | ModifyTargetGroupCommandInput,
  { protocol, protocolVersion }: Pick<TargetGroup, "protocol" | "protocolVersion">,
): HealthCheck {
  const isGrpc = protocolVersion === "GRPC";
  if (isGrpc ? input.Matcher?.HttpCode !== undefined : input.Matcher?.GrpcCode !== undefined) {
    throw validationError(
      `Health check matcher must have ${isGrpc ? "a GrpcCode" : "an HttpCode"} for a target group with the protocol version '${protocolVersion}'`,
    );
  }
  const check: HealthCheck = {
    path: input.HealthCheckPath ?? base.path,
    protocol: input.HealthCheckProtocol ?? base.protocol,
    port: input.HealthCheckPort ?? base.port,
    intervalSeconds: input.HealthCheckIntervalSeconds ?? base.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? base.timeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount ?? base.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? base.unhealthyThreshold,
    httpCode: input.Matcher?.GrpcCode ?? input.Matcher?.HttpCode ?? base.httpCode,
  };
  inRange("Health check interval", check.intervalSeconds, 5, 300);
  inRange("Health check timeout", check.timeoutSeconds, 2, 120);
  inRange("Healthy threshold count", check.healthyThreshold, 2, 10);
  inRange("Unhealthy threshold count", check.unhealthyThreshold, 2, 10);
  if (check.timeoutSeconds >= check.intervalSeconds) {
    throw validationError("Health check timeout must be smaller than the interval");
  }
  if (!check.path.startsWith("/") || check.path.length > 1024) {
    throw validationError(
      `Health check path '${check.path}' must begin with a '/' and have at most 1024 characters`,
    );
  }
  const isNetwork = isNetworkProtocol(protocol);
  if (!["HTTP", "HTTPS", ...(isNetwork ? ["TCP"] : [])].includes(check.protocol)) {
    throw validationError(
      `Health check protocol '${check.protocol}' must be HTTP${isNetwork ? ", HTTPS or TCP" : " or HTTPS"}`,
    );
  }
  if (check.protocol === "TCP" && (input.HealthCheckPath ?? input.Matcher?.HttpCode) !== undefined)
    throw validationError("Health check paths and matchers are for HTTP and HTTPS health checks only");
  if (check.port !== "traffic-port") inRange("Health check port", Number(check.port), 1, 65535);
  for (const code of check.httpCode.split(/[,-]/)) {
    if (isGrpc && (!/^\d{1,2}$/.test(code) || Number(code) > 99)) {
      throw validationError(`Health check matcher GRPC code '${check.httpCode}' must be within '0-99'`);
    }
    if (isGrpc) continue;
    if (!/^\d{3}$/.test(code) || Number(code) < 200 || Number(code) > (isNetwork ? 599 : 499)) {
      throw validationError(
        `Health check matcher HTTP code '${check.httpCode}' must be within '200-${isNetwork ? 599 : 499}'`,
      );
    }
  }
  return check;
}

/** `200`, `200,202` or `200-299`. */
export const matchesCode = (httpCode: string, status: number): boolean =>
  httpCode.split(",").some((part) => {
    const [from = "", to = from] = part.split("-");
    return status >= Number(from) && status <= Number(to);
  });

function inRange(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw validationError(`${what} '${value}' must be in the range ${min}-${max}`);
  }
}
