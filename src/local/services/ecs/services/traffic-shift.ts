import type {
  DeploymentConfiguration,
  LoadBalancer,
  ServiceDeploymentLifecycleStage,
} from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { durations } from "../../../core/durations.js";
import { invalidParameter } from "../service-errors.js";
import type { Rollout, Service, TrafficShift } from "../state.js";
import { checkLoadBalancers } from "./advanced-configuration.js";
import { hasTestTraffic, setShare, shiftDelay, shiftsLoadBalancers } from "./load-balancer-traffic.js";
import { scheduleReconcile } from "./schedule-reconcile.js";
import { addEvent } from "./service-events.js";

/*
 * Blue/green, linear and canary deployments, as ECS makes them by itself, of services with Service Connect or behind load
 * balancers: the new revision starts beside the old one, gets its traffic in steps, and the old one is stopped after the
 * bake time. Source: ECS Developer Guide, "Amazon ECS blue/green deployments", and the pages of resources for them.
 */

const MINUTE = 60_000;

export function checkStrategy(
  configuration: DeploymentConfiguration | undefined,
  shape: { readonly loadBalancers: readonly LoadBalancer[] | undefined; readonly hasEndpoints: boolean },
): void {
  const { strategy = "ROLLING", bakeTimeInMinutes = 0, ...more } = configuration ?? {};
  if (!["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"].includes(strategy))
    throw invalidParameter(`Invalid deployment strategy '${strategy}'.`);
  if (bakeTimeInMinutes < 0 || bakeTimeInMinutes > 1440)
    throw invalidParameter("bakeTimeInMinutes must be between 0 and 1440.");
  if ((more.canaryConfiguration !== undefined) !== (strategy === "CANARY"))
    throw invalidParameter("canaryConfiguration is required for the strategy CANARY, and only for it.");
  if ((more.linearConfiguration !== undefined) !== (strategy === "LINEAR"))
    throw invalidParameter("linearConfiguration is required for the strategy LINEAR, and only for it.");
  const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = more.canaryConfiguration ?? {};
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = more.linearConfiguration ?? {};
  if (canaryPercent < 0.1 || canaryPercent > 100 || canaryBakeTimeInMinutes > 1440)
    throw invalidParameter("canaryPercent must be between 0.1 and 100.");
  if (stepPercent < 3 || stepPercent > 100 || stepBakeTimeInMinutes > 1440)
    throw invalidParameter("stepPercent must be between 3 and 100.");
  if (strategy === "ROLLING") return;
  const { loadBalancers = [] } = shape;
  checkLoadBalancers(loadBalancers, configuration);
  if (loadBalancers.length === 0 && !shape.hasEndpoints)
    throw invalidParameter(
      `The deployment strategy '${strategy}' requires a load balancer or Service Connect endpoints.`,
    );
}

/**
 * The shift of a rollout that begins: none for a rolling update. Without an earlier revision, only load balancers have
 * traffic to shift: from the target group that is empty (go-to-k/cdk-real-drift#1730).
 */
export function newShift({ description, rollouts }: Service): TrafficShift | undefined {
  const { loadBalancers = [], deploymentConfiguration: configuration } = description;
  if ((configuration?.strategy ?? "ROLLING") === "ROLLING") return undefined;
  if (rollouts.length === 0 && !shiftsLoadBalancers(loadBalancers, configuration)) return undefined;
  return { percent: 0, stage: "scale-up" };
}

/** True while the tasks of earlier revisions must not be stopped. */
export const isShifting = ({ shift, deployment }: Rollout): boolean =>
  shift !== undefined &&
  shift.stage !== "done" &&
  shift.stage !== "taken-back" &&
  deployment.rolloutState === "IN_PROGRESS";

