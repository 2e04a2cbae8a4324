import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { nextPoll } from "../engine/poll.js";
import type { QuaysideError } from "../errors.js";
import { elbTags } from "../load-balancer/elb-tags.js";
import { releaseError, type Color } from "./colors.js";
import type { ReleaseState } from "./release-state.js";
import type { WeightedRule } from "./weighted-rule.js";

/*
 * Before a run changes or stops the tasks of a color, it claims the color in a tag of the listener rule; afterwards
 * it reads the weights again. Who shifts traffic to a color writes the weights first, and reads the tag afterwards.
 * So of two runs at the same moment at least one sees the other, whatever the order of their calls: AWS has no
 * conditional writes here. A claim counts for two minutes, by then ECS reports what its run has changed: a run that
 * was killed holds up no other one for longer.
 */
const CLAIM_TAG = "quayside:claim";
const LIFETIME = 2 * 60_000;
/** Longer than another run takes between its look at the tag and its own claim. */
const SETTLES = 2_000;

interface Claim {
  readonly color: Color;
  readonly since: Date;
  /** The ARN of the caller, if it is known. */
  readonly by: string | undefined;
}

/** Ends a claim. */
export type EndClaim = () => Promise<void>;

/**
 * Claims a color. Waits while another run claims one, at most until that claim ends by itself.
 *
 * @throws QuaysideError `another-run` if another run claims a color at the same moment
 */
export async function claimColor(
  deployment: string,
  [rule]: readonly WeightedRule[],
  color: Color,
  context: AwsContext,
): Promise<EndClaim> {
  // Without a rule there is no traffic, and no color that gets any.
  if (rule === undefined) return async () => {};
  while ((await currentClaim(rule.arn, context)) !== undefined) await nextPoll(context, 5_000);
  const by = (await context.caller())?.arn;
  const Value = [color, new Date(context.awsTime()).toISOString(), by].filter(Boolean).join(" ");
  await context.aws.elb.addTags({ ResourceArns: [rule.arn], Tags: [{ Key: CLAIM_TAG, Value }] });
  const end = (): Promise<void> =>
    context.cleanUp(async (afterwards) => {
      if ((await claimText(rule.arn, afterwards)) !== Value) return;
      await removeClaim(rule.arn, afterwards);
    });
  try {
    await context.clock.sleep(SETTLES, context.signal);
    const now = await claimText(rule.arn, context);
    if (now === Value) return end;
    throw anotherRunError(deployment, now === undefined ? undefined : parse(now));
  } catch (error) {
    throw await endedWith(error, end);
  }
}

/** Ends a claim after an error, which is the one to report: a claim that stays ends by itself. */
export async function endedWith(error: unknown, end: EndClaim): Promise<unknown> {
  await end().catch(() => {});
  return error;
}

/** Waits until the color is not claimed, at most until a claim ends by itself, which is then removed. */
export async function waitUntilUnclaimed(
  { rules: [rule] }: Pick<ReleaseState, "rules">,
  color: Color,
  context: AwsContext,
): Promise<void> {
  if (rule === undefined) return;
  while ((await currentClaim(rule.arn, context))?.color === color) await nextPoll(context, 5_000);
  const text = await claimText(rule.arn, context);
  if (text !== undefined && !isCurrent(parse(text), context)) await removeClaim(rule.arn, context);
}

/** @throws QuaysideError `another-run` if another run changes or stops the color */
export async function assertNotClaimed(
  deployment: string,
  { rules: [rule] }: Pick<ReleaseState, "rules">,
  color: Color,
  context: AwsContext,
): Promise<void> {
  const claim = rule && (await currentClaim(rule.arn, context));
  if (claim?.color === color) throw anotherRunError(deployment, claim);
}

/** The present claim, if it has not ended. */
async function currentClaim(ruleArn: string, context: AwsContext): Promise<Claim | undefined> {
  const text = await claimText(ruleArn, context);
  const claim = text === undefined ? undefined : parse(text);
  return isCurrent(claim, context) ? claim : undefined;
}

const isCurrent = (claim: Claim | undefined, context: AwsContext): boolean =>
  claim !== undefined && context.awsTime() - claim.since.getTime() < LIFETIME;

async function removeClaim(ruleArn: string, { aws }: AwsContext): Promise<void> {
  await ignoreNotFound(aws.elb.removeTags({ ResourceArns: [ruleArn], TagKeys: [CLAIM_TAG] }));
}

function anotherRunError(deployment: string, claim: Claim | undefined): QuaysideError {
  const { since, by } = claim ?? {};
  const details = [since && `since ${since.toISOString()}`, by && `by ${by}`].filter(Boolean).join(", ");
  return releaseError(
    "another-run",
    `The release of ${deployment} was not changed: another run changes it${details && ` (${details})`}`,
    {
      facts: { color: claim?.color, since, by },
      fix: "Wait until the other run has ended, read the release again with release(), then decide.",
    },
  );
}

const claimText = async (ruleArn: string, context: AwsContext): Promise<string | undefined> =>
  (await elbTags([ruleArn], context)).get(ruleArn)?.[CLAIM_TAG];

function parse(text: string): Claim | undefined {
  const [color, since = "", by] = text.split(" ");
  const isClaim = (color === "blue" || color === "green") && !Number.isNaN(Date.parse(since));
  return isClaim ? { color, since: new Date(since), by } : undefined;
}
