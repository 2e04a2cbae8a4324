import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import type { ListenerSpec } from "../../spec/listeners.js";
import { isNetworkListener } from "../network-listener-users.js";
import { listenersOf, rulesOf } from "../elb-pages.js";
import { routeOf } from "./rule-conditions.js";
import { weightsOf } from "./rule-weights.js";

/** A listener as it is in AWS, with its default certificate. */
export type PresentEndpoint = Pick<ListenerSpec, "port" | "protocol" | "certificate">;

export function endpointIn({ Port: port = 0, Protocol, Certificates }: Listener): PresentEndpoint {
  const arn = Certificates?.[0]?.CertificateArn;
  return {
    port,
    protocol: (Protocol?.toLowerCase() ?? "http") as ListenerSpec["protocol"],
    certificate: arn === undefined ? undefined : { from: "arn", arn },
  };
}

/** A listener's rule, and the requests that it forwards. */
export interface PresentRoute extends PresentEndpoint {
  /** Path patterns; empty: any path. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  /** True if it forwards only some of these requests, such as those with a certain header. */
  readonly narrowed: boolean;
  /** The ARNs of the target groups that it forwards to. */
  readonly targetGroups: readonly string[];
}

/** All rules of a load balancer's listeners that forward requests, in the order of ports and priorities. */
export async function presentRoutes(
  loadBalancerArn: string,
  context: AwsContext,
): Promise<readonly PresentRoute[]> {
  const listeners = await listenersOf(loadBalancerArn, context);
  const routes = await Promise.all(
    listeners.map(async (listener) => {
      // A listener of a Network Load Balancer has no rules.
      const rules = isNetworkListener(listener)
        ? [{ Conditions: [], Actions: listener.DefaultActions ?? [] }]
        : await rulesOf(listener.ListenerArn ?? "", context);
      return rules.map(({ Conditions = [], Actions = [] }): PresentRoute => ({
        ...endpointIn(listener),
        ...routeOf(Conditions),
        targetGroups: weightsOf(Actions).map((weight) => weight.arn),
      }));
    }),
  );
  return routes.flat().sort((one, other) => one.port - other.port);
}

/**
 * The routes of users' requests to one of the target groups. The rule of a preview forwards to one color alone, that of
 * the users to both.
 */
export function routesTo(
  targetGroupArns: readonly string[],
  routes: readonly PresentRoute[],
): readonly PresentRoute[] {
  const all = routes.filter(({ targetGroups }) => targetGroups.some((arn) => targetGroupArns.includes(arn)));
  // The rules of a release have further conditions; those of the users only if the route has them.
  const found = all.some(({ narrowed }) => !narrowed) ? all.filter(({ narrowed }) => !narrowed) : all;
  const most = Math.max(...found.map(({ targetGroups }) => targetGroups.length));
  return found.filter(({ targetGroups }) => targetGroups.length === most);
}
