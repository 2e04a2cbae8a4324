import type { Filter } from "@aws-sdk/client-ec2";
import { ServiceError } from "../../core/service-error.js";

/** The values of a resource that each filter compares; one of them has to match. */
export type FilterTable<Resource> = Readonly<
  Record<string, (resource: Resource) => readonly (string | undefined)[]>
>;

/** The resources that match every filter; `*` and `?` are wildcards. Rejects a filter that the table lacks. */
export function applyFilters<Resource>(
  resources: Iterable<Resource>,
  filters: readonly Filter[] | undefined,
  table: FilterTable<Resource>,
  tagsOf: (resource: Resource) => ReadonlyMap<string, string>,
): Resource[] {
  let remaining = [...resources];
  for (const { Name: name = "", Values: values } of filters ?? []) {
    if (values === undefined || values.length === 0) {
      throw new ServiceError("InvalidParameterValue", `The filter '${name}' has no values.`);
    }
    if (values.length > 200)
      throw new ServiceError("FilterLimitExceeded", "The maximum number of filter values is 200.");
    const valuesOf = filterValues(name, table, tagsOf);
    const patterns = values.map(wildcard);
    remaining = remaining.filter((resource) =>
      valuesOf(resource).some(
        (value) => value !== undefined && patterns.some((pattern) => pattern.test(value)),
      ),
    );
  }
  return remaining;
}

function filterValues<Resource>(
  name: string,
  table: FilterTable<Resource>,
  tagsOf: (resource: Resource) => ReadonlyMap<string, string>,
): (resource: Resource) => readonly (string | undefined)[] {
  if (name.startsWith("tag:")) return (resource) => [tagsOf(resource).get(name.slice("tag:".length))];
  if (name === "tag-key") return (resource) => [...tagsOf(resource).keys()];
  const valuesOf = Object.hasOwn(table, name) ? table[name] : undefined;
  if (valuesOf === undefined)
    throw new ServiceError("InvalidParameterValue", `The filter '${name}' is invalid`);
  return valuesOf;
}

function wildcard(value: string): RegExp {
  const source = value
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s");
}
