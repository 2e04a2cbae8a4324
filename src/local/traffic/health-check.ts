import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { askOverHttp2 } from "./http2-check.js";
import { matchesCode } from "../services/elb/health-check.js";
import type { TargetGroup } from "../services/elb/state.js";
import type { HealthCheckResult } from "./traffic.js";

export interface CheckOptions {
  /** True if a target that does not listen yet is given the whole timeout of the check. */
  readonly patient: boolean;
  readonly closing: AbortSignal;
}

const connectionRefused: HealthCheckResult = {
  healthy: false,
  reason: "Target.FailedHealthChecks",
  description: "Health checks failed",
};
const timedOut: HealthCheckResult = {
  healthy: false,
  reason: "Target.Timeout",
  description: "Request timed out",
};

/**
 * Sends one real request to a target's health check path. The cloud's clock does not accelerate requests or
 * processes: the check has its timeout in real time, and a new target, whose process may still be starting, may
 * use all of it until it listens.
 */
export async function checkOverHttp(
  group: TargetGroup,
  port: number,
  { patient, closing }: CheckOptions,
): Promise<HealthCheckResult> {
  const { path, timeoutSeconds, httpCode } = group.healthCheck;
  const { protocolVersion } = group;
  const askNow = () =>
    group.healthCheck.protocol === "TCP"
      ? tryToConnect(port, signal)
      : protocolVersion === "HTTP1"
        ? ask(port, path, signal)
        : askOverHttp2(port, path, protocolVersion === "GRPC", signal);
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = AbortSignal.any([timeout, closing]);
  for (;;) {
    const answer = await askNow();
    if (answer === "connected") return { healthy: true };
    if (typeof answer === "number") {
      if (matchesCode(httpCode, answer)) return { healthy: true };
      const description = `Health checks failed with these codes: [${answer}]`;
      return { healthy: false, reason: "Target.ResponseCodeMismatch", description };
    }
    if (answer !== "ECONNREFUSED") return timeout.aborted ? timedOut : connectionRefused;
    if (!patient) return connectionRefused;
    await pause(50, undefined, { signal }).catch(() => {});
    if (signal.aborted) return connectionRefused;
  }
}

/** `connected`, or the code of the error. */
const tryToConnect = (port: number, signal: AbortSignal): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, signal });
    socket.once("connect", () => {
      resolve("connected");
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  });

/** The status, or the code of the error. */
const ask = (port: number, path: string, signal: AbortSignal): Promise<number | string | undefined> =>
  new Promise((resolve) => {
    const headers = { "user-agent": "ELB-HealthChecker/2.0" };
    const outgoing = request({ host: "127.0.0.1", port, path, agent: false, signal, headers });
    outgoing.once("response", (response) => {
      response.on("error", () => {}).resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    outgoing.end();
  });
