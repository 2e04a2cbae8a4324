import type { Issues } from "./parsing/issues.js";
import { formatValue } from "./parsing/format-value.js";
import { OptionsReader } from "./parsing/options-reader.js";

/**
 * What the caller of a chain is to be allowed: an operation, the adoption of existing resources, or to find a
 * deployment by its name.
 */
export type PermissionPurpose =
  | "plan"
  | "deploy"
  | "refresh"
  | "destroy"
  | "status"
  | "release"
  | "rollback"
  | "history"
  | "tail"
  | "run"
  | "exec"
  | "by-name"
  | "adopt";

/** Every purpose: the compiler refuses a list that lacks one. */
export const PERMISSION_PURPOSES = Object.keys({
  plan: true,
  deploy: true,
  refresh: true,
  destroy: true,
  status: true,
  release: true,
  rollback: true,
  history: true,
  tail: true,
  run: true,
  exec: true,
  "by-name": true,
  adopt: true,
} satisfies Record<PermissionPurpose, true>) as readonly PermissionPurpose[];

/** Options of `permissions()`. */
export interface PermissionOptions {
  /** The account, 12 digits. @defaultValue any account, `*` in ARNs */
  readonly account?: string | undefined;
  /** The region, such as `"eu-west-1"`. @defaultValue any region of the partition `aws`, `*` in ARNs */
  readonly region?: string | undefined;
  /**
   * The operations that the caller runs. `"adopt"` adds what `{ adopt: true }` needs: to tag resources that are
   * not managed by quayside. `"by-name"` adds what `Deployment.named()` reads before its operations, and what
   * `deployments()` reads; the policy of `Deployment.named(name).permissions()` always has it.
   *
   * @defaultValue all operations that the description allows, without `"adopt"` and `"by-name"`
   */
  readonly for?: readonly PermissionPurpose[] | undefined;
  /**
   * True to allow what `aws({ readAccountRoles: true })` reads as well: all roles of the account and their policies.
   * Every operation succeeds without it.
   *
   * @defaultValue `false`
   */
  readonly readAccountRoles?: boolean | undefined;
}

/** The validated options, with all defaults. */
export interface PermissionOptionsSpec {
  readonly account: string;
  readonly region: string;
  readonly for: readonly PermissionPurpose[];
  readonly readAccountRoles: boolean;
}

/** The operations of a chain, and those that its policy is for by default. */
export interface ChainOperations {
  readonly all: readonly PermissionPurpose[];
  readonly defaults: readonly PermissionPurpose[];
  /** What every operation needs besides. */
  readonly always?: readonly PermissionPurpose[];
}

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

export function parsePermissionOptions(
  value: unknown,
  { all, defaults, always = [] }: ChainOperations,
  issues: Issues,
): PermissionOptionsSpec {
  const options = new OptionsReader<PermissionOptions>(value, "permissions", issues);
  const account = options.string("account", "an account id of 12 digits");
  if (account !== undefined && !ACCOUNT.test(account))
    options.issue("account", `must be an account id of 12 digits; got ${formatValue(account)}`);
  const region = options.string("region", "a region");
  if (region !== undefined && !REGION.test(region))
    options.issue("region", `must be a region, such as "eu-west-1"; got ${formatValue(region)}`);
  const purposes = options.words("for") ?? defaults;
  const readAccountRoles = options.boolean("readAccountRoles") ?? false;
  // Only a deploy adopts.
  const known: readonly string[] = all.includes("deploy") ? [...all, "adopt"] : all;
  for (const purpose of purposes) {
    if (!known.includes(purpose))
      options.issue(
        "for",
        `must be operations of the chain: ${known.join(", ")}; got ${formatValue(purpose)}`,
      );
  }
  options.close();
  return {
    account: account ?? "*",
    region: region ?? "*",
    readAccountRoles,
    for: [...(purposes as readonly PermissionPurpose[]), ...always],
  };
}
