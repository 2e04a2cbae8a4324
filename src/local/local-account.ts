import { RegionClock, ScaledClock, VirtualClock, type LocalClock } from "./core/clock.js";
import { partitionOf } from "./core/partition.js";
import { emptyIam, type IamState } from "./services/iam/state.js";
import { emptyRoute53, type Route53State } from "./services/route53/state.js";
import type { Endpoint } from "./wire/endpoint.js";

export interface LocalAccountOptions {
  /** The account's id: twelve digits. @defaultValue "123456789012" */
  readonly id?: string | undefined;
}

/** One AWS account with several regions, each a `localCloud({ account, region })`. */
export interface LocalAccount {
  readonly id: string;
}

/** What the regions of one account share. */
interface SharedByRegions {
  iam: IamState;
  route53: Route53State;
  /** Set by the first region. */
  time: AccountTime | undefined;
  partition: string | undefined;
  /** Region -> its local cloud, as requests from the network reach it; in the order of their creation. */
  readonly endpoints: Map<string, Endpoint>;
}

interface AccountTime {
  readonly clock: LocalClock;
  readonly isReal: boolean;
  readonly timeScale: number;
}

const shared = new WeakMap<LocalAccount, SharedByRegions>();

/**
 * An AWS account for several local clouds, one for each region. They share what is global in AWS: IAM's roles,
 * policies, instance profiles and service-linked roles, and Route 53's hosted zones. They also share the clock.
 *
 * @example
 * ```ts
 * import { localAccount, localCloud } from "quayside/local";
 *
 * const account = localAccount({ id: "123456789012" });
 * const eu = localCloud({ account, region: "eu-west-1" });
 * const us = localCloud({ account, region: "us-east-1" });
 * ```
 *
 * @throws Error if the id does not have twelve digits
 */
export function localAccount(options: LocalAccountOptions = {}): LocalAccount {
  const id = options.id ?? "123456789012";
  if (!/^\d{12}$/.test(id)) throw new Error(`The id of an AWS account has twelve digits; got "${id}".`);
  const account: LocalAccount = Object.freeze({ id });
  shared.set(account, {
    iam: emptyIam(),
    route53: emptyRoute53(),
    time: undefined,
    partition: undefined,
    endpoints: new Map(),
  });
  return account;
}

export interface RegionOptions {
  readonly account?: LocalAccount | undefined;
  readonly accountId?: string | undefined;
  readonly region: string;
  readonly clock?: "real" | "virtual" | undefined;
  readonly timeScale?: number | undefined;
  readonly startsAt?: Date | undefined;
}

/** What a region has of its account. */
export interface RegionOfAccount {
  readonly region: string;
  readonly account: LocalAccount;
  readonly id: string;
  readonly iam: IamState;
  readonly route53: Route53State;
  readonly clock: LocalClock;
  readonly isReal: boolean;
  readonly timeScale: number;
}

/** Adds a region to its account, or to an account of its own. */
export function addRegion(options: RegionOptions): RegionOfAccount {
  const account = options.account ?? localAccount({ id: options.accountId });
  const state = shared.get(account);
  if (state === undefined) throw new Error("The account of a local cloud must be a localAccount().");
  const { accountId = account.id } = options;
  if (accountId !== account.id) {
    throw new Error(`The accountId "${accountId}" is not the id of the account, "${account.id}": omit it.`);
  }
  const partition = partitionOf(options.region);
  state.partition ??= partition;
  if (partition !== state.partition) {
    throw new Error(
      `The region ${options.region} is in the partition ${partition}, and account ${account.id} in ${state.partition}: an AWS account is in one partition.`,
    );
  }
  const time = timeOf(account, state, options);
  const { isReal, timeScale } = time;
  const clock = new RegionClock(time.clock);
  const { iam, route53 } = state;
  return { region: options.region, account, id: account.id, iam, route53, clock, isReal, timeScale };
}

/** The regions of an account that have a local cloud: region -> how requests from the network reach it. */
export function endpointsOf(account: LocalAccount): Map<string, Endpoint> {
  const state = shared.get(account);
  if (state === undefined) throw new Error("The account of a local cloud must be a localAccount().");
  return state.endpoints;
}

/** Empties what the regions of an account share, if there is only one: IAM, and the clock, which begins again. */
export function forgetLastRegion(account: LocalAccount): void {
  const state = shared.get(account);
  if (state === undefined || state.endpoints.size > 1) return;
  state.iam = emptyIam();
  state.route53 = emptyRoute53();
  state.time = undefined;
}

function timeOf(account: LocalAccount, state: SharedByRegions, options: RegionOptions): AccountTime {
  const isReal = (options.clock ?? (state.time?.isReal === false ? "virtual" : "real")) === "real";
  const timeScale = options.timeScale ?? state.time?.timeScale ?? 20;
  const clock =
    state.time?.clock ??
    (isReal ? new ScaledClock(timeScale) : new VirtualClock(options.startsAt?.getTime()));
  state.time ??= { clock, isReal, timeScale };
  if (state.time.isReal !== isReal || state.time.timeScale !== timeScale) {
    throw new Error(
      `The regions of account ${account.id} share one clock: give each localCloud() the same clock and timeScale.`,
    );
  }
  return state.time;
}
