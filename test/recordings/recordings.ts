import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** An answer of AWS to one operation. */
export interface Recording {
  readonly service: string;
  readonly operation: string;
  readonly file: string;
  readonly answer: object;
}

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The recorded answers, without refusals. */
export const recordings = (): Recording[] =>
  readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: service }) =>
      readdirSync(`${ROOT}/${service}`)
        .filter((file) => !file.includes("-error"))
        .map((file) => ({
          service,
          operation: file.split("-")[0]!,
          file: `${service}/${file}`,
          answer: JSON.parse(readFileSync(`${ROOT}/${service}/${file}`, "utf8"), revive) as object,
        })),
    );

/** The SDK returns times as dates. */
const revive = (_: string, value: unknown): unknown =>
  typeof value === "string" && TIME.test(value) ? new Date(value) : value;

type Shape = Map<string, Set<string>>;

/** Whether a value is an object with members of AWS's, not a time. */
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The members of maps are the user's. */
const MAPS = /(^|\.)(options|dockerLabels|driverOpts|labels|tags|Tags|attributes)$/;

/** Calls back for each object in an answer, with its path: `services[].deployments[]`. */
export function eachObject(
  value: unknown,
  visit: (path: string, object: Record<string, unknown>) => void,
  path = "",
): void {
  if (Array.isArray(value)) for (const item of value) eachObject(item, visit, `${path}[]`);
  if (!isObject(value) || (MAPS.test(path) && !Array.isArray(value))) return;
  visit(path, value);
  for (const [key, member] of Object.entries(value))
    eachObject(member, visit, path === "" ? key : `${path}.${key}`);
}

/** The members that all objects at a path have (`always`), or some (`ever`). */
export function membersAt(answers: readonly unknown[], which: "always" | "ever"): Shape {
  const shape: Shape = new Map();
  for (const answer of answers)
    eachObject(answer, (path, object) => {
      const known = shape.get(path);
      const keys = Object.keys(object).filter((key) => object[key] !== undefined);
      if (known === undefined) shape.set(path, new Set(keys));
      else if (which === "ever") for (const key of keys) known.add(key);
      else for (const key of known) if (!keys.includes(key)) known.delete(key);
    });
  return shape;
}