/** All tasks of the new revision are healthy: it gets the traffic, step by step, and the old one ends after that. */
export function beginShift(
  account: Account,
  service: Service,
  rollout: Rollout,
  takeBack: (why: string) => void,
): void {
  const { shift, serviceDeployment } = rollout;
  if (shift === undefined || shift.stage !== "scale-up") return;
  const steps = stepsOf(service.description.deploymentConfiguration ?? {});
  const delay = shiftDelay(rollout);
  const isCurrent = () => service.rollouts[0] === rollout && isShifting(rollout);
  /** Minute by minute: an alarm that is triggered takes the traffic back. */
  const wait = (left: number, then: () => void): void => {
    if (!isCurrent()) return;
    const triggered = triggeredAlarms(account, service);
    if (triggered.length > 0)
      return takeBack(
        `Service deployment rolled back because the alarms [${triggered.join(", ")}] are in the ALARM state.`,
      );
    if (left <= 0) return then();
    const part = Math.min(left, MINUTE);
    account.clock.schedule(part, () => wait(left - part, then));
  };
  const enter = (stage: ServiceDeploymentLifecycleStage): void => {
    serviceDeployment.lifecycleStage = stage;
    serviceDeployment.updatedAt = new Date(account.clock.now());
  };
  const shiftTo = (percent: number, traffic: "production" | "test"): boolean => {
    const denied = setShare(account, rollout, percent, traffic);
    if (denied !== undefined) {
      const stage = traffic === "test" ? "TEST_TRAFFIC_SHIFT" : "PRODUCTION_TRAFFIC_SHIFT";
      takeBack(`Service deployment rolled back because ${stage} lifecycle hook(s) failed. ${denied}`);
      return false;
    }
    reportShares(rollout, percent, traffic);
    return true;
  };
  const next = (index: number): void => {
    const step = steps[index];
    if (step === undefined) return finish();
    enter("PRODUCTION_TRAFFIC_SHIFT");
    if (!shiftTo(step.percent, "production")) return;
    shift.percent = step.percent;
    addEvent(account, service, `has shifted ${step.percent} percent of the traffic.`);
    wait(delay, () => {
      if (index === steps.length - 1) {
        shift.stage = "bake";
        enter("BAKE_TIME");
      }
      wait(step.bake * MINUTE, () => next(index + 1));
    });
  };
  const finish = (): void => {
    shift.stage = "done";
    enter("CLEAN_UP");
    scheduleReconcile(account, service);
  };
  shift.stage = "shift";
  if (!hasTestTraffic(rollout)) return wait(durations.connectShift, () => next(0));
  enter("TEST_TRAFFIC_SHIFT");
  if (shiftTo(100, "test")) wait(delay, () => next(0));
}

/** What DescribeServiceDeployments says of the traffic. */
function reportShares({ serviceDeployment }: Rollout, percent: number, traffic: "production" | "test"): void {
  const field = traffic === "test" ? "requestedTestTrafficWeight" : "requestedProductionTrafficWeight";
  const { targetServiceRevision: target, sourceServiceRevisions: [source] = [] } = serviceDeployment;
  if (target !== undefined) target[field] = percent;
  if (source !== undefined) source[field] = 100 - percent;
}

/** The alarms of the deployment configuration that are in the state ALARM. */
function triggeredAlarms({ cloudWatch }: Account, { description }: Service): readonly string[] {
  const { alarmNames = [], enable, rollback } = description.deploymentConfiguration?.alarms ?? {};
  if (enable !== true || rollback !== true) return [];
  return alarmNames.filter((name) => cloudWatch.alarms.get(name)?.description.StateValue === "ALARM");
}

function stepsOf({
  strategy,
  bakeTimeInMinutes: bake = 0,
  canaryConfiguration,
  linearConfiguration,
}: DeploymentConfiguration): readonly { readonly percent: number; readonly bake: number }[] {
  const last = { percent: 100, bake };
  if (strategy === "CANARY") {
    const { canaryPercent: percent = 5, canaryBakeTimeInMinutes = 10 } = canaryConfiguration ?? {};
    return [{ percent, bake: canaryBakeTimeInMinutes }, last];
  }
  if (strategy !== "LINEAR") return [last];
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = linearConfiguration ?? {};
  const steps: { percent: number; bake: number }[] = [];
  for (let percent = stepPercent; percent < 100; percent += stepPercent)
    steps.push({ percent, bake: stepBakeTimeInMinutes });
  return [...steps, last];
}
