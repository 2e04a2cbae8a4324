import { hasErrorCode } from "../error-code.js";
import { paginate, type TokenField } from "../paginate.js";
import { OWNER_TAG } from "../tags.js";

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
  /** Whether a refusal is about all of the items; otherwise it may be about one, and each is asked for alone. */
  readonly isRefusedAsOne?: boolean;
  /** Asks for all of the items, and reads every page. */
  ask(call: Call, items: readonly string[]): Promise<Input>;
  /** This question's part of the answer. */
  pick(output: Input): Input;
}

export type Rule = (input: Input) => Batch | undefined;

/** A request that names what it asks for, and nothing else of weight; with `token`, an answer comes in pages. */
export function byNames(
  field: string,
  list: string,
  size: number,
  names: (item: Input) => readonly unknown[],
  token?: TokenField,
): Rule {
  return ({ [field]: asked, ...rest }) => {
    if (!Array.isArray(asked) || asked.length === 0) return undefined;
    if (token !== undefined && rest[token] !== undefined) return undefined;
    const items = asked as string[];
    const ask = (call: Call, all: readonly string[]) => call({ ...rest, [field]: [...all] });
    return {
      key: `${field} ${JSON.stringify(rest)}`,
      items,
      size,
      list,
      ask: (call, all) =>
        token === undefined
          ? ask(call, all)
          : allPages(list, token, (next) => ask((input) => call({ ...input, ...next }), all)),
      pick: (output) => ({
        ...output,
        [list]: rows(output, list).filter((row) => names(row).some((name) => items.includes(name as string))),
      }),
    };
  };
}

/** A request with one filter of one value, beside filters that are the same for all. */
export function byFilter(filter: string, list: string, valueOf: (row: Input) => unknown): Rule {
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
        allPages(list, "NextToken", (next) =>
          call({ Filters: [{ Name: filter, Values: [...values] }, ...others], ...next }),
        ),
      pick: (output) => ({ [list]: rows(output, list).filter((row) => valueOf(row) === own.Values[0]) }),
    };
  };
}

const OWNER_FILTER = `tag:${OWNER_TAG}`;
export const owned = (list: string): Rule =>
  byFilter(OWNER_FILTER, list, ({ Tags }) => tagOf(Tags, OWNER_TAG));

/** The tagging API: what carries a tag with one of twenty values. */
export const tagged: Rule = ({ TagFilters, PaginationToken, ...rest }) => {
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
      allPages("ResourceTagMappingList", "PaginationToken", (next) =>
        call({ ...rest, TagFilters: [{ Key: filter.Key, Values: [...Values] }], ...next }),
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
export const underPath =
  (list: string): Rule =>
  ({ PathPrefix: path, ...rest }) => {
    if (typeof path !== "string" || !path.startsWith(QUAYSIDE_PATH) || Object.keys(rest).length > 0)
      return undefined;
    return {
      key: QUAYSIDE_PATH,
      items: [path],
      size: 1_000_000,
      list,
      ask: (call) => allPages(list, "Marker", (next) => call({ PathPrefix: QUAYSIDE_PATH, ...next })),
      pick: (output) => ({
        [list]: rows(output, list).filter(({ Path }) => String(Path).startsWith(path)),
        IsTruncated: false,
      }),
    };
  };

/** ELB refuses a request as a whole if one of the names is unknown: then all that there is, at 400 a page. */
export const orAll =
  (rule: Rule): Rule =>
  (input) => {
    const batch = rule(input);
    return (
      batch && {
        ...batch,
        ask: (call, names) =>
          batch.ask(call, names).catch((error: unknown) => {
            if (!hasErrorCode(error, "TargetGroupNotFound")) throw error;
            return allPages(batch.list, "Marker", (next) => call({ PageSize: 400, ...next }));
          }),
      }
    );
  };

/**
 * Application Auto Scaling tells what one service has, or what all of them have, in pages: the latter as long
 * as it takes fewer requests. Others may have so much that each is asked for by itself after all.
 */
export const ofServices =
  (list: string, name: string, names: string): Rule =>
  ({ ServiceNamespace, ScalableDimension, ResourceId, [names]: wanted, ...rest }) => {
    if (typeof ResourceId !== "string" || Object.keys(rest).length > 0) return undefined;
    return {
      key: JSON.stringify([ServiceNamespace, ScalableDimension]),
      items: [ResourceId],
      size: 1_000_000,
      list,
      ask: (call, resources) => {
        const one = resources.length === 1 ? { ScalableDimension, ResourceId } : {};
        let left = resources.length === 1 ? Infinity : resources.length / 2;
        return allPages(list, "NextToken", (next) => {
          if (left-- <= 0) throw new Error("Not worth it");
          return call({ ServiceNamespace, ...one, ...next });
        });
      },
      pick: (output) => ({
        [list]: rows(output, list).filter(
          (row) =>
            row.ResourceId === ResourceId &&
            row.ScalableDimension === ScalableDimension &&
            (wanted === undefined || (wanted as readonly unknown[]).includes(row[name])),
        ),
      }),
    };
  };

export const refusedAsOne =
  (rule: Rule): Rule =>
  (input) => {
    const batch = rule(input);
    return batch && { ...batch, isRefusedAsOne: true };
  };

export const either =
  (...rules: readonly Rule[]): Rule =>
  (input) => {
    for (const rule of rules) {
      const batch = rule(input);
      if (batch !== undefined) return batch;
    }
    return undefined;
  };

const allPages = async (list: string, token: TokenField, read: Call): Promise<Input> => ({
  [list]: await paginate(token, read, (output) => rows(output, list)),
});

const rows = (output: Input, list: string): readonly Input[] => (output[list] ?? []) as readonly Input[];

const tagOf = (tags: unknown, key: string): string | undefined =>
  ((tags ?? []) as readonly { readonly Key?: string; readonly Value?: string }[]).find(
    ({ Key }) => Key === key,
  )?.Value;
