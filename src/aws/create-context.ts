import { answerClock, type Clock } from "../engine/clock.js";
import type { Emit, QuaysideEvent } from "../engine/events.js";
import { TimeoutError } from "../errors.js";
import type { AwsApi } from "./api.js";
import { batchReads } from "./batching/batched-reads.js";
import { ReadMemory } from "./batching/read-memory.js";
import { identifyCaller, type Caller } from "./caller.js";
import type { Cloud } from "./cloud.js";
import type { Progress } from "./credentials-error.js";
import type { AwsContext } from "./context.js";
import type { Overrides } from "./overrides.js";
import { applyOverride } from "./overrides.js";
import { ownerName } from "./owner.js";
import { findOwned } from "./owned.js";
import { partitionOf } from "./partition.js";
import { PropagatingRoles } from "./propagating-roles.js";
import { rateLimitsOf } from "./rate-limits.js";
import { retryingClient, splitApi } from "./retrying-client.js";
import { untilAborted } from "./within-run.js";

/** Milliseconds for the cleanup after a failed or ended run. */
const CLEANUP = 30_000;

export interface ContextOptions {
  readonly signal: AbortSignal;
  readonly emit: Emit;
  readonly overrides?: Overrides;
  /** @defaultValue `false` */
  readonly deleteImages?: boolean;
  /** The overrides of each owner, in a run for several deployments. */
  readonly overridesOf?: ((owner: string | undefined) => Overrides) | undefined;
  /** True if the run is for several deployments: events, steps and errors say whose they are. @defaultValue `false` */
  readonly isForSeveral?: boolean;
  /**
   * True if the run plans before it changes something: until then, no question is asked twice.
   * @defaultValue `false`
   */
  readonly remembers?: boolean | undefined;
  /** Of the run that this context continues. @defaultValue nothing was sent yet */
  readonly progress?: Progress;
}

/** Creates the context of one run on a cloud. */
export async function createContext(cloud: Cloud, options: ContextOptions): Promise<AwsContext> {
  const { signal, emit, overrides = {}, overridesOf, deleteImages = false, isForSeveral = false } = options;
  const { progress = { answered: false, changed: false } } = options;
  const { clock, random, allowedAccounts } = cloud;
  const region = await cloud.region();
  const limits = rateLimitsOf(cloud, region);
  const memory = options.remembers === true ? new ReadMemory() : undefined;
  const awsTime = (at = clock.now()) => at + (cloud.clockOffset?.() ?? 0);
  const propagatingRoles = new PropagatingRoles(awsTime);
  const startedAt = clock.now();
  const bindOverrides = (own: Overrides, emitOf: Emit = emit) =>
    retryingClient(
      cloud,
      {
        signal,
        emit: emitOf,
        overrides: own,
        clock,
        random,
        region,
        progress,
        propagatingRoles,
        ...(memory !== undefined && {
          onWrite: (service, method) => memory.forgetChanged(service, method),
        }),
        ...(allowedAccounts !== undefined && { beforeChange: () => caller() }),
      },
      limits,
    );
  // Full batches are worth the wait where several deployments ask.
  const read = batchReads(bindOverrides(overrides), isForSeveral ? 1 : 3);
  const aws = memory?.looking(read) ?? read;
  let identified: Promise<Caller | undefined> | undefined;
  let cleanUpUntil: number | undefined;
  const caller = () =>
    untilAborted(
      signal,
      (identified ??= identifyCaller({ sts: cloud.ports.sts, clock, signal, allowedAccounts })),
    );
  const context: AwsContext = {
    cloud,
    aws,
    overridden: (operation, input) => applyOverride(overrides, operation, input),
    region,
    partition: partitionOf(region).id,
    clock: memory === undefined ? clock : forgetful(clock, memory),
    random,
    signal,
    emit,
    deleteImages,
    caller,
    startedAt,
    awsTime,
    isOfThisRun: (at) => at !== undefined && at.getTime() >= awsTime(startedAt),
    propagatingRoles,
    cleanUp: async (work) => {
      // An ended run has the time only once, however much there is to clean up.
      const answers = answerClock(clock);
      const until = cleanUpUntil ?? answers.now() + CLEANUP;
      if (signal.aborted) cleanUpUntil = until;
      const [late, done] = [new AbortController(), new AbortController()];
      answers.sleep(Math.max(0, until - answers.now()), done.signal).then(
        () => late.abort(new TimeoutError("The cleanup was ended: AWS did not answer in time")),
        () => {},
      );
      try {
        return await work(
          await createContext(cloud, { ...options, progress, signal: late.signal, remembers: false }),
        );
      } finally {
        done.abort();
      }
    },
    endLooking: () => memory?.endLooking(),
    isLooking: () => memory?.isLooking === true,
    ...(memory !== undefined && {
      asObserved() {
        return { ...this, aws: splitApi(memory.observed(read), this.aws) };
      },
      asPlanned(within = Infinity) {
        if (clock.now() - startedAt > within) return this;
        return { ...this, aws: splitApi(memory.planned(read), this.aws) };
      },
    }),
    afresh: () => createContext(cloud, { ...options, progress }),
    runCache: new Map(),
    ...findOwned(aws.tagging),
  };
  if (overridesOf === undefined && !isForSeveral) return context;
  const deploymentOf = isForSeveral ? (owner?: string) => ownerName(owner, "deployment") : undefined;
  const contexts = new Map<string | undefined, AwsContext>();
  const as = (owner: string | undefined): AwsContext => {
    const known = contexts.get(owner);
    if (known !== undefined) return known;
    const emitOf = emitAs(deploymentOf?.(owner), emit);
    const own = {
      ...withOverrides(context, overridesOf?.(owner) ?? overrides, emitOf, bindOverrides),
      deploymentOf,
    };
    contexts.set(owner, own);
    return own;
  };
  return { ...context, as, deploymentOf };
}

/** What is known is forgotten whenever time passes: whoever waits wants to see what has changed. */
const forgetful = (clock: Clock, memory: ReadMemory): Clock => ({
  now: () => clock.now(),
  sleep: (ms, signal) => clock.sleep(ms, signal).finally(() => memory.forget()),
  ...(clock.answers !== undefined && { answers: clock.answers }),
  ...(clock.hold === undefined ? {} : { hold: (work) => clock.hold!(work) }),
});

/** Every event of a deployment's resources says whose it is. */
const emitAs = (deployment: string | undefined, emit: Emit): Emit =>
  deployment === undefined ? emit : (event) => emit({ deployment, ...event } as QuaysideEvent);

/** Returns the context with other overrides, whose events are emitted in another way. */
function withOverrides(
  context: AwsContext,
  overrides: Overrides,
  emit: Emit,
  bindOverrides: (overrides: Overrides, emit: Emit) => AwsApi,
): AwsContext {
  return {
    ...context,
    emit,
    aws: splitApi(context.aws, bindOverrides(overrides, emit)),
    overridden: (operation, input) => applyOverride(overrides, operation, input),
  };
}
