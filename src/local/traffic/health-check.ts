import { request } from "node:http";
import { matchesCode } from "../services/elb/health-check.js";
import type { TargetGroup } from "../services/elb/state.js";
import type { HealthCheckResult } from "./traffic.js";

/** One real request to a target's health check path. */
export function checkOverHttp(group: TargetGroup, port: number): Promise<HealthCheckResult> {
  const { path, timeoutSeconds, httpCode } = group.healthCheck;
  return new Promise((resolve) => {
    const outgoing = request({
      host: "127.0.0.1",
      port,
      path,
      agent: false,
      // Requests do not pass faster than on AWS, whatever the clock says.
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
      headers: { "user-agent": "ELB-HealthChecker/2.0" },
    });
    outgoing.once("response", (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      if (matchesCode(httpCode, status)) return resolve({ healthy: true });
      const description = `Health checks failed with these codes: [${status}]`;
      resolve({ healthy: false, reason: "Target.ResponseCodeMismatch", description });
    });
    outgoing.once("error", (error) => {
      const timedOut = error.name === "TimeoutError" || error.name === "AbortError";
      resolve(
        timedOut
          ? { healthy: false, reason: "Target.Timeout", description: "Request timed out" }
          : { healthy: false, reason: "Target.FailedHealthChecks", description: "Health checks failed" },
      );
    });
    outgoing.end();
  });
}
