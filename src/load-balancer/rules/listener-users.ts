import type { Action, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { ownerOf } from "../../aws/owner.js";
import { OWNER_TAG } from "../../aws/tags.js";
import type { PendingDeletions } from "../../engine/kind.js";
import { rulesOf } from "../elb-pages.js";
import { elbTags } from "../elb-tags.js";
import { listenerRuleName, loadBalancerOf } from "./listener-rule-name.js";
import { describeRoute, routeOf } from "./rule-conditions.js";

/** The users of a listener, by its rules or its default action, that are not deleted in this run. */
export async function listenerUsers(
  listener: { readonly arn: string; readonly name: string },
  leaving: PendingDeletions,
  context: AwsContext,
): Promise<string[]> {
  const rules = await rulesOf(listener.arn, context);
  const customRules = rules.filter((rule) => rule.IsDefault !== true);
  const tags = await elbTags(
    customRules.flatMap(({ RuleArn }) => RuleArn ?? []),
    context,
  );
  const users = customRules.flatMap((rule) => {
    const own = tags.get(rule.RuleArn ?? "");
    // It was deleted meanwhile.
    if (own === undefined) return [];
    const owner = own[OWNER_TAG];
    // The load balancer's own answers.
    if (owner === ownerOf.loadBalancer(loadBalancerOf(listener.name))) return [];
    if (owner === undefined) return [`a rule for ${describe(rule)} on ${listener.name}`];
    return leaving.has("listener-rule", listenerRuleName(listener.name, owner, own)) ? [] : [owner];
  });
  const defaultRule = rules.find((rule) => rule.IsDefault === true);
  if (defaultRule?.Actions?.some(sendsTraffic) === true) users.push(`the default action of ${listener.name}`);
  return [...new Set(users)];
}

/**
 * True for an action that forwards requests; quayside's own default action answers 404 or redirects to HTTPS.
 */
const sendsTraffic = ({ Type }: Action): boolean => Type !== "fixed-response" && Type !== "redirect";

const describe = (rule: Rule): string => describeRoute(routeOf(rule.Conditions ?? []));
