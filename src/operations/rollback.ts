import { taskDefinitionRevision } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { COLORS, type BlueGreenDeployment } from "../bluegreen/colors.js";
import { routeAllTraffic } from "../bluegreen/release-operations.js";
import { readRelease } from "../bluegreen/release-state.js";
import { reported } from "../engine/apply.js";
import { QuaysideError } from "../errors.js";
import { describeService } from "../service/describe-services.js";
import { serviceKind } from "../service/ecs-service.js";
import { groupsOfService } from "../service/shifted-groups.js";
import { watchRollout } from "../service/rollout/rollout.js";
import { whyItCannotRun } from "../service/task-definition/cannot-run.js";
import {
  missingDependencies,
  type MissingDependency,
} from "../service/task-definition/missing-dependencies.js";
import type { Release } from "../service/task-definition/releases.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { RollbackTarget } from "../spec/operation-options.js";
import { releasesOf } from "./history.js";
import { scopeOf } from "./plan/plan-scope.js";
import { isBlueGreen } from "./release/prepare-release.js";
import type { OperationOptions, Configured } from "./results.js";
import { withDeployment, type Described } from "./with-deployment.js";

export type RollbackOptions = OperationOptions & RollbackTarget;

export interface RollbackResult {
  /** The release that ran, or was being rolled out; `undefined` if it is not one of this deployment. */
  readonly from: Release | undefined;
  /** The release that runs now. */
  readonly to: Release;
  /** Milliseconds, by the cloud's clock. */
  readonly duration: number;
}

/**
 * Rolls the service back to an earlier release. First checks that everything the release needs still exists;
 * the rollout is watched like any other.
 */
export function rollback(described: Described, options: RollbackOptions = {}): Promise<RollbackResult> {
  const work = async ({ spec, cloud }: Configured, context: AwsContext): Promise<RollbackResult> => {
    const all = await releasesOf(spec, context);
    const from = all.find(({ state }) => state === "live" || state === "rolling-out") ?? failedRelease(all);
    const to =
      options.to === undefined
        ? previousRelease(spec, from, all)
        : await namedRelease(spec, options.to, all, context);
    if (to.state !== "live") {
      // The other color's tasks are running, so they have everything that they need.
      const lost = isBlueGreen(spec) ? [] : await missingDependencies(to.taskDefinition, context);
      if (lost.length > 0) throw missingDependenciesError(spec, to, lost);
      const scope = await scopeOf(context);
      context.emit({
        type: "planned",
        at: cloud.clock.now(),
        startedAt: context.startedAt,
        ...scope,
        create: 0,
        update: 1,
        delete: 0,
        none: 0,
      });
      await runRelease(spec, to, context);
    }
    return {
      from,
      to: { ...to, state: "live" },
      duration: Math.round(cloud.clock.now() - context.startedAt),
    };
  };
  return withDeployment(described, options, work, { remembers: true });
}

/** The release on which the service stalled: none is live then. */
const failedRelease = (all: readonly Release[]): Release | undefined =>
  all.find(({ state }) => state === "failed");

async function runRelease(spec: DeploymentSpec, to: Release, context: AwsContext): Promise<void> {
  context.endLooking();
  if (isBlueGreen(spec)) return switchToColor(spec, to, context);
  const cluster = spec.cluster.name;
  const serviceName = spec.service.name;
  const service = await describeService(cluster, serviceName, context);
  if (service?.status !== "ACTIVE") throw notDeployed(spec);
  const why = await whyItCannotRun(service, to.taskDefinition, context.asObserved?.() ?? context);
  if (why !== undefined) throw otherCapacityError(spec, to, why);
  const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
  const isRollingOut = to.state === "rolling-out";
  const deploymentId = isRollingOut
    ? primary?.id
    : await reported({ kind: serviceKind, name: serviceName }, "update", context, async () => {
        const answer = await context.aws.ecs.updateService({
          cluster,
          service: serviceName,
          taskDefinition: to.taskDefinition,
        });
        return answer.service?.deployments?.find(({ status }) => status === "PRIMARY")?.id;
      });
  await watchRollout(
    {
      serviceName,
      clusterName: cluster,
      taskDefinition: to.taskDefinition,
      targetGroupArns: groupsOfService(service),
      deploymentId,
      isShifted: (service.deploymentConfiguration?.strategy ?? "ROLLING") !== "ROLLING",
    },
    context,
  );
}

