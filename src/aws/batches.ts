import type { ServiceName } from "./ports.js";
import { OWNER_TAG } from "./tags.js";

type Input = Readonly<Record<string, unknown>>;
type Call = (input: Input) => Promise<Input>;

/** How a question can be asked together with others of its kind. */
export interface Batch {
  /** Of questions that can be asked together. */
  readonly key: string;
  /** What this one asks for. */
  readonly items: readonly string[];
  /** How many items one request takes. */
  readonly size: number;
  /** The field of the answer that holds them. */
  readonly list: string;
  /** Asks for all of the items, and reads every page. */
  ask(call: Call, items: readonly string[]): Promise<Input>;
  /** This question's part of the answer. */
  pick(output: Input): Input;
}

/** The batch that a question can be part of; `undefined` for one that is asked alone. */
export function batchOf(service: ServiceName, method: string, input: Input): Batch | undefined {
  return BATCHES[`${service}.${method}`]?.(input);
}

type Rule = (input: Input) => Batch | undefined;

/** A request that names what it asks for, and nothing else of weight. */
function byNames(
  field: string,
  list: string,
  size: number,
  names: (item: Input) => readonly unknown[],
): Rule {
  return ({ [field]: asked, ...rest }) => {
    if (!Array.isArray(asked) || asked.length === 0) return undefined;
    const items = asked as string[];
    return {
      key: `${field} ${JSON.stringify(rest)}`,
      items,
      size,
      list,
      ask: (call, all) => call({ ...rest, [field]: [...all] }),
      pick: (output) => ({
        ...output,
        [list]: rows(output, list).filter((row) => names(row).some((name) => items.includes(name as string))),
      }),
    };
  };
}

/** A request with one filter of one value, beside filters that are the same for all. */
function byFilter(filter: string, list: string, valueOf: (row: Input) => unknown): Rule {
  return ({ Filters, ...rest }) => {
    if (!Array.isArray(Filters) || Object.keys(rest).length > 0) return undefined;
    const all = Filters as { readonly Name: string; readonly Values: readonly string[] }[];
    const own = all.find(({ Name }) => Name === filter);
    if (own?.Values.length !== 1) return undefined;
    const others = all.filter((each) => each !== own);
    return {
      key: `${filter} ${JSON.stringify(others)}`,
      items: own.Values,
      // EC2 takes 200 values; an answer comes in pages.
      size: 200,
      list,
      ask: (call, values) =>
        allPages(
          (token) =>
            call({ Filters: [{ Name: filter, Values: [...values] }, ...others], ...token("NextToken") }),
          list,
          ({ NextToken }) => NextToken,
        ),
      pick: (output) => ({ [list]: rows(output, list).filter((row) => valueOf(row) === own.Values[0]) }),
    };
  };
}

const OWNER_FILTER = `tag:${OWNER_TAG}`;
const owned = (list: string): Rule => byFilter(OWNER_FILTER, list, ({ Tags }) => tagOf(Tags, OWNER_TAG));

/** The tagging API: what carries a tag with one of twenty values. */
const tagged: Rule = ({ TagFilters, PaginationToken, ...rest }) => {
  const [filter, ...more] = (TagFilters ?? []) as {
    readonly Key: string;
    readonly Values: readonly string[];
  }[];
  if (filter?.Values.length !== 1 || more.length > 0 || PaginationToken !== undefined) return undefined;
  return {
    key: JSON.stringify([filter.Key, rest]),
    items: filter.Values,
    size: 20,
    list: "ResourceTagMappingList",
    ask: (call, Values) =>
      allPages(
        (token) =>
          call({
            ...rest,
            TagFilters: [{ Key: filter.Key, Values: [...Values] }],
            ...token("PaginationToken"),
          }),
        "ResourceTagMappingList",
        ({ PaginationToken: next }) => next,
      ),
    pick: (output) => ({
      ResourceTagMappingList: rows(output, "ResourceTagMappingList").filter(
        ({ Tags }) => tagOf(Tags, filter.Key) === filter.Values[0],
      ),
    }),
  };
};

