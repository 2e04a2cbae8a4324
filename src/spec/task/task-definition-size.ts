import type { ContainerSpec } from "../container.js";
import type { Issues } from "../parsing/issues.js";

/** Bytes, which cannot be raised. Source: Amazon ECS service quotas, "Task definition size": 64 KiB. */
const MAX_BYTES = 65_536;

interface Named {
  /** The path in issues: `container`, or `sidecar.proxy`. */
  readonly path: string;
  readonly container: ContainerSpec;
}

/**
 * Reports a task definition that ECS would refuse for its size. Counted is what can be large, as the JSON that ECS
 * counts: the rest is some hundred bytes.
 */
export function reportTaskDefinitionSize(containers: readonly Named[], issues: Issues): void {
  const parts = containers.flatMap(partsOf);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_BYTES) return;
  const largest = parts.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  const where =
    "keep large values in a file of the image, in S3 (environmentFiles) or in Secrets Manager (secrets)";
  if (largest.bytes > MAX_BYTES / 2)
    issues.add(
      largest.path,
      `has ${largest.bytes} bytes, and ECS allows ${MAX_BYTES} for the whole task definition, which cannot be raised: ${where}`,
    );
  else
    issues.add(
      largest.group,
      `makes the task definition too large: it has ${total} bytes, and ECS allows ${MAX_BYTES}, which cannot be raised: ${where}`,
    );
}

interface Part {
  readonly group: string;
  readonly path: string;
  readonly bytes: number;
}

function partsOf({ path, container }: Named): readonly Part[] {
  const { environment, secrets, labels, command, entryPoint, healthCheck, environmentFiles } = container;
  const entries = (key: string, all: Readonly<Record<string, unknown>>, json: (name: string) => unknown) =>
    Object.keys(all).map((name) => part(`${path}.${key}`, `${path}.${key}.${name}`, json(name)));
  const words = (key: string, all: readonly string[] = []) =>
    all.map((word, index) => part(`${path}.${key}`, `${path}.${key}.${index}`, word));
  return [
    ...entries("environment", environment, (name) => ({ name, value: environment[name] })),
    ...entries("secrets", secrets, (name) => ({ name, valueFrom: sourceOf(secrets[name]) })),
    ...entries("labels", labels, (name) => ({ [name]: labels[name] })),
    ...words("command", command),
    ...words("entryPoint", entryPoint),
    ...words("healthCheck.command", healthCheck?.command),
    ...words("environmentFiles", environmentFiles),
  ];
}

const sourceOf = (source: ContainerSpec["secrets"][string] | undefined): string =>
  source === undefined ? "" : source.from === "arn" ? source.arn : source.parameter;

/** With the comma that follows. */
const part = (group: string, path: string, json: unknown): Part => ({
  group,
  path,
  bytes: Buffer.byteLength(JSON.stringify(json)) + 1,
});
