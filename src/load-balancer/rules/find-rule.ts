import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { toBatches } from "../../aws/in-batches.js";
import { OWNER_TAG } from "../../aws/tags.js";
import type { Tags } from "../../engine/kind.js";
import { elbTags } from "../elb-tags.js";
import { FURTHER_ROUTE, PART_TAG } from "./listener-rule-name.js";
import { isPreviewRule, isReleaseRule } from "./owned-rules.js";
import { furtherOf, routeOf, toConditions, type NamedConditions, type Route } from "./rule-conditions.js";

type WantedRule = Pick<Route, "path" | "host"> & Partial<NamedConditions>;

/**
 * The rule of a listener that has the owner's tags, whatever its route is now; otherwise a rule with the same
 * route, which another owner has. Rules have no names.
 */
export async function findRule(
  wanted: WantedRule & { readonly targetGroupArn?: string | undefined; readonly tags: Tags },
  rules: readonly Rule[],
  context: AwsContext,
): Promise<{ readonly rule: Rule; readonly tags: Tags } | undefined> {
  const candidates = rules.filter(({ IsDefault, RuleArn }) => IsDefault !== true && RuleArn !== undefined);
  // Most likely first: tags are read in batches of twenty, and a listener can have a hundred rules.
  candidates.sort((a, b) => likelihood(b) - likelihood(a));
  function likelihood(rule: Rule): number {
    return (
      (wanted.targetGroupArn !== undefined && forwardsTo(rule, wanted.targetGroupArn) ? 2 : 0) +
      (hasSameRoute(rule, wanted) ? 1 : 0)
    );
  }

  const tagsOfAll = new Map<string, Tags>();
  for (const batch of toBatches(candidates, 20)) {
    const tags = await elbTags(
      batch.map(({ RuleArn }) => RuleArn!),
      context,
    );
    for (const rule of batch) {
      const own = tags.get(rule.RuleArn!) ?? {};
      const isMatch = own[OWNER_TAG] === wanted.tags[OWNER_TAG] && own[PART_TAG] === wanted.tags[PART_TAG];
      if (own[OWNER_TAG] !== undefined && isMatch && !isReleaseRule(own)) return { rule, tags: own };
      tagsOfAll.set(rule.RuleArn!, own);
    }
  }
  const hasSameOwner = ({ RuleArn = "" }: Rule) =>
    wanted.tags[OWNER_TAG] !== undefined && tagsOfAll.get(RuleArn)?.[OWNER_TAG] === wanted.tags[OWNER_TAG];
  // Another rule of the same owner and route is a rule of its own.
  const same = candidates.find((rule) => hasSameRoute(rule, wanted) && !hasSameOwner(rule));
  return same === undefined ? undefined : { rule: same, tags: tagsOfAll.get(same.RuleArn!) ?? {} };
}

interface OwnedRules {
  readonly rules: readonly Rule[];
  /** Those of its routes to other containers and ports. */
  readonly further: readonly Rule[];
  readonly previews: readonly TaggedRule[];
}

/**
 * An owner's rules on a listener: those of its route, the first one first, and those of a preview. The rules that a
 * release has left are noted: the tagging API may not know them yet.
 */
export async function findRules(
  owner: string,
  rules: readonly Rule[],
  context: AwsContext,
): Promise<OwnedRules> {
  const customRules = rules.filter(({ IsDefault }) => IsDefault !== true);
  const tags = await elbTags(
    customRules.flatMap(({ RuleArn }) => RuleArn ?? []),
    context,
  );
  const tagsOf = ({ RuleArn = "" }: Rule): Tags => tags.get(RuleArn) ?? {};
  const own = customRules.filter((rule) => tagsOf(rule)[OWNER_TAG] === owner);
  const isFurther = (rule: Rule): boolean => tagsOf(rule)[PART_TAG]?.startsWith(FURTHER_ROUTE) === true;
  const users = own.filter((rule) => !isReleaseRule(tagsOf(rule)));
  for (const rule of own) {
    if (isReleaseRule(tagsOf(rule))) context.noteOwned(owner, { arn: rule.RuleArn!, tags: tagsOf(rule) });
  }
  return {
    rules: users
      .filter((rule) => !isFurther(rule))
      .sort((a, b) => Number(PART_TAG in tagsOf(a)) - Number(PART_TAG in tagsOf(b))),
    further: users.filter(isFurther),
    previews: own.filter((rule) => isPreviewRule(tagsOf(rule))).map((rule) => ({ rule, tags: tagsOf(rule) })),
  };
}

interface TaggedRule {
  readonly rule: Rule;
  readonly tags: Tags;
}

const forwardsTo = ({ Actions = [] }: Rule, targetGroupArn: string): boolean =>
  Actions.some(
    ({ TargetGroupArn, ForwardConfig }) =>
      TargetGroupArn === targetGroupArn ||
      ForwardConfig?.TargetGroups?.some((group) => group.TargetGroupArn === targetGroupArn) === true,
  );

function hasSameRoute({ Conditions = [] }: Rule, wanted: WantedRule): boolean {
  const { path, host, further = [] } = routeOf(Conditions);
  const { further: described = [] } = furtherOf(toConditions(wanted));
  return sameSet(path, wanted.path) && sameSet(host, wanted.host) && sameSet(further, described);
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item));