const QUAYSIDE_PATH = "/quayside/";

/** IAM lists by path: all of quayside's for several owners. */
const underPath =
  (list: string): Rule =>
  ({ PathPrefix: path, ...rest }) => {
    if (typeof path !== "string" || !path.startsWith(QUAYSIDE_PATH) || Object.keys(rest).length > 0)
      return undefined;
    return {
      key: QUAYSIDE_PATH,
      items: [path],
      size: 1_000_000,
      list,
      ask: (call) =>
        allPages(
          (token) => call({ PathPrefix: QUAYSIDE_PATH, ...token("Marker") }),
          list,
          ({ IsTruncated, Marker }) => (IsTruncated === true ? Marker : undefined),
        ),
      pick: (output) => ({
        [list]: rows(output, list).filter(({ Path }) => String(Path).startsWith(path)),
        IsTruncated: false,
      }),
    };
  };

const either =
  (...rules: readonly Rule[]): Rule =>
  (input) => {
    for (const rule of rules) {
      const batch = rule(input);
      if (batch !== undefined) return batch;
    }
    return undefined;
  };

/** Sizes: the operations' own pages in the API references. */
const BATCHES: Readonly<Record<string, Rule | undefined>> = Object.freeze({
  "ecs.describeServices": byNames("services", "services", 10, ({ serviceName, serviceArn }) => [
    serviceName,
    serviceArn,
  ]),
  "elb.describeTags": byNames("ResourceArns", "TagDescriptions", 20, ({ ResourceArn }) => [ResourceArn]),
  "elb.describeTargetGroups": either(
    byNames("Names", "TargetGroups", 20, ({ TargetGroupName }) => [TargetGroupName]),
    byNames("TargetGroupArns", "TargetGroups", 20, ({ TargetGroupArn }) => [TargetGroupArn]),
  ),
  "elb.describeRules": byNames("RuleArns", "Rules", 20, ({ RuleArn }) => [RuleArn]),
  "elb.describeListeners": byNames("ListenerArns", "Listeners", 20, ({ ListenerArn }) => [ListenerArn]),
  "ec2.describeSecurityGroups": either(
    owned("SecurityGroups"),
    byFilter("group-name", "SecurityGroups", ({ GroupName }) => GroupName),
  ),
  "ec2.describeSecurityGroupRules": either(
    owned("SecurityGroupRules"),
    byFilter("group-id", "SecurityGroupRules", ({ GroupId }) => GroupId),
  ),
  "ec2.describeLaunchTemplates": owned("LaunchTemplates"),
  "ec2.describeKeyPairs": owned("KeyPairs"),
  "autoScaling.describeAutoScalingGroups": owned("AutoScalingGroups"),
  "iam.listRoles": underPath("Roles"),
  "logs.describeLogGroups": byNames("logGroupIdentifiers", "logGroups", 50, ({ logGroupName }) => [
    logGroupName,
  ]),
  "tagging.getResources": tagged,
});

async function allPages(
  page: (token: (field: string) => Input) => Promise<Input>,
  list: string,
  next: (output: Input) => unknown,
): Promise<Input> {
  const all: Input[] = [];
  let at: unknown;
  do {
    const output = await page((field) => (at === undefined ? {} : { [field]: at }));
    all.push(...rows(output, list));
    at = next(output) || undefined;
  } while (at !== undefined);
  return { [list]: all };
}

const rows = (output: Input, list: string): readonly Input[] => (output[list] ?? []) as readonly Input[];

const tagOf = (tags: unknown, key: string): string | undefined =>
  ((tags ?? []) as readonly { readonly Key?: string; readonly Value?: string }[]).find(
    ({ Key }) => Key === key,
  )?.Value;
