import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from "@aws-sdk/client-ecs";
import { serviceNames, taskDefinitionFamily, taskDefinitionRevision } from "../../aws/arn.js";
import { changedTags } from "../../aws/changed-tags.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownedArns } from "../../aws/owned-arns.js";
import { ADOPTED_TAG, fromTags, HASH_TAG, OWNER_TAG, toEcsTags } from "../../aws/tags.js";
import { hasChanges } from "../../engine/diff.js";
import { UNKNOWN, type Found, type Kind, type Observed, type Tagged, type Tags } from "../../engine/kind.js";
import { stableHash } from "../../engine/stable-hash.js";
import { describeServices } from "../describe-services.js";
import { taskDefinitionArn } from "../reported-fields.js";
import { currentTaskDefinition } from "./current-task-definition.js";
import { deleteTaskDefinitions, revisionsOf } from "./delete-task-definitions.js";
import { withPlacesLeft } from "./places.js";

export interface TaskDefinitionDesired extends Tagged {
  /** The registration, without its tags. */
  readonly input: RegisterTaskDefinitionCommandInput;
}

export interface TaskDefinitionState {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
}

/**
 * A task definition. Revisions never change: an update registers the next one, and a rollback can use an
 * earlier one.
 */
export const taskDefinitionKind: Kind<TaskDefinitionDesired, TaskDefinitionState, AwsContext> = {
  kind: "task-definition",
  unknown: { arn: UNKNOWN, family: UNKNOWN, revision: Number.NaN },
  changesOnUpdate: ["arn", "revision"],
  wrapperField: "input",

  async read(desired, context) {
    const { input } = desired;
    const { family = "" } = input;
    const running = await runningRevision(desired, context);
    if (running !== undefined) return { ...running, current: { input } };
    // Most often, a service runs the described revision: its family is asked for once that is known.
    if (context.isAhead === true) return undefined;
    // Of a family without revisions, the next question is asked at once.
    if (context.isLooking() && !(await hasRevisions(desired, context)))
      revisionsOf(family, "INACTIVE", context).catch(() => {});
    const latest = await describe(family, context);
    if (latest === undefined) return deregistered(family, context);
    return {
      state: stateOf(latest.definition),
      current: {
        input: currentTaskDefinition(
          input,
          context.overridden("registerTaskDefinition", input),
          latest.definition,
          // The tag of the revision itself: the tagging API may not know a new one for a while.
          latest.tags[HASH_TAG] === registrationHash(input, context),
        ),
      },
      tags: latest.tags,
    };
  },

  create: register,

  async update(desired, observed, changes, context) {
    const wanted = withPlacesLeft(desired.tags, observed.tags);
    if (hasChanges(changes, "input")) {
      // A revision that quayside registers is its own, even in an adopted family.
      const { [ADOPTED_TAG]: _, ...tags } = wanted;
      return register({ ...desired, tags }, context);
    }
    const tags = changedTags({ tags: wanted }, changes);
    if (tags !== undefined) {
      await context.aws.ecs.tagResource({ resourceArn: observed.state.arn, tags: toEcsTags(tags) });
    }
    return observed.state;
  },

  async delete({ arn, family }, context, _leaving, tags) {
    const owner = (tags ?? (await describe(arn, context))?.tags)?.[OWNER_TAG];
    if (owner !== undefined) await deleteTaskDefinitions(family, owner, context);
  },

  async findOwned(owner, context, isDescribed) {
    const owned = await ownedArns(context, owner, "ecs", "task-definition/");
    const families = new Map<string, { arn: string; revision: number; tags: Tags }>();
    for (const { arn, tags } of owned) {
      const family = taskDefinitionFamily(arn);
      const revision = taskDefinitionRevision(arn);
      const known = families.get(family);
      if (known === undefined || known.revision < revision) {
        families.set(family, { arn, revision, tags });
      }
    }
    const found = await Promise.all(
      [...families].map(async ([family, { arn, revision, tags }]): Promise<Found<TaskDefinitionState>[]> => {
        if (isDescribed?.(family)) return [];
        // The tagging API may return it for a while after its deletion.
        const status = (await describe(arn, context))?.definition.status;
        const exists = status === "ACTIVE" || status === "INACTIVE";
        return exists ? [{ name: family, state: { arn, family, revision }, tags }] : [];
      }),
    );
    return found.flat();
  },
};

