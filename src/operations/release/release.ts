import type { AwsContext } from "../../aws/context.js";
import { releaseError, type BlueGreenDeployment } from "../../bluegreen/colors.js";
import { scheduledStop, type ScheduledStop } from "../../bluegreen/keep-old.js";
import { retireIdle, rollBack, shiftToNew } from "../../bluegreen/release-operations.js";
import { readRelease, type ReleaseState } from "../../bluegreen/release-state.js";
import type { QuaysideError } from "../../errors.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { formatValue } from "../../spec/parsing/format-value.js";
import { Issues } from "../../spec/parsing/issues.js";
import { checkOperationOptions } from "../../spec/operation-options.js";
import type { Configured, OperationOptions, ReleaseStatus } from "../results.js";
import { withContext } from "../with-context.js";
import { withDeployment, type Described } from "../with-deployment.js";
import { isBlueGreen } from "./prepare-release.js";
import type { BlueGreenRelease } from "./blue-green-release.js";
import { releaseStatus } from "./release-status.js";

/** Reads the two colors from AWS, and returns the operations on them: from any process, at any time. */
export function release(described: Described, options: OperationOptions = {}): Promise<BlueGreenRelease> {
  return withDeployment(described, options, async (configured, context) => {
    if (!isBlueGreen(configured.spec)) throw notBlueGreen(configured.spec);
    const spec = configured.spec;
    return new ReleaseHandle(
      configured,
      await readRelease(spec, context),
      await scheduledStop(spec.name, context),
    );
  });
}

/** Of a chain the compiler and the validation know it; of a name, only AWS does. */
const notBlueGreen = ({ name, service, cluster }: DeploymentSpec): QuaysideError =>
  releaseError(
    "no-release",
    `${name} has no two versions: service ${service.name} in ${cluster.name} is not blue/green`,
    { fix: "Use history() and rollback(), or deploy it with .blueGreen(...)." },
  );

type Move = (spec: BlueGreenDeployment, seen: ReleaseState, context: AwsContext) => Promise<ReleaseState>;

/** Remembers the state that the user has seen, so that no operation overrides the change of another process. */
class ReleaseHandle implements BlueGreenRelease {
  readonly #described: Configured;
  #state: ReleaseState;
  #stop: ScheduledStop | undefined;

  constructor(described: Configured, state: ReleaseState, stop: ScheduledStop | undefined) {
    this.#described = described;
    this.#state = state;
    this.#stop = stop;
  }

  get live(): ReleaseStatus["live"] {
    return releaseStatus(this.#state).live;
  }

  get idle(): ReleaseStatus["idle"] {
    return releaseStatus(this.#state).idle;
  }

  get weights(): ReleaseStatus["weights"] {
    return releaseStatus(this.#state).weights;
  }

  get colors(): ReleaseStatus["colors"] {
    return releaseStatus(this.#state).colors;
  }

  get keptUntil(): ReleaseStatus["keptUntil"] {
    return releaseStatus(this.#state, this.#stop).keptUntil;
  }

  get stopOverdue(): ReleaseStatus["stopOverdue"] {
    return releaseStatus(this.#state, this.#stop).stopOverdue;
  }

  async shift(percent: number, options?: OperationOptions): Promise<void> {
    const issues = new Issues();
    if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
      issues.add("percent", `must be a whole number from 0 to 100; got ${formatValue(percent)}`);
    }
    await this.#move((spec, seen, context) => shiftToNew(spec, seen, percent, context), options, issues);
  }

  async promote(options?: OperationOptions): Promise<void> {
    await this.#move((spec, seen, context) => shiftToNew(spec, seen, 100, context), options);
  }

  async rollback(options?: OperationOptions): Promise<void> {
    await this.#move(rollBack, options);
  }

  async retire(options?: OperationOptions): Promise<void> {
    await this.#move(retireIdle, options);
  }

  /** The release as JSON, and as it is printed. */
  toJSON(): ReleaseStatus {
    return releaseStatus(this.#state, this.#stop);
  }

  async #move(move: Move, options: OperationOptions = {}, issues = new Issues()): Promise<void> {
    const spec = this.#described.spec as BlueGreenDeployment;
    checkOperationOptions(options, issues);
    issues.throwIfAny(`Release of ${spec.name}`);
    await withContext(this.#described, options, async (context) => {
      this.#state = await move(spec, this.#state, context);
      this.#stop = await scheduledStop(spec.name, context);
    });
  }
}
