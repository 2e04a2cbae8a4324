import { KEY_PAIR_NAME, nameProblem } from "./names.js";
import { textOf } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** An EC2 key pair that is created if it does not exist. */
export interface KeyPairOptions {
  /** The name of the key pair in EC2. */
  readonly name: string;
  /** The file that the private key of a new key pair is written to, such as `"./conference-key.pem"`, or a `file:` URL. */
  readonly createTo?: string | URL | undefined;
}

export interface KeyPairSpec {
  readonly name: string;
  /** The file for the private key of a new key pair; `undefined`: the key pair must exist. */
  readonly createTo: string | undefined;
}

export function parseKeyPair(value: unknown, path: string, issues: Issues): KeyPairSpec | undefined {
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) {
    const problem = nameProblem(KEY_PAIR_NAME, value);
    if (problem !== undefined) issues.add(path, problem);
    return { name: textOf(value), createTo: undefined };
  }
  const options = new OptionsReader<KeyPairOptions>(value, path, issues);
  if (options.raw("name") === undefined) options.issue("name", "is required: { name, createTo }");
  const name = options.name("name", KEY_PAIR_NAME) ?? "";
  const createTo = options.path(
    "createTo",
    'the path of a file for the private key, such as "./conference-key.pem"',
  );
  options.close();
  return { name, createTo };
}
