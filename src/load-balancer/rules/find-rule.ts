import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { toBatches } from "../../aws/in-batches.js";
import { OWNER_TAG } from "../../aws/tags.js";
import type { Tags } from "../../engine/kind.js";
import { elbTags } from "../elb-tags.js";
import { PART_TAG } from "./listener-rule-name.js";
import { isTestRule } from "./owned-rules.js";
import { routeOf, type Route } from "./rule-conditions.js";

/**
 * The rule of a listener that is ours by its tags, whatever it says now; else one for the very same
 * requests, which is then somebody else's. Rules have no names.
 */
export async function findRule(
  wanted: Pick<Route, "path" | "host"> & { readonly targetGroupArn: string; readonly tags: Tags },
  rules: readonly Rule[],
  context: AwsContext,
): Promise<{ readonly rule: Rule; readonly tags: Tags } | undefined> {
  const candidates = rules.filter(({ IsDefault, RuleArn }) => IsDefault !== true && RuleArn !== undefined);
  // Most likely first: tags are read in twenties, and a listener can hold a hundred rules.
  candidates.sort((a, b) => likelihood(b) - likelihood(a));
  function likelihood(rule: Rule): number {
    return (pointsAt(rule, wanted.targetGroupArn) ? 2 : 0) + (takesTheSame(rule, wanted) ? 1 : 0);
  }

  const tagsOfAll = new Map<string, Tags>();
  for (const batch of toBatches(candidates, 20)) {
    const tags = await elbTags(
      batch.map(({ RuleArn }) => RuleArn!),
      context,
    );
    for (const rule of batch) {
      const own = tags.get(rule.RuleArn!) ?? {};
      const isIt = own[OWNER_TAG] === wanted.tags[OWNER_TAG] && own[PART_TAG] === wanted.tags[PART_TAG];
      if (own[OWNER_TAG] !== undefined && isIt && !isTestRule(own)) return { rule, tags: own };
      tagsOfAll.set(rule.RuleArn!, own);
    }
  }
  const isOurs = ({ RuleArn = "" }: Rule) =>
    wanted.tags[OWNER_TAG] !== undefined && tagsOfAll.get(RuleArn)?.[OWNER_TAG] === wanted.tags[OWNER_TAG];
  // Another one of the same route is a rule by itself.
  const same = candidates.find((rule) => takesTheSame(rule, wanted) && !isOurs(rule));
  return same === undefined ? undefined : { rule: same, tags: tagsOfAll.get(same.RuleArn!) ?? {} };
}

/** All rules of an owner on a listener that users' requests take; the first one of a route comes first. */
export async function findRules(
  owner: string,
  rules: readonly Rule[],
  context: AwsContext,
): Promise<readonly Rule[]> {
  const special = rules.filter(({ IsDefault }) => IsDefault !== true);
  const tags = await elbTags(
    special.flatMap(({ RuleArn }) => RuleArn ?? []),
    context,
  );
  const tagsOf = ({ RuleArn = "" }: Rule): Tags => tags.get(RuleArn) ?? {};
  return special
    .filter((rule) => tagsOf(rule)[OWNER_TAG] === owner && !isTestRule(tagsOf(rule)))
    .sort((a, b) => Number(PART_TAG in tagsOf(a)) - Number(PART_TAG in tagsOf(b)));
}

const pointsAt = ({ Actions = [] }: Rule, targetGroupArn: string): boolean =>
  Actions.some(
    ({ TargetGroupArn, ForwardConfig }) =>
      TargetGroupArn === targetGroupArn ||
      ForwardConfig?.TargetGroups?.some((group) => group.TargetGroupArn === targetGroupArn) === true,
  );

function takesTheSame({ Conditions = [] }: Rule, wanted: Pick<Route, "path" | "host">): boolean {
  const { path, host, narrowed } = routeOf(Conditions);
  return !narrowed && sameSet(path, wanted.path) && sameSet(host, wanted.host);
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item));
