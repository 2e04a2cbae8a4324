import type { Account } from "../../core/account.js";
import type { Scheduled } from "../../core/clock.js";
import { durations } from "../../core/durations.js";
import { ServiceError } from "../../core/service-error.js";
import { loadBalancerOf } from "./lookups.js";
import { isReachable, vpcOfTarget } from "./reachable.js";
import { arnNotFound } from "./service-errors.js";
import type { HealthCheckResult } from "../../traffic/traffic.js";
import type { LoadBalancer, Target, TargetGroup } from "./state.js";

export interface TargetToRegister {
  /** An instance id, or an IP address. */
  readonly id: string;
  readonly port: number;
  /** Called after its state has changed. */
  readonly changed?: () => void;
}

interface Watch {
  readonly changed: (() => void) | undefined;
  next: Scheduled | undefined;
  checking: boolean;
  /** True if the load balancer reached it at the last check; `undefined` before the first one. */
  reached: boolean | undefined;
}

const watches = new WeakMap<Target, Watch>();

export function registerTarget(
  account: Account,
  groupArn: string,
  { id, port, changed }: TargetToRegister,
): void {
  const group = account.elb.targetGroups.get(groupArn);
  if (group === undefined) throw arnNotFound(account, "target group", groupArn);
  assertInVpc(account, group, id);
  const target: Target = {
    id,
    port,
    state: "unused",
    reason: undefined,
    description: undefined,
    passed: 0,
    failed: 0,
  };
  const before = group.targets.get(`${id}:${port}`);
  if (before !== undefined) forget(before);
  group.targets.set(`${id}:${port}`, target);
  watches.set(target, { changed, next: undefined, checking: false, reached: undefined });
  refresh(account, group, target);
}

/** Drains a target for the group's deregistration delay, also without requests in flight; then removes it. */
export function deregisterTarget(
  account: Account,
  groupArn: string,
  { id, port }: Pick<Target, "id" | "port">,
): void {
  const group = account.elb.targetGroups.get(groupArn);
  const target = group?.targets.get(`${id}:${port}`);
  if (group === undefined || target === undefined || target.state === "draining") return;
  forget(target);
  const remove = () => {
    if (group.targets.get(`${id}:${port}`) === target) group.targets.delete(`${id}:${port}`);
  };
  if (target.state === "unused") return remove();
  set(target, "draining", "Target.DeregistrationInProgress", "Target deregistration is in progress");
  account.clock.schedule(deregistrationDelay(group), remove);
}

/** In milliseconds. */
export const deregistrationDelay = (group: TargetGroup): number =>
  Number(group.attributes.get("deregistration_delay.timeout_seconds") ?? 300) * 1000;

/** Call it after every change of whether, or how, a group's targets are checked. */
export function refreshTargets(account: Account, group: TargetGroup): void {
  for (const target of group.targets.values()) refresh(account, group, target);
}

/** Call it after every change of security groups: a target whose way has been opened or closed is checked again. */
export function recheckTargets(account: Account): void {
  for (const group of account.elb.targetGroups.values()) {
    const loadBalancer = loadBalancerOf(account, group);
    if (loadBalancer?.state !== "active") continue;
    for (const target of group.targets.values()) {
      const watch = watches.get(target);
      if (watch?.reached === undefined || watch.next !== undefined || watch.checking) continue;
      if (target.state === "draining" || target.state === "unused") continue;
      if (watch.reached === canBeChecked(account, loadBalancer, group, target)) continue;
      scheduleCheck(account, group, target, watch, group.healthCheck.intervalSeconds * 1000);
    }
  }
}

/** A target group takes only instances of its own VPC. Addresses of other VPCs need a peering. */
function assertInVpc(account: Account, group: TargetGroup, id: string): void {
  const vpcId = vpcOfTarget(account, group, { id });
  if (vpcId === group.vpcId) return;
  if (group.targetType === "ip") {
    throw new ServiceError(
      "ValidationError",
      `The Availability Zone for IP address '${id}' must be 'all' for Application Load Balancer target groups, when not within the VPC`,
    );
  }
  throw new ServiceError(
    "InvalidTarget",
    vpcId === undefined
      ? `The following instances do not exist: '${id}'`
      : `The following targets are not in the target group VPC '${group.vpcId}': '${id}'`,
  );
}

