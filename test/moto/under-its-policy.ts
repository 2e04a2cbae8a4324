import type { Cloud } from "../../src/index.js";
import type { ServiceName } from "../../src/aws/api.js";
import { iamAction } from "../../src/aws/operation-name.js";
import { leastPrivilege } from "../scenarios/least-privilege.js";
import type { Account } from "./http-cloud.js";
import { overHttp, type OverHttpOptions } from "./over-http.js";

/**
 * The account's cloud, for a caller whose calls must all be actions of its chain's own policy. Moto itself does not know
 * resources and conditions well enough to judge them.
 */
export function underItsPolicy(account: Account, options: OverHttpOptions = {}): Cloud {
  const cloud = overHttp(account, options);
  const policy = leastPrivilege({ accountId: account.id, region: account.region });
  const check = (service: ServiceName, operation: string): void => {
    // AWS allows this to everyone.
    if (operation === "getCallerIdentity") return;
    const action = iamAction(service, operation);
    const statements = policy()?.Statement;
    if (statements?.some(({ Action = [] }) => [Action].flat().includes(action)) === false)
      throw new Error(`The policy of the chain does not have the action ${action}.`);
  };
  const ports = new Proxy(cloud.ports, {
    get: (all, service: ServiceName) =>
      new Proxy(all[service], {
        get(port, operation: string) {
          const call: unknown = Reflect.get(port, operation);
          if (typeof call !== "function") return call;
          return (...args: readonly unknown[]): unknown => {
            check(service, operation);
            return Reflect.apply(call, port, args);
          };
        },
      }),
  });
  return { ...cloud, ports };
}
