import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import { isNetworkListener } from "../network-listener-users.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerName } from "../../aws/owner.js";
import { OWNER_TAG } from "../../aws/tags.js";
import { listenersOf, rulesOf } from "../elb-pages.js";
import { elbTags } from "../elb-tags.js";
import { routeOf } from "./rule-conditions.js";

export interface LoadBalancerFacts {
  /** `provisioning`, `active`, `active_impaired` or `failed`. */
  readonly state: string;
  readonly dnsName: string;
  readonly listeners: readonly ListenerFacts[];
}

export interface ListenerFacts {
  readonly port: number;
  readonly protocol: string;
  /** In order of evaluation, without the default rule. */
  readonly rules: readonly RuleFacts[];
  /** The deployment that a listener of a Network Load Balancer belongs to; absent if it belongs to none. */
  readonly deployment?: string;
}

export interface RuleFacts {
  readonly priority: number;
  /** Path patterns; empty: any path. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  /** The name of the deployment that owns the rule; `undefined` if none does. */
  readonly deployment: string | undefined;
  /** What it does with the requests. */
  readonly action: "forward" | "redirect" | "fixed-response" | "other";
}

const ACTIONS = ["forward", "redirect", "fixed-response"] as const;

/** A load balancer with its listeners and rules, as they are now; `undefined` if it does not exist. */
export async function loadBalancerRules(
  name: string,
  context: AwsContext,
): Promise<LoadBalancerFacts | undefined> {
  const answer = await ignoreNotFound(context.aws.elb.describeLoadBalancers({ Names: [name] }));
  const found = answer?.LoadBalancers?.[0];
  if (found?.LoadBalancerArn === undefined) return undefined;
  const listeners = await Promise.all(
    (await listenersOf(found.LoadBalancerArn, context)).map(async (listener): Promise<ListenerFacts> => ({
      port: listener.Port ?? 0,
      protocol: listener.Protocol ?? "",
      ...(isNetworkListener(listener)
        ? { rules: [], ...(await deploymentOf(listener, context)) }
        : { rules: await rulesAt(listener.ListenerArn ?? "", context) }),
    })),
  );
  return {
    state: found.State?.Code ?? "unknown",
    dnsName: found.DNSName ?? "",
    listeners: listeners.sort((a, b) => a.port - b.port),
  };
}

async function deploymentOf(
  { ListenerArn = "" }: Listener,
  context: AwsContext,
): Promise<Pick<ListenerFacts, "deployment">> {
  const tags = (await elbTags([ListenerArn], context)).get(ListenerArn);
  const deployment = ownerName(tags?.[OWNER_TAG], "deployment");
  return deployment === undefined ? {} : { deployment };
}

async function rulesAt(listenerArn: string, context: AwsContext): Promise<RuleFacts[]> {
  const rules = (await rulesOf(listenerArn, context)).filter(({ IsDefault }) => IsDefault !== true);
  const tags = await elbTags(
    rules.flatMap(({ RuleArn }) => RuleArn ?? []),
    context,
  );
  return rules
    .map(({ RuleArn = "", Priority, Conditions = [], Actions = [] }): RuleFacts => {
      const { path, host } = routeOf(Conditions);
      const deployment = ownerName(tags.get(RuleArn)?.[OWNER_TAG], "deployment");
      const last = Actions.at(-1)?.Type;
      const action = ACTIONS.find((each) => each === last) ?? "other";
      return { priority: Number(Priority), path, host, deployment, action };
    })
    .sort((a, b) => a.priority - b.priority);
}
