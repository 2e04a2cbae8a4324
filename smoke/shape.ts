/** The members of many answers, without their values. */
export interface Shape {
  /** Keys are paths: `clusters[].status`. */
  readonly members: ReadonlyMap<string, Member>;
  /** The number of objects at each path, by which members can be counted. */
  readonly objects: ReadonlyMap<string, number>;
}

interface Member {
  readonly path: string;
  /** The path of the object that it is in; the answer itself is `""`. */
  readonly parent: string;
  readonly types: ReadonlySet<string>;
  readonly count: number;
}

/** Members whose keys are the user's. */
const MAPS = /^(options|labels|dockerLabels|driverOpts|tags|Tags|attributes)$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export function shapeOf(answers: readonly unknown[]): Shape {
  const members = new Map<string, { path: string; parent: string; types: Set<string>; count: number }>();
  const objects = new Map<string, number>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, `${path}[]`);
    } else if (typeof value === "object" && value !== null) {
      objects.set(path, (objects.get(path) ?? 0) + 1);
      for (const [key, member] of Object.entries(value)) {
        const own = path === "" ? key : `${path}.${key}`;
        const found = members.get(own) ?? { path: own, parent: path, types: new Set<string>(), count: 0 };
        members.set(own, found);
        found.count++;
        found.types.add(typeOf(member));
        if (!MAPS.test(key) || Array.isArray(member)) visit(member, own);
      }
    }
  };
  for (const answer of answers) visit(answer, "");
  return { members, objects };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return TIME.test(value) ? "time" : "string";
  return typeof value;
}
