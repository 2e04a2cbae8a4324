import type { AwsContext } from "../aws/context.js";
import { COLORS, colorService } from "../bluegreen/colors.js";
import { nextPoll, waitReporter } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";
import { describeServices } from "../service/describe-services.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { isBlueGreen } from "./release/prepare-release.js";

/** What a run is told when another one deploys the same service. */
const OTHERS = ["another-run", "release-moved"];
const EVERY = 10_000;

/**
 * Does the work once no other run deploys the services, and again if another one begins meanwhile. The run's signal
 * and timeout end the wait.
 *
 * @param work - gets a context of its own each time, because others change what was read
 */
export async function afterOthers<T>(
  specs: readonly DeploymentSpec[],
  work: (context: AwsContext) => Promise<T>,
  context: AwsContext,
): Promise<T> {
  // Whether others are done is asked anew each time.
  context.endLooking();
  for (;;) {
    await Promise.all(specs.map((spec) => othersAreDone(spec, context)));
    try {
      return await work(await context.afresh());
    } catch (error) {
      if (!(error instanceof QuaysideError) || !OTHERS.includes(error.code)) throw error;
    }
  }
}

/** Waits until no version of the service is being rolled out. */
async function othersAreDone(spec: DeploymentSpec, context: AwsContext): Promise<void> {
  const { cluster, service } = spec;
  const names = isBlueGreen(spec) ? COLORS.map((color) => colorService(spec, color)) : [service.name];
  const report = waitReporter(context, "service", service.name);
  for (;;) {
    const services = await describeServices(cluster.name, names, context);
    const rollout = services
      .filter(({ status }) => status === "ACTIVE")
      .flatMap(({ deployments = [] }) => deployments)
      .find(({ rolloutState }) => rolloutState === "IN_PROGRESS");
    if (rollout === undefined) return;
    report(`another run deploys it since ${rollout.createdAt?.toISOString() ?? "an unknown time"}`);
    await nextPoll(context, EVERY);
  }
}
