import type { Action, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { OWNER_TAG } from "../../aws/tags.js";
import type { PendingDeletions } from "../../engine/kind.js";
import { rulesOf } from "../elb-pages.js";
import { elbTags } from "../elb-tags.js";
import { listenerRuleName } from "./listener-rule-name.js";
import { describeRoute, routeOf } from "./rule-conditions.js";

/** Who has rules on a listener, or its default action, and does not leave in this run. */
export async function listenerUsers(
  listener: { readonly arn: string; readonly name: string },
  leaving: PendingDeletions,
  context: AwsContext,
): Promise<string[]> {
  const rules = await rulesOf(listener.arn, context);
  const special = rules.filter((rule) => rule.IsDefault !== true);
  const tags = await elbTags(
    special.flatMap(({ RuleArn }) => RuleArn ?? []),
    context,
  );
  const users = special.flatMap((rule) => {
    const own = tags.get(rule.RuleArn ?? "") ?? {};
    const owner = own[OWNER_TAG];
    if (owner === undefined) return [`a rule for ${describe(rule)} on ${listener.name}`];
    return leaving.has("listener-rule", listenerRuleName(listener.name, owner, own)) ? [] : [owner];
  });
  const fallback = rules.find((rule) => rule.IsDefault === true);
  if (fallback?.Actions?.some(sendsTraffic) === true) users.push(`the default action of ${listener.name}`);
  return [...new Set(users)];
}

/** Ours answers 404 by itself, or sends requests on to HTTPS. */
const sendsTraffic = ({ Type }: Action): boolean => Type !== "fixed-response" && Type !== "redirect";

const describe = (rule: Rule): string => describeRoute(routeOf(rule.Conditions ?? []));
