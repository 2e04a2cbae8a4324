import { AsyncLocalStorage } from "node:async_hooks";
import {
  Cluster,
  Deployment,
  Fleet,
  Job,
  LoadBalancer,
  type PermissionOptions,
  type PermissionPurpose,
  type PolicyDocument,
} from "../../src/index.js";
import { PERMISSION_PURPOSES } from "../../src/spec/permission-options.js";

/** The operation of a chain that is running, and what it may do. */
interface Running {
  readonly policyIn: (place: { readonly account: string; readonly region: string }) => PolicyDocument;
}

/** Where a cloud is. */
interface Place {
  readonly account?: { readonly id: string };
  readonly accountId?: string;
  readonly region?: string;
}

interface Chain {
  permissions(options: PermissionOptions): PolicyDocument;
}

type Method = (this: Chain, options?: { readonly adopt?: boolean }) => unknown;

const running = new AsyncLocalStorage<Running>();
const formerly = new AsyncLocalStorage<Chain>();

/**
 * Runs a chain with the permissions of an earlier chain as well: one that leaves a cluster, a load balancer or an
 * alarm behind needs those of the chain that described them.
 */
export const withPermissionsOf = <Result>(earlier: Chain, work: () => Promise<Result>): Promise<Result> =>
  formerly.run(earlier, work);

/**
 * The caller of a cloud whose chains run under their own `permissions()`: each operation may do what the policy
 * for it allows, and no more. What a test itself asks of the cloud is allowed. `QUAYSIDE_CALLER=administrator`
 * allows everything.
 */
export const leastPrivilege =
  ({ account, accountId = account?.id ?? "123456789012", region = "eu-west-1" }: Place = {}) =>
  (): PolicyDocument | undefined =>
    process.env["QUAYSIDE_CALLER"] === "administrator"
      ? undefined
      : running.getStore()?.policyIn({ account: accountId, region });

/** Runs each operation of a chain in a context that knows its policy. */
function restrict({ prototype }: { readonly prototype: object }): void {
  const methods = prototype as Record<string, Method | undefined>;
  for (const operation of PERMISSION_PURPOSES) {
    const original = methods[operation];
    if (original === undefined) continue;
    methods[operation] = function (options) {
      const store = runningOf(this, [operation, ...(options?.adopt === true ? ["adopt" as const] : [])]);
      const result = running.run(store, () => original.call(this, options));
      if (operation === "tail") return inContext(result as object, store);
      return operation === "release"
        ? (result as Promise<object>).then((release) => inContext(release, store))
        : result;
    };
  }
}

function runningOf(chain: Chain, purposes: readonly PermissionPurpose[]): Running {
  const known = new Map<string, PolicyDocument>();
  const earlier = [formerly.getStore() ?? []].flat();
  return {
    policyIn: (place) => {
      const computed = known.get(place.region);
      if (computed !== undefined) return computed;
      const policies = [chain, ...earlier].map((each) => each.permissions({ ...place, for: purposes }));
      const policy = {
        ...policies[0]!,

        Statement: policies.flatMap(({ Statement }) => Statement),
      };
      known.set(place.region, policy);
      return policy;
    },
  };
}

/** Calls the methods of a release or of an iterator in the context of the operation that returned it. */
function inContext(target: object, store: Running): object {
  return new Proxy(target, {
    get(of, key) {
      const value: unknown = Reflect.get(of, key, of);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]): unknown => {
        const result: unknown = running.run(store, () => Reflect.apply(value, of, args) as unknown);
        return result === of ? inContext(of, store) : result;
      };
    },
  });
}

const NAMED = { prototype: Object.getPrototypeOf(Deployment.named("any")) as object };

for (const chain of [Deployment, NAMED, Fleet, Job, Cluster, LoadBalancer]) restrict(chain);
