import type { Account } from "../core/account.js";
import type { RunningTask } from "../runtime/task-runtime.js";
import { mainContainer } from "../services/ecs/tasks/main-container.js";
import { matchesCode } from "../services/elb/health-check.js";
import type { Listener, Target, TargetGroup } from "../services/elb/state.js";
import { CertificateAuthority } from "./certificate-authority.js";
import type { Responded } from "./listener-server.js";
import { badGateway, gatewayTimeout, routeRequest } from "./route-request.js";
import { containerAt, taskOfTarget } from "./target-address.js";
import { grpcStatus } from "./grpc-status.js";
import type { HealthCheckResult, Traffic } from "./traffic.js";

type State = Pick<Account, "acm" | "clock" | "ec2" | "ecs" | "elb" | "random" | "serviceDiscovery">;

/** The time that a request takes. */
const LATENCY = 10;
/** A load balancer's idle timeout: a target that does not answer within it is a 504. */
const IDLE_TIMEOUT = 60_000;
/** RFC 5737's address for documentation: a client somewhere on the internet. */
const CLIENT = "203.0.113.10";

/**
 * Load balancers without a network: a target is as healthy as its simulated task, which answers as its image's
 * behavior says.
 */
export function createSimulatedTraffic(account: State): Traffic {
  const requestCounts = new Map<string, number>();
  return {
    open: () => {},
    close: () => {},
    change: () => {},
    changeRules: () => {},
    certificateAuthority: () => new CertificateAuthority().pem(),
    address: () => undefined,
    answer: (request, address) => answerThrough(account, requestCounts, request, address),
    check: async (group, target) => {
      const own = group.healthCheck.port;
      const running = runningAt(account, target, own === "traffic-port" ? undefined : Number(own));
      if (running === undefined) return refused;
      const { failingCheck } = running;
      if (failingCheck !== undefined) {
        const { reason, description } = failingCheck;
        return { healthy: false, reason, description, isSteady: true };
      }
      return running.answer === undefined ? { healthy: true, isSteady: true } : check(group, target, running);
    },
    end: async () => {},
  };
}

const refused = {
  healthy: false,
  reason: "Target.FailedHealthChecks",
  description: "Health checks failed",
};

function runningAt(account: State, target: Target, port = target.port): RunningTask | undefined {
  const task = taskOfTarget(account, target);
  return task && task.running.get(containerAt(task, port));
}

async function check(
  { healthCheck, protocolVersion }: TargetGroup,
  { id, port }: Target,
  running: RunningTask,
): Promise<HealthCheckResult> {
  const headers = { "user-agent": "ELB-HealthChecker/2.0" };
  const address = id.startsWith("i-") ? "127.0.0.1" : id;
  const own = healthCheck.port === "traffic-port" ? port : healthCheck.port;
  const url = new URL(healthCheck.path, `http://${address}:${own}`);
  const answer = await running.answer!(new Request(url, { headers }));
  const steady = { isSteady: true, mayChange: running.mayAnswerOtherwise ?? false } as const;
  if (answer === "refused") return { ...refused, ...steady };
  // What answers nothing accepts connections all the same.
  if (healthCheck.protocol === "TCP") return { healthy: true, ...steady };
  if (answer === "silence")
    return { healthy: false, reason: "Target.Timeout", description: "Request timed out", ...steady };
  const code = protocolVersion === "GRPC" ? grpcStatus(answer) : answer.status;
  if (matchesCode(healthCheck.httpCode, code)) return { healthy: true, ...steady };
  const description = `Health checks failed with these codes: [${code}]`;
  return { healthy: false, reason: "Target.ResponseCodeMismatch", description, ...steady };
}

async function answerThrough(
  account: State,
  requestCounts: Map<string, number>,
  request: Request,
  { dnsName, port }: { readonly dnsName: string; readonly port: number },
): Promise<Response> {
  await account.clock.sleep(LATENCY, request.signal);
  const { elb } = account;
  const balancer = [...elb.loadBalancers.values()].find((each) => each.dnsName === dnsName.toLowerCase());
  const named = balancer ?? [...elb.loadBalancers.values()].find((each) => isNamed(each.dnsName, dnsName));
  if (named === undefined) throw unreached("ENOTFOUND", `getaddrinfo ENOTFOUND ${dnsName}`);
  const listener = [...elb.listeners.values()].find(
    (each) => each.loadBalancerArn === named.arn && each.port === port,
  );
  if (listener === undefined)
    throw unreached("UND_ERR_CONNECT_TIMEOUT", `${dnsName} has no listener at port ${port}`);
  const routed = routeRequest(account, requestCounts, listener, toMatch(request));
  if ("lost" in routed) {
    if (routed.lost === "name") throw unreached("ENOTFOUND", `getaddrinfo ENOTFOUND ${dnsName}`);
    throw unreached(
      "UND_ERR_CONNECT_TIMEOUT",
      `no security group rule lets requests to ${dnsName}:${port} in`,
    );
  }
  if (!("target" in routed)) return toResponse(routed);
  routed.ended();
  const task = taskOfTarget(account, routed.target);
  const running = runningAt(account, routed.target);
  if (task === undefined || running === undefined) return toResponse(badGateway);
  if (running.answer === undefined) throw saysNothing(mainContainer(task).image ?? "", request);
  const answer = await running.answer(forwarded(request, listener));
  if (answer === "refused") return toResponse(badGateway);
  if (answer === "silence") {
    await account.clock.sleep(IDLE_TIMEOUT, request.signal);
    return toResponse(gatewayTimeout);
  }
  return toResponse({ respond: answer.status, headers: answer.headers, body: answer.body });
}

const isNamed = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase();

/** As load balancers tell targets of the client. */
function forwarded(request: Request, { protocol, port }: Listener): Request {
  const sent = new Request(request);
  sent.headers.set("x-forwarded-for", CLIENT);
  sent.headers.set("x-forwarded-proto", protocol.toLowerCase());
  sent.headers.set("x-forwarded-port", String(port));
  return sent;
}

function toMatch({ url, method, headers }: Request) {
  const { hostname: host, pathname: path, search } = new URL(url);
  return {
    host,
    path,
    query: search.slice(1),
    method,
    headers: Object.fromEntries(headers),
    address: CLIENT,
  };
}

const BODILESS = new Set([204, 205, 304]);

const toResponse = ({ respond, headers, body }: Responded): Response =>
  new Response(BODILESS.has(respond) ? null : (body ?? ""), {
    status: respond,
    headers: { server: "awselb/2.0", ...headers },
  });

/** A request that has not reached the load balancer, as `fetch` rejects. */
const unreached = (code: string, message: string): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });

/** The user's mistake, and not a failed request: no later one succeeds. */
function saysNothing(image: string, request: Request): Error {
  const { pathname } = new URL(request.url);
  const name = image.replace(/^.*\//, "").replace(/[@:].*$/, "");
  return new Error(
    `${image} cannot answer ${pathname}, because no process runs on the virtual clock, and the local cloud was not told what it answers: localCloud({ images: { "${name}": { answers: { "${pathname}": 200 } } } })`,
  );
}
