import { hasErrorCode } from "../error-code.js";
import { paginate, type TokenField } from "../paginate.js";
import { OWNER_TAG } from "../tags.js";

type Input = Readonly<Record<string, unknown>>;
type Call = (input: Input) => Promise<Input>;

/** How a request can be combined with others of its kind. */
export interface Batch {
  /** The same for all requests that can be combined. */
  readonly key: string;
  /** The names that this request asks for. */
  readonly items: readonly string[];
  /** The maximum number of items in one request. */
  readonly size: number;
  /** The field of the answer that lists them. */
  readonly list: string;
  /**
   * True if an error concerns all items; otherwise it may concern one of them, and each request is sent
   * alone.
   */
  readonly failsAsOne?: boolean;
  /** Requests all items, and reads every page. */
  send(call: Call, items: readonly string[]): Promise<Input>;
  /** Returns the part of the answer that belongs to this request. */
  pick(output: Input): Input;
}

export type Rule = (input: Input) => Batch | undefined;

/**
 * A request for named items, whose other fields are the same for all; with `token`, answers come in pages.
 */
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
    const send = (call: Call, all: readonly string[]) => call({ ...rest, [field]: [...all] });
    return {
      key: `${field} ${JSON.stringify(rest)}`,
      items,
      size,
      list,
      send: (call, all) =>
        token === undefined
          ? send(call, all)
          : allPages(list, token, (next) => send((input) => call({ ...input, ...next }), all)),
      pick: (output) => ({
        ...output,
        [list]: rows(output, list).filter((row) => names(row).some((name) => items.includes(name as string))),
      }),
    };
  };
}

/**
 * A request with one filter of one value; its other filters are the same for all.
 *
 * @param valuesOf - the value, or the values, that AWS compares
 */
export function byFilter(filter: string, list: string, valuesOf: (row: Input) => unknown): Rule {
  return ({ Filters, ...rest }) => {
    if (!Array.isArray(Filters) || Object.keys(rest).length > 0) return undefined;
    const all = Filters as { readonly Name: string; readonly Values: readonly string[] }[];
    const own = all.find(({ Name }) => Name === filter);
    if (own?.Values.length !== 1) return undefined;
    const others = all.filter((each) => each !== own);
    return {
      key: `${filter} ${JSON.stringify(others)}`,
      items: own.Values,
      // EC2 accepts 200 values; answers come in pages.
      size: 200,
      list,
      send: (call, values) =>
        allPages(list, "NextToken", (next) =>
          call({ Filters: [{ Name: filter, Values: [...values] }, ...others], ...next }),
        ),
      pick: (output) => ({
        [list]: rows(output, list).filter((row) => [valuesOf(row)].flat().includes(own.Values[0])),
      }),
    };
  };
}

const OWNER_FILTER = `tag:${OWNER_TAG}`;
export const owned = (list: string): Rule =>
  byFilter(OWNER_FILTER, list, ({ Tags }) => tagOf(Tags, OWNER_TAG));

/** The tagging API: resources whose tag has one of up to twenty values. */
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
    send: (call, Values) =>
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

/** IAM lists by path: one request for everything under quayside's path serves several owners. */
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
      send: (call) => allPages(list, "Marker", (next) => call({ PathPrefix: QUAYSIDE_PATH, ...next })),
      pick: (output) => ({
        [list]: rows(output, list).filter(({ Path }) => String(Path).startsWith(path)),
        IsTruncated: false,
      }),
    };
  };

/** ELB fails a whole request if one name is unknown: all items are then listed, 400 per page. */
export const orListAll =
  (rule: Rule): Rule =>
  (input) => {
    const batch = rule(input);
    return (
      batch && {
        ...batch,
        send: (call, names) =>
          batch.send(call, names).catch((error: unknown) => {
            if (!hasErrorCode(error, "TargetGroupNotFound")) throw error;
            return allPages(batch.list, "Marker", (next) => call({ PageSize: 400, ...next }));
          }),
      }
    );
  };

/**
 * Application Auto Scaling describes one service, or all services in pages. All are read as long as this
 * takes fewer requests; in an account with many services, each is requested alone after all.
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
      send: (call, resources) => {
        const one = resources.length === 1 ? { ScalableDimension, ResourceId } : {};
        let left = resources.length === 1 ? Infinity : resources.length / 2;
        return allPages(list, "NextToken", (next) => {
          if (left-- <= 0) throw new Error("Listing takes more requests than describing each service");
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

export const failingAsOne =
  (rule: Rule): Rule =>
  (input) => {
    const batch = rule(input);
    return batch && { ...batch, failsAsOne: true };
  };

export const firstOf =
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

/** The security groups that the ingress rules of a security group admit. */
export const admittedGroups = ({ IpPermissions }: Input): readonly unknown[] =>
  (
    (IpPermissions ?? []) as readonly {
      readonly UserIdGroupPairs?: readonly { readonly GroupId?: string }[];
    }[]
  )
    .flatMap(({ UserIdGroupPairs = [] }) => UserIdGroupPairs)
    .map(({ GroupId }) => GroupId);

const tagOf = (tags: unknown, key: string): string | undefined =>
  ((tags ?? []) as readonly { readonly Key?: string; readonly Value?: string }[]).find(
    ({ Key }) => Key === key,
  )?.Value;
