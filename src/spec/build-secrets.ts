import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import { isUrl, toPath } from "./parsing/to-path.js";
import type { OptionsReader } from "./parsing/options-reader.js";

/** The source of a build secret: an environment variable of this process, or a file. */
export type BuildSecretSource =
  | { readonly env: string }
  | {
      /** The path, relative to the current directory, or absolute; or a `file:` URL. */
      readonly file: string | URL;
    };

/** The source of a build secret, with the file's path. */
export type BuildSecretSpec = { readonly env: string } | { readonly file: string };

/** BuildKit's ids, which become file names under `/run/secrets`. */
const ID = /^[A-Za-z0-9_.-]+$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Parses the secrets of a build, by id. Reads neither variables nor files. */
export function parseBuildSecrets(
  options: OptionsReader<{ readonly buildSecrets?: unknown }>,
): Readonly<Record<string, BuildSecretSpec>> {
  const given = options.raw("buildSecrets");
  if (given === undefined) return {};
  if (!isPlainObject(given)) {
    options.issue("buildSecrets", `must be an object of ids and sources; got ${formatValue(given)}`);
    return {};
  }
  const secrets = new Map<string, BuildSecretSpec>();
  for (const [id, source] of Object.entries(given)) {
    if (!ID.test(id))
      options.issue("buildSecrets", `the id ${formatValue(id)} must consist of letters, digits and _.-`);
    else if (isSource(source))
      secrets.set(id, "env" in source ? source : { file: toPath(source.file) as string });
    // The value may be the secret itself, pasted by mistake: it is not shown.
    else options.issue("buildSecrets", `the source of ${id} must be { env: "NAME" } or { file: "path" }`);
  }
  return Object.fromEntries(secrets);
}

function isSource(source: unknown): source is BuildSecretSource {
  if (!isPlainObject(source)) return false;
  const [entry, ...others] = Object.entries(source);
  if (entry === undefined || others.length > 0) return false;
  const [key, value] = entry;
  if (isUrl(value)) return key === "file" && typeof toPath(value) === "string";
  return typeof value === "string" && (key === "env" ? VARIABLE.test(value) : key === "file" && value !== "");
}
