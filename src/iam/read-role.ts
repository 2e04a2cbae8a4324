import type { Role, RoleDetail } from "@aws-sdk/client-iam";
import type { Cloud } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, isUnsupportedOperation } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { pages } from "../aws/paginate.js";
import { attachedPolicies, inlinePolicies } from "./role-policies.js";
import { parseDocument } from "./trust-policy.js";

interface RoleWithPolicies {
  /** Without its description and its longest session, if it was read with all roles of the account. */
  readonly role: Role;
  /** The ARNs of its managed policies. */
  readonly attached: readonly string[];
  /** Name -> policy document. */
  readonly inline: Readonly<Record<string, unknown>>;
}

/** Reads a role and its policies; `undefined` if there is none. */
export async function readRole(roleName: string, context: AwsContext): Promise<RoleWithPolicies | undefined> {
  const found = await ignoreNotFound(context.aws.iam.getRole({ RoleName: roleName }));
  if (found?.Role === undefined) return undefined;
  // Another run may delete it meanwhile.
  const policies = await ignoreNotFound(
    Promise.all([attachedPolicies(roleName, context), inlinePolicies(roleName, context)]),
  );
  if (policies === undefined) return undefined;
  const [attached, inline] = policies;
  return { role: found.Role, attached, inline };
}

/** The roles of a run for which it is worth it to read all of the account's. */
const MANY = 10;

/**
 * Reads a role and its policies: with all roles of the account, if the user allows that, the run still plans and has
 * many to read.
 */
export async function readRoleOfMany(
  roleName: string,
  context: AwsContext,
): Promise<RoleWithPolicies | undefined> {
  const listed = await listedRole(roleName, context);
  return listed === undefined ? readRole(roleName, context) : withPolicies(listed);
}

/** Reads a role without its policies, in the same way. Who looks ahead knows only of its own roles: the others ask. */
export async function getRoleOfMany(roleName: string, context: AwsContext): Promise<Role | undefined> {
  if (context.isAhead === true && mayList(context)) return undefined;
  const listed = await listedRole(roleName, context);
  if (listed !== undefined) return listed as Role;
  return (await ignoreNotFound(context.aws.iam.getRole({ RoleName: roleName })))?.Role;
}

/** `undefined` if it must be asked for by its name: also where it is not listed, as lists may be older. */
async function listedRole(roleName: string, context: AwsContext): Promise<RoleDetail | undefined> {
  if (!mayList(context)) return undefined;
  return (await readTogether(roleName, context)).get(roleName.toLowerCase());
}

const mayList = ({ cloud, isLooking }: AwsContext): boolean =>
  cloud.readAccountRoles === true && isLooking() && !DENIED.has(cloud);

/** Clouds on which AWS does not answer for all roles. */
const DENIED = new WeakSet<Cloud>();

interface Group {
  readonly names: Set<string>;
  readonly found: Promise<Roles>;
}

/** Lower-case name -> role. IAM's names are case-insensitive. */
type Roles = ReadonlyMap<string, RoleDetail>;

/** Collects the names of this moment, and reads the account's roles once for them. */
async function readTogether(roleName: string, context: AwsContext): Promise<Roles> {
  const { runCache } = context;
  let group = runCache.get(COLLECTING) as Group | undefined;
  if (group === undefined) {
    const names = new Set<string>();
    const found = nextTick().then(() => {
      runCache.delete(COLLECTING);
      // What was listed once is remembered, however few ask for it later.
      if (names.size >= MANY) runCache.set(WORTH_IT, true);
      return runCache.has(WORTH_IT) ? readAll(names, context) : new Map<string, RoleDetail>();
    });
    group = { names, found };
    runCache.set(COLLECTING, group);
  }
  group.names.add(roleName.toLowerCase());
  return group.found;
}

const COLLECTING = "roles to read";
const WORTH_IT = "reads all roles";

/** Reads pages until all roles are found, or it takes as many requests as there are roles. */
async function readAll(names: ReadonlySet<string>, { aws, cloud }: AwsContext): Promise<Roles> {
  const found = new Map<string, RoleDetail>();
  let left = Math.max(names.size, MANY);
  const listed = pages("Marker", (next) =>
    aws.iam.getAccountAuthorizationDetails({ Filter: ["Role"], MaxItems: 1000, ...next }),
  );
  try {
    for await (const { RoleDetailList = [] } of listed) {
      for (const role of RoleDetailList) {
        const name = role.RoleName?.toLowerCase() ?? "";
        if (names.has(name)) found.set(name, role);
      }
      if (found.size === names.size || --left <= 0) break;
    }
  } catch (error) {
    if (!hasErrorCode(error, "AccessDenied") && !isUnsupportedOperation(error)) throw error;
    DENIED.add(cloud);
  }
  return found;
}

const withPolicies = (role: RoleDetail): RoleWithPolicies => ({
  role: role as Role,
  attached: (role.AttachedManagedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []),
  inline: Object.fromEntries(
    (role.RolePolicyList ?? []).map(({ PolicyName = "", PolicyDocument = "" }) => [
      PolicyName,
      parseDocument(decodeURIComponent(PolicyDocument)),
    ]),
  ),
});

const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
