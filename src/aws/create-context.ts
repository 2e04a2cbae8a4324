import type { Emit } from "../engine/events.js";
import { TimeoutError } from "../errors.js";
import type { AwsApi } from "./api.js";
import { batchReads } from "./batching/batched-reads.js";
import { identifyCaller, type Caller } from "./caller.js";
import type { Cloud } from "./cloud.js";
import type { Progress } from "./credentials-error.js";
import type { AwsContext } from "./context.js";
import type { Overrides } from "./overrides.js";
import { applyOverride } from "./overrides.js";
import { findOwned } from "./owned.js";
import { partitionOf } from "./partition.js";
import { PropagatingRoles } from "./propagating-roles.js";
import { RateLimits } from "./rate-limits.js";
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
  /** Of the run that this context continues. @defaultValue nothing was sent yet */
  readonly progress?: Progress;
}

/** Creates the context of one run on a cloud. */
export async function createContext(cloud: Cloud, options: ContextOptions): Promise<AwsContext> {
  const { signal, emit, overrides = {}, overridesOf, deleteImages = false } = options;
  const { progress = { answered: false, changed: false } } = options;
  const { clock, random, allowedAccounts } = cloud;
  const region = await cloud.region();
  const limits = new RateLimits(clock);
  const awsTime = (at = clock.now()) => at + (cloud.clockOffset?.() ?? 0);
  const propagatingRoles = new PropagatingRoles(awsTime);
  const startedAt = clock.now();
  const bindOverrides = (own: Overrides) =>
    retryingClient(
      cloud,
      {
        signal,
        emit,
        overrides: own,
        clock,
        random,
        region,
        progress,
        propagatingRoles,
        ...(allowedAccounts !== undefined && { beforeChange: () => caller() }),
      },
      limits,
    );
  const aws = batchReads(bindOverrides(overrides));
  let identified: Promise<Caller | undefined> | undefined;
  let cleanUpUntil: number | undefined;
  const caller = () =>
    untilAborted(signal, (identified ??= identifyCaller({ sts: cloud.ports.sts, clock, allowedAccounts })));
  const context: AwsContext = {
    cloud,
    aws,
    overridden: (operation, input) => applyOverride(overrides, operation, input),
    region,
    partition: partitionOf(region).id,
    clock,
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
      const until = cleanUpUntil ?? clock.now() + CLEANUP;
      if (signal.aborted) cleanUpUntil = until;
      const [late, done] = [new AbortController(), new AbortController()];
      clock.sleep(Math.max(0, until - clock.now()), done.signal).then(
        () => late.abort(new TimeoutError("The cleanup was ended: AWS did not answer in time")),
        () => {},
      );
      try {
        return await work(await createContext(cloud, { ...options, progress, signal: late.signal }));
      } finally {
        done.abort();
      }
    },
    afresh: () => createContext(cloud, { ...options, progress }),
    runCache: new Map(),
    ...findOwned(aws.tagging),
  };
  if (overridesOf === undefined) return context;
  const contexts = new Map<string | undefined, AwsContext>();
  const as = (owner: string | undefined): AwsContext => {
    const own = contexts.get(owner) ?? withOverrides(context, overridesOf(owner), bindOverrides);
    contexts.set(owner, own);
    return own;
  };
  return { ...context, as };
}

/** Returns the context with other overrides. */
function withOverrides(
  context: AwsContext,
  overrides: Overrides,
  bindOverrides: (overrides: Overrides) => AwsApi,
): AwsContext {
  return {
    ...context,
    aws: splitApi(context.aws, bindOverrides(overrides)),
    overridden: (operation, input) => applyOverride(overrides, operation, input),
  };
}
