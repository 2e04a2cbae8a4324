import type { AwsContext } from "../../aws/context.js";
import { releaseError, type BlueGreenDeployment } from "../../bluegreen/colors.js";
import { retireIdle, rollBack, shiftToNew } from "../../bluegreen/release-operations.js";
import { readRelease, type ReleaseState } from "../../bluegreen/release-state.js";
import type { QuaysideError } from "../../errors.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { releaseToText } from "../../report/release-picture.js";
import { formatValue } from "../../spec/parsing/format-value.js";
import { Issues } from "../../spec/parsing/issues.js";
import { checkOperationOptions } from "../../spec/operation-options.js";
import type { Configured, OperationOptions, ReleaseStatus } from "../results.js";
import { withContext } from "../with-context.js";
import { withDeployment, type Described } from "../with-deployment.js";
import { isBlueGreen } from "./prepare-release.js";
import type { BlueGreenRelease } from "./blue-green-release.js";
import { readFacts, releaseStatus, type ReleaseFacts } from "./release-status.js";

/** Reads the two colors from AWS, and returns the operations on them: from any process, at any time. */
export function release(described: Described, options: OperationOptions = {}): Promise<BlueGreenRelease> {
  return withDeployment(described, options, async (configured, context) => {
    if (!isBlueGreen(configured.spec)) throw notBlueGreen(configured.spec);
    const spec = configured.spec;
    const state = await readRelease(spec, context);
    return new ReleaseHandle(configured, state, await readFacts(spec, state, context));
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
  #facts: ReleaseFacts;

  constructor(described: Configured, state: ReleaseState, facts: ReleaseFacts) {
    this.#described = described;
    this.#state = state;
    this.#facts = facts;
  }

  get live(): ReleaseStatus["live"] {
    return this.toJSON().live;
  }

  get idle(): ReleaseStatus["idle"] {
    return this.toJSON().idle;
  }

  get held(): ReleaseStatus["held"] {
    return this.toJSON().held;
  }

  get preview(): ReleaseStatus["preview"] {
    return this.toJSON().preview;
  }

  get weights(): ReleaseStatus["weights"] {
    return this.toJSON().weights;
  }

  get colors(): ReleaseStatus["colors"] {
    return this.toJSON().colors;
  }

  get keptUntil(): ReleaseStatus["keptUntil"] {
    return this.toJSON().keptUntil;
  }

  get stopOverdue(): ReleaseStatus["stopOverdue"] {
    return this.toJSON().stopOverdue;
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

  toString(): string {
    const { spec, cloud } = this.#described;
    return releaseToText(spec.name, this.toJSON(), new Date(cloud.clock.now()));
  }

  /** The release as JSON. */
  toJSON(): ReleaseStatus {
    return releaseStatus(this.#state, this.#facts);
  }

  async #move(move: Move, options: OperationOptions = {}, issues = new Issues()): Promise<void> {
    const spec = this.#described.spec as BlueGreenDeployment;
    checkOperationOptions(options, issues);
    issues.throwIfAny(`Release of ${spec.name}`);
    await withContext({ ...this.#described, remembers: false }, options, async (context) => {
      this.#state = await move(spec, this.#state, context);
      this.#facts = await readFacts(spec, this.#state, context);
    });
  }
}
