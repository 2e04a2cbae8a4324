import type { AwsContext } from "../aws/context.js";
import { createContext } from "../aws/create-context.js";
import { noteFailedRun, waitForFailedRun } from "../aws/unsettled-changes.js";
import { composeOverrides, type Overrides } from "../aws/overrides.js";
import type { Clock } from "../engine/clock.js";
import type { Emit } from "../engine/events.js";
import { endedBy } from "../engine/outcome.js";
import { AbortedError, QuaysideError, RolloutError, TimeoutError, type OutcomeEntry } from "../errors.js";
import { formatDuration, parseDuration } from "../spec/parsing/duration.js";
import { releaseSeconds } from "../spec/blue-green.js";
import { ecsBlueGreenSeconds } from "../spec/ecs-blue-green.js";
import { nameSeed } from "./name-seed.js";
import type { Configured, DestroyOptions } from "./results.js";

const DEFAULT_TIMEOUT = 30 * 60;

/** What decides how long the steps of a release take. */
type Released = Partial<Pick<Configured["spec"], "blueGreen" | "service">>;

/** The longest time that the steps of a release take, in seconds; 0 for a rolling update. */
export const stepsSeconds = ({ blueGreen, service }: Released): number =>
  (blueGreen === undefined ? 0 : releaseSeconds(blueGreen)) +
  (service?.ecsBlueGreen === undefined ? 0 : ecsBlueGreenSeconds(service.ecsBlueGreen));

/** The time that the steps of a release take is added. */
const defaultTimeout = (spec: Released): string => formatDuration(DEFAULT_TIMEOUT + stepsSeconds(spec));

/** The subject of a run. */
export interface Subject extends Pick<Configured, "overrides" | "sharedOverrides" | "cloud"> {
  readonly spec: Pick<Configured["spec"], "name"> & Released;
  /** True if the run is for several deployments. @defaultValue `false` */
  readonly isForSeveral?: boolean;
  /**
   * False if the run compares again what it has read before it changes something. @defaultValue `true`: no question is
   * asked twice while the run plans
   */
  readonly remembers?: boolean | undefined;
  /** Set if several deployments share the run, and their overrides differ. */
  readonly overridesOf?: ((owner: string | undefined) => Overrides) | undefined;
}

/**
 * Gives `work` a context for one run, and ends it when the caller's signal fires or the timeout has passed.
 * An aborted run always rejects with a QuaysideError, mostly an `AbortedError` or a `TimeoutError`.
 *
 * @param failuresIn - the failures that a result tells of, if they are not errors of the run
 */
export async function withContext<T>(
  {
    spec,
    overrides,
    sharedOverrides,
    cloud,
    isForSeveral = false,
    remembers = true,
    overridesOf = ofShared(overrides, sharedOverrides),
  }: Subject,
  options: DestroyOptions,
  work: (context: AwsContext) => Promise<T>,
  failuresIn: (result: T) => readonly unknown[] = () => [],
): Promise<T> {
  const timeout = options.timeout ?? defaultTimeout(spec);
  const [ended, failed] = [new AbortController(), new AbortController()];
  const deadline = startDeadline(cloud.clock, spec.name, timeout, ended.signal);
  const ends = [deadline, ...(options.signal === undefined ? [] : [options.signal])];
  const signal = AbortSignal.any([...ends, failed.signal]);
  const { emit, end } = withEndEvent(options.onEvent ?? (() => {}), cloud.clock);
  const progress = { answered: false, changed: false };
  try {
    if (signal.aborted) throw endedBy(signal.reason);
    // A run that plans takes what it does not find for absent.
    if (remembers) await waitForFailedRun(cloud, signal);
    const deleteImages = options.images ?? false;
    const result = await work(
      await createContext(cloud, {
        signal,
        emit,
        overrides,
        overridesOf,
        deleteImages,
        isForSeveral,
        remembers,
        progress,
      }),
    );
    const failures = failuresIn(result);
    for (const failure of failures) nameSeed(failure, cloud);
    if (progress.changed && failures.some(isUnsettled)) noteFailedRun(cloud);
    end(failures[0]);
    return result;
  } catch (error) {
    if (progress.changed && isUnsettled(error)) noteFailedRun(cloud);
    const finalError = signal.aborted ? toEndError(error, signal.reason) : error;
    nameSeed(finalError, cloud);
    end(finalError);
    // What it has asked beside would be asked again for as long as AWS does not answer.
    failed.abort();
    throw finalError;
  } finally {
    ended.abort();
  }
}

/** False for a rollout that was watched to its end: AWS shows by then what the run has changed. */
const isUnsettled = (failure: unknown): boolean => !(failure instanceof RolloutError);

/** A shared resource has its own overrides after those of the deployment that uses it. */
const ofShared = (overrides: Overrides, shared: Subject["sharedOverrides"]): Subject["overridesOf"] =>
  shared === undefined || shared.size === 0
    ? undefined
    : (owner) => composeOverrides([overrides, shared.get(owner ?? "") ?? {}]);

/**
 * Lets every run that has emitted its plan end with an `ended` event, whatever its result. The error of such a run has
 * an `outcome`: a reporter has said why it failed.
 */
function withEndEvent(
  listener: Emit,
  clock: Clock,
): { readonly emit: Emit; readonly end: (error: unknown) => void } {
  const began = clock.now();
  const done: OutcomeEntry[] = [];
  let open = false;
  return {
    emit: (event) => {
      open ||= event.type === "planned";
      if (event.type === "finished") done.push(entryOf(event));
      listener(event);
    },
    end: (error) => {
      if (!open) return;
      open = false;
      const at = clock.now();
      const code = error === undefined ? undefined : ((error as { code?: string }).code ?? "failed");
      if (error instanceof QuaysideError && error.outcome === undefined) {
        error.outcome = { done, notDone: [] };
        error.endWithFix();
      }
      listener({ type: "ended", at, seconds: (at - began) / 1000, code, ...reasonOf(error) });
    },
  };
}

const entryOf = ({ action, resource, name, deployment }: OutcomeEntry): OutcomeEntry => ({
  ...{ action, resource, name },
  ...(deployment !== undefined && { deployment }),
});

function reasonOf(error: unknown): {
  readonly message?: string;
  readonly fix?: string;
  readonly docs?: string;
} {
  if (!(error instanceof Error)) return {};
  const { message } = error;
  if (!(error instanceof QuaysideError)) return { message };
  const { fix, docs } = error;
  return { message, ...(fix !== undefined && { fix }), docs };
}

function toEndError(error: unknown, reason: unknown): unknown {
  const isOurs =
    error instanceof AbortedError || error instanceof TimeoutError || error instanceof QuaysideError;
  return isOurs ? error : endedBy(reason);
}

/** Fires with a `TimeoutError` after `timeout` of the cloud's time, unless the run has ended. */
function startDeadline(clock: Clock, name: string, timeout: string, ended: AbortSignal): AbortSignal {
  const deadline = new AbortController();
  clock.sleep((parseDuration(timeout) ?? 0) * 1000, ended).then(
    () =>
      deadline.abort(
        new TimeoutError(`The run for ${name} was ended: it took longer than its timeout of ${timeout}`, {
          facts: { timeout },
          fix: "Run it again: completed steps are kept. Increase the timeout: { timeout }.",
        }),
      ),
    () => {},
  );
  return deadline.signal;
}