/** Shifts the traffic to the other color, which must run the wanted version. */
async function switchToColor(spec: BlueGreenDeployment, to: Release, context: AwsContext): Promise<void> {
  const state = await readRelease(spec, context);
  const kept = COLORS.find(
    (color) => color !== state.live && state[color].service?.taskDefinition === to.taskDefinition,
  );
  if (kept === undefined) {
    throw new QuaysideError(
      "no-such-release",
      `${spec.name} was not rolled back: neither of its colors runs ${to.id}`,
      {
        fix: "Deploy that version: it starts beside the live one, and gets the traffic once it is verified.",
      },
    );
  }
  await reported({ kind: { kind: "traffic" }, name: spec.name }, "update", context, () =>
    routeAllTraffic(spec, state, kept, context),
  );
}

/** The newest successful release before `from`; if AWS has no record of any, the newest one before it. */
function previousRelease(spec: DeploymentSpec, from: Release | undefined, all: readonly Release[]): Release {
  if (from === undefined) throw notDeployed(spec);
  const earlier = all.filter(({ id }) => taskDefinitionRevision(id) < taskDefinitionRevision(from.id));
  const found =
    earlier.find(({ state }) => state === "superseded") ?? earlier.find(({ state }) => state === "unknown");
  if (found !== undefined) return found;
  throw new QuaysideError(
    "no-earlier-release",
    `${spec.name} was not rolled back: there is no earlier successful release than ${from.id}`,
    {
      facts: { releases: all.map(({ id, state }) => ({ id, state })) },
      fix: "Deploy the version that you want. To keep more releases, increase .service({ keepReleases }).",
    },
  );
}

async function namedRelease(
  spec: DeploymentSpec,
  wanted: string,
  all: readonly Release[],
  context: AwsContext,
): Promise<Release> {
  const found = all.find(({ id, taskDefinition }) => id === wanted || taskDefinition === wanted);
  if (found !== undefined) return found;
  const known = all.map(({ id }) => id);
  const retired = await isRetired(spec, wanted, context);
  throw new QuaysideError(
    "no-such-release",
    retired
      ? `${spec.name} was not rolled back: ${wanted} cannot be restored: its task definition is deregistered`
      : `${spec.name} was not rolled back: it has no release ${wanted}`,
    {
      facts: { releases: known },
      fix:
        known.length === 0
          ? "Deploy it first."
          : `Use one of the releases of history(): ${known.join(", ")}${retired ? ". Or deploy that version again" : ""}.`,
    },
  );
}

/** True if it is a revision that existed, and is deregistered. */
async function isRetired({ name }: DeploymentSpec, wanted: string, { aws }: AwsContext): Promise<boolean> {
  const [, id] = new RegExp(`(?:^|/)(${name}:\\d+)$`).exec(wanted) ?? [];
  if (id === undefined) return false;
  const answer = await ignoreNotFound(aws.ecs.describeTaskDefinition({ taskDefinition: id }));
  return answer?.taskDefinition !== undefined && answer.taskDefinition.status !== "ACTIVE";
}

const otherCapacityError = ({ name }: DeploymentSpec, { id, image }: Release, why: string): QuaysideError =>
  new QuaysideError("incomplete-release", `${name} was not rolled back: ${id} ${why}`, {
    facts: { release: id, image },
    fix: "Deploy that version again: the deploy registers it for the cluster that it has now.",
  });

function missingDependenciesError(
  { name }: DeploymentSpec,
  { id, image }: Release,
  lost: readonly MissingDependency[],
): QuaysideError {
  const missing = lost.map((each) => `${each.need} ${each.name}`).join(", ");
  return new QuaysideError(
    lost.some(({ need }) => need === "image") ? "image-not-found" : "incomplete-release",
    `${name} was not rolled back: ${id} needs resources that no longer exist: ${missing}`,
    {
      facts: { release: id, image, lost },
      fix: "Choose another release with { to }, or deploy that version again: the deploy recreates what it needs.",
    },
  );
}

const notDeployed = ({ name, service, cluster }: DeploymentSpec): QuaysideError =>
  new QuaysideError(
    "not-deployed",
    `${name} was not rolled back: no service ${service.name} runs in ${cluster.name}`,
    { fix: "Deploy it first." },
  );