/**
 * A family without an active revision: an interrupted delete deregistered its revisions and did not delete
 * them.
 */
async function deregistered(family: string, context: AwsContext): Promise<Observation | undefined> {
  const [arn] = await revisionsOf(family, "INACTIVE", context);
  const last = arn === undefined ? undefined : await describe(arn, context);
  if (last?.definition.status !== "INACTIVE") return undefined;
  return { state: stateOf(last.definition), current: { input: undefined }, tags: last.tags };
}

type Observation = Observed<TaskDefinitionDesired, TaskDefinitionState>;

async function register(
  { input, tags }: TaskDefinitionDesired,
  context: AwsContext,
): Promise<TaskDefinitionState> {
  const { taskDefinition } = await context.aws.ecs.registerTaskDefinition({
    ...input,
    ...(Object.keys(tags).length > 0 && {
      tags: toEcsTags({ ...tags, [HASH_TAG]: registrationHash(input, context) }),
    }),
  });
  return stateOf(taskDefinition ?? {});
}

/** Describes a task definition by family (its latest active revision) or by ARN. */
async function describe(
  taskDefinition: string,
  context: AwsContext,
): Promise<{ readonly definition: TaskDefinition; readonly tags: Tags } | undefined> {
  const answer = await ignoreNotFound(
    context.aws.ecs.describeTaskDefinition({ taskDefinition, include: ["TAGS"] }),
  );
  if (answer?.taskDefinition === undefined) return undefined;
  return { definition: answer.taskDefinition, tags: fromTags(answer.tags) };
}

const stateOf = ({
  taskDefinitionArn = "",
  family = "",
  revision = 0,
}: TaskDefinition): TaskDefinitionState => ({
  arn: taskDefinitionArn,
  family,
  revision,
});

/** The hash of a registration as it is sent, kept in a tag of the revision, which never changes. */
const registrationHash = (input: RegisterTaskDefinitionCommandInput, context: AwsContext): string =>
  stableHash(context.overridden("registerTaskDefinition", input));

/**
 * The described revision, if a service of the same owner runs it. It is found by its tags, which one call
 * returns for many revisions; ECS describes only one task definition per call.
 */
async function runningRevision(
  { input, tags }: TaskDefinitionDesired,
  context: AwsContext,
): Promise<{ readonly state: TaskDefinitionState; readonly tags: Tags } | undefined> {
  const { family = "" } = input;
  const owner = tags[OWNER_TAG];
  if (owner === undefined) return undefined;
  const hash = registrationHash(input, context);
  const revisions = await revisionsWithTags(owner, family, context);
  const described = revisions.filter(
    (one) =>
      one.tags[HASH_TAG] === hash && Object.entries(tags).every(([key, value]) => one.tags[key] === value),
  );
  if (described.length === 0) return undefined;
  // The tagging API returns a revision for a while after its deletion; one that a service runs exists.
  const running = await revisionsInUse(owner, context);
  const found = described.find(({ arn }) => running.has(arn));
  return found && { state: { arn: found.arn, family, revision: Number(found.rest) }, tags: found.tags };
}

const revisionsWithTags = (owner: string, family: string, context: AwsContext) =>
  ownedArns(context, owner, "ecs", `task-definition/${family}:`);

/** True if the tagging API knows a revision of the same owner. */
async function hasRevisions(
  { input: { family = "" }, tags }: TaskDefinitionDesired,
  context: AwsContext,
): Promise<boolean> {
  const owner = tags[OWNER_TAG];
  return owner === undefined || (await revisionsWithTags(owner, family, context)).length > 0;
}

async function revisionsInUse(owner: string, context: AwsContext): Promise<ReadonlySet<string>> {
  const services = await ownedArns(context, owner, "ecs", "service/");
  const found = await Promise.all(
    services.map(({ arn }) => {
      const { cluster, service } = serviceNames(arn);
      return describeServices(cluster, [service], context);
    }),
  );
  return new Set(found.flat().flatMap((one) => (one.status === "ACTIVE" ? [taskDefinitionArn(one)] : [])));
}
