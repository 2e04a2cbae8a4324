import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** What all IAM roles and instance profiles of a chain have in common. */
export interface IamOptions {
  /**
   * The ARN of the policy that is the permissions boundary of the roles: they can do nothing that it does not allow.
   * Organizations often deny `iam:CreateRole` without one. A boundary that is no longer described stays.
   * @defaultValue none
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * The beginning of the roles' and instance profiles' path, such as `"/teams/talks/"`; `quayside/{region}/…` follows.
   * IAM cannot change a path: roles that exist keep theirs. @defaultValue `"/"`
   */
  readonly path?: string | undefined;
}

export interface IamSpec {
  readonly permissionsBoundary: string | undefined;
  /** With a slash at both ends. */
  readonly path: string;
}

const POLICY = /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/.+$/;
/** Source: IAM API reference, CreateRole: at most 512 characters, of which quayside's own part needs up to 300. */
const PATH = /^\/(?:[\x21-\x2e\x30-\x7e]+\/)*$/;
const MAX_PATH = 200;

/** `undefined` if nothing is described. */
export function parseIam(
  given: { readonly options: unknown } | undefined,
  path: string,
  issues: Issues,
): IamSpec | undefined {
  if (given === undefined) return undefined;
  const options = new OptionsReader<IamOptions>(given.options, path, issues);
  const permissionsBoundary = options.string("permissionsBoundary", "the ARN of an IAM policy");
  if (permissionsBoundary !== undefined && !POLICY.test(permissionsBoundary))
    options.issue(
      "permissionsBoundary",
      `must be the ARN of an IAM policy, arn:aws:iam::{account}:policy/{name}; got ${formatValue(permissionsBoundary)}`,
    );
  const prefix = options.string("path") ?? "/";
  if (!PATH.test(prefix) || prefix.length > MAX_PATH)
    options.issue(
      "path",
      `must be a path of at most ${MAX_PATH} characters that begins and ends with a slash, such as "/teams/talks/"; got ${formatValue(prefix)}`,
    );
  options.close();
  return { permissionsBoundary, path: prefix };
}
