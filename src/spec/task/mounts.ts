import { formatValue } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";

/** The volumes that a container sees, by path. */
export type MountsOptions = Readonly<
  Record<string, string | { readonly volume: string; readonly readOnly?: boolean | undefined }>
>;

export interface MountSpec {
  /** The path in the container. */
  readonly path: string;
  readonly volume: string;
  readonly readOnly: boolean;
}

export function parseMounts(given: unknown, path: string, issues: Issues): readonly MountSpec[] {
  if (given === undefined) return [];
  if (!isPlainObject(given)) {
    issues.add(
      path,
      `must be an object of paths and volumes, such as { "/uploads": "uploads" }; got ${formatValue(given)}`,
    );
    return [];
  }
  return Object.entries(given).flatMap(([containerPath, value]) => {
    const at = `${path}.${containerPath}`;
    const options = new OptionsReader<{ volume: string; readOnly?: boolean }>(
      typeof value === "string" ? { volume: value } : value,
      at,
      issues,
    );
    if (!containerPath.startsWith("/"))
      issues.add(at, "must be an absolute path in the container, such as /uploads");
    const volume = options.string("volume", "the name of a volume");
    if (options.raw("volume") === undefined) options.issue("volume", "is required: the name of a volume");
    const readOnly = options.boolean("readOnly") ?? false;
    options.close();
    return volume === undefined ? [] : [{ path: containerPath, volume, readOnly }];
  });
}

export function parseVolumesFrom(
  given: unknown,
  path: string,
  issues: Issues,
): readonly { readonly container: string; readonly readOnly: boolean }[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) {
    issues.add(path, `must be an array of names of containers; got ${formatValue(given)}`);
    return [];
  }
  return given.flatMap((value: unknown, index) => {
    const options = new OptionsReader<{ container: string; readOnly?: boolean }>(
      typeof value === "string" ? { container: value } : value,
      `${path}.${index}`,
      issues,
    );
    const container = options.string("container", "the name of a container");
    if (options.raw("container") === undefined)
      options.issue("container", "is required: the name of a container");
    const readOnly = options.boolean("readOnly") ?? false;
    options.close();
    return container === undefined ? [] : [{ container, readOnly }];
  });
}
