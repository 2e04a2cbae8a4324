import type { Cloud, PolicyDocument } from "../../src/index.js";
import type { ServiceName } from "../../src/aws/api.js";
import { accessRequests } from "../../src/local/authorization/authorize.js";
import { evaluatePolicy } from "../../src/local/authorization/evaluate-policy.js";
import type { LocalCloud } from "../../src/local/index.js";

/** A decision that AWS took, with the values that the condition keys of a policy had at that time. */
export interface RecordedAccess {
  readonly action: string;
  readonly resource: string;
  readonly values: Readonly<Record<string, readonly string[] | undefined>>;
}

type Method = (input: object, options?: object) => Promise<object>;

/** Returns a cloud that records what is decided about each of its calls, for the condition keys of a policy. */
export function recordAccess(
  cloud: LocalCloud,
  keys: readonly string[],
): { readonly cloud: Cloud; readonly recorded: ReadonlyMap<string, RecordedAccess> } {
  const recorded = new Map<string, RecordedAccess>();
  const record = (service: ServiceName, operation: string, input: object): void => {
    for (const { action, resource, valuesOf } of accessRequests(
      { service, operation, input },
      cloud.account,
    )) {
      const access = {
        action,
        resource,
        values: Object.fromEntries(keys.map((key) => [key, valuesOf(key)])),
      };
      recorded.set(JSON.stringify(access), access);
    }
  };
  const ports = new Proxy(cloud.ports, {
    get: (all, service: ServiceName) =>
      new Proxy(all[service], {
        get(port, operation: string) {
          const call = Reflect.get(port, operation) as unknown;
          if (typeof call !== "function") return call;
          return (input: object, options?: object) => {
            record(service, operation, input);
            return (call as Method)(input, options);
          };
        },
      }),
  });
  return { cloud: { ...cloud, ports }, recorded };
}

/** The condition keys of a policy. */
export const conditionKeys = ({ Statement }: PolicyDocument): readonly string[] => [
  ...new Set(
    Statement.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap((keys) => Object.keys(keys))),
  ),
];

export const isAllowed = (policy: PolicyDocument, { action, resource, values }: RecordedAccess): boolean =>
  evaluatePolicy(policy, action, resource, (key) => values[key]) === "allowed";