function refresh(account: Account, group: TargetGroup, target: Target): void {
  const watch = watches.get(target);
  if (watch === undefined || target.state === "draining") return;
  const unused = unusedReason(account, group, target);
  if (unused !== undefined) {
    watch.next?.cancel();
    watch.next = undefined;
    return set(target, "unused", unused.reason, unused.description);
  }
  if (target.state === "unused") {
    target.passed = target.failed = 0;
    set(target, "initial", "Elb.RegistrationInProgress", "Target registration is in progress");
  }
  if (watch.next === undefined && !watch.checking && loadBalancerOf(account, group)?.state === "active") {
    const { firstHealthCheck } = durations;
    const interval = group.healthCheck.intervalSeconds * 1000;
    const delay = firstHealthCheck + account.random() * (interval - firstHealthCheck);
    scheduleCheck(account, group, target, watch, delay);
  }
}

function unusedReason(
  account: Account,
  group: TargetGroup,
  target: Target,
): { reason: string; description: string } | undefined {
  const loadBalancer = loadBalancerOf(account, group);
  if (loadBalancer === undefined) {
    return {
      reason: "Target.NotInUse",
      description: "Target group is not configured to receive traffic from the load balancer",
    };
  }
  if (group.targetType !== "instance") return undefined;
  const instance = account.ec2.instances.get(target.id);
  if (instance?.state !== "running") {
    return { reason: "Target.InvalidState", description: "Target is in the stopped state" };
  }
  const zones = loadBalancer.subnetIds.map((id) => account.ec2.subnets.get(id)?.zone);
  if (zones.includes(instance.zone)) return undefined;
  return {
    reason: "Target.NotInUse",
    description: "Target is in an Availability Zone that is not enabled for the load balancer",
  };
}

function scheduleCheck(
  account: Account,
  group: TargetGroup,
  target: Target,
  watch: Watch,
  delay: number,
  kind?: "background",
): void {
  const run = (): void => {
    watch.next = undefined;
    watch.checking = true;
    void check(account, group, target, watch).then((result) => {
      watch.checking = false;
      if (watches.get(target) !== watch || target.state === "unused") return refresh(account, group, target);
      apply(group, target, result);
      const isSettled = target.state === (result.healthy ? "healthy" : "unhealthy");
      const rests = result.isSteady === true && isSettled;
      if (rests && result.mayChange !== true) return;
      const interval = group.healthCheck.intervalSeconds * 1000;
      scheduleCheck(account, group, target, watch, interval, rests ? "background" : undefined);
    });
  };
  watch.next = account.clock.schedule(delay, run, kind);
}

/** A closed way drops packets, so that the check waits for the answer until its timeout. */
async function check(
  account: Account,
  group: TargetGroup,
  target: Target,
  watch: Watch,
): Promise<HealthCheckResult> {
  const loadBalancer = loadBalancerOf(account, group);
  watch.reached = loadBalancer !== undefined && canBeChecked(account, loadBalancer, group, target);
  if (watch.reached) return account.traffic.check(group, target);
  return { healthy: false, reason: "Target.Timeout", description: "Request timed out", isSteady: true };
}

function canBeChecked(
  account: Account,
  loadBalancer: LoadBalancer,
  group: TargetGroup,
  target: Target,
): boolean {
  const { port } = group.healthCheck;
  return isReachable(
    account,
    loadBalancer,
    group,
    target,
    port === "traffic-port" ? target.port : Number(port),
  );
}

function apply(group: TargetGroup, target: Target, result: HealthCheckResult): void {
  const { healthyThreshold, unhealthyThreshold } = group.healthCheck;
  if (result.healthy) {
    target.passed++;
    target.failed = 0;
    // A new target needs only one passed check; the threshold applies to targets that were unhealthy.
    if (target.state === "initial" || target.passed >= healthyThreshold)
      set(target, "healthy", undefined, undefined);
    return;
  }
  target.failed++;
  target.passed = 0;
  if (target.failed >= unhealthyThreshold) {
    const reason = result.reason ?? "Target.FailedHealthChecks";
    return set(target, "unhealthy", reason, result.description ?? "Health checks failed");
  }
  if (target.state === "initial") {
    set(target, "initial", "Elb.InitialHealthChecking", "Initial health checks in progress");
  }
}

function set(
  target: Target,
  state: Target["state"],
  reason: string | undefined,
  description: string | undefined,
): void {
  const changed = target.state !== state;
  target.state = state;
  target.reason = reason;
  target.description = description;
  if (changed) watches.get(target)?.changed?.();
}

function forget(target: Target): void {
  watches.get(target)?.next?.cancel();
  watches.delete(target);
}
