import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { QuaysideError } from "../errors.js";

export interface BuildSecrets {
  /** By id. */
  readonly secrets: Readonly<Record<string, { readonly env: string } | { readonly file: string }>>;
  /** What the build may connect with: `default`, the SSH agent of this computer, or `id=path`. */
  readonly ssh: readonly string[];
  /** Other directories, images or URLs, by name. */
  readonly contexts: Readonly<Record<string, string>>;
}

/** The arguments of `docker build`: names and paths, never values. */
export const secretArguments = ({ secrets, ssh, contexts }: BuildSecrets): string[] => [
  ...Object.entries(secrets).flatMap(([id, source]) => [
    "--secret",
    [`id=${id}`, "env" in source ? `env=${source.env}` : `src=${resolve(source.file)}`].map(csv).join(","),
  ]),
  ...ssh.flatMap((each) => ["--ssh", each]),
  ...Object.entries(contexts).flatMap(([name, source]) => [
    "--build-context",
    `${name}=${isDirectoryContext(source) ? resolve(source) : source}`,
  ]),
];

/** True if a context is a directory of this computer, not an image or a URL. */
export const isDirectoryContext = (source: string): boolean =>
  !/^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/.test(source);

/** Docker reads these options as a line of CSV. */
const csv = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/** Throws if a source is missing on this computer: the build would fail in the middle of a run. */
export function assertSecretsExist({ secrets, ssh, contexts }: BuildSecrets): void {
  const missing = Object.entries(secrets).flatMap(([id, source]) =>
    "env" in source
      ? process.env[source.env] === undefined
        ? `the environment variable ${source.env} of secret ${id} is not set`
        : []
      : existsSync(source.file)
        ? []
        : `the file ${source.file} of secret ${id} does not exist`,
  );
  for (const [name, source] of Object.entries(contexts))
    if (isDirectoryContext(source) && !existsSync(source))
      missing.push(`the directory ${source} of context ${name} does not exist`);
  if (ssh.includes("default") && process.env["SSH_AUTH_SOCK"] === undefined && process.platform !== "win32")
    missing.push("no SSH agent is running, as SSH_AUTH_SOCK is not set");
  if (missing.length === 0) return;
  throw new QuaysideError("build-secret-missing", `The image cannot be built: ${missing.join(", and ")}`, {
    facts: { missing },
    fix: "Set the variable, create the file, or start the agent (ssh-add -l must list a key), then run again.",
  });
}

/**
 * Throws if the builder is Docker's older one, which knows neither secrets nor SSH, or the BuildKit of an older client,
 * which knows no named contexts.
 */
export function assertSupported({ secrets, ssh, contexts }: BuildSecrets, builder: string): void {
  const uses = Object.keys(secrets).length + ssh.length + Object.keys(contexts).length;
  if (builder === "buildkit" && Object.keys(contexts).length > 0)
    throw new QuaysideError(
      "no-buildkit",
      "The image cannot be built: named contexts need the buildx plugin, and this Docker builds with the BuildKit of its client",
      { fix: "Install the buildx plugin: `docker buildx version` must work." },
    );
  if (builder !== "classic" || uses === 0) return;
  throw new QuaysideError(
    "no-buildkit",
    "The image cannot be built: build secrets, SSH and named contexts need BuildKit, and this Docker has only its older builder",
    { fix: "Install the buildx plugin: `docker buildx version` must work." },
  );
}
