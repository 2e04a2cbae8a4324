import { formatValue } from "../../spec/parsing/format-value.js";
import { isPlainObject } from "../../spec/parsing/frozen-copy.js";
import { Issues } from "../../spec/parsing/issues.js";
import { OptionsReader } from "../../spec/parsing/options-reader.js";

/** Checks the load that a test sets on a service: NaN or a typo would be no load at all. */
export function checkLoad(service: unknown, load: unknown): void {
  const issues = new Issues();
  if (typeof service !== "string" || !/^[\w-]+(?:\/[\w-]+)?$/.test(service))
    issues.add("service", `must be the name of a service, or cluster/service; got ${formatValue(service)}`);
  if (!isPlainObject(load))
    issues.add("load", `must be an object such as { cpu: 150 }; got ${formatValue(load)}`);
  else {
    const options = new OptionsReader<Readonly<Record<string, unknown>>>(load, "load", issues);
    for (const key of ["cpu", "memory", "requests"]) options.number(key, { min: 0 });
    options.close();
  }
  issues.throwIfAny("The load of a service");
}

/** Checks the value of a metric that a test sets. */
export function checkMetric(metric: unknown, value: unknown): void {
  const issues = new Issues();
  const options = new OptionsReader<Readonly<Record<string, unknown>>>(metric ?? {}, "metric", issues);
  for (const key of ["namespace", "name"])
    if (options.string(key) === undefined && issues.list.length === 0) options.issue(key, "is required");
  const dimensions = options.raw("dimensions");
  const areNames =
    isPlainObject(dimensions) && Object.values(dimensions).every((each) => typeof each === "string");
  if (dimensions !== undefined && !areNames)
    options.issue("dimensions", `must be an object of names and values; got ${formatValue(dimensions)}`);
  // A metric as scaling steps take it is the same metric.
  options.raw("statistic");
  options.close();
  if (value !== undefined && !Number.isFinite(value))
    issues.add("value", `must be a number, or undefined for no data; got ${formatValue(value)}`);
  issues.throwIfAny("The metric");
}
