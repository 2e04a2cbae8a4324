import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import type { RoleSession } from "./state.js";

export interface RoleToAssume {
  readonly arn: string;
  readonly session: string;
  readonly seconds: number;
}

/** Assumes a role. The access key id names the account, in twelve digits, and the session. */
export function assumeRole(account: Account, { arn, session, seconds }: RoleToAssume): RoleSession {
  const { roles, sessions } = account.iam;
  const accountId = arn.split(":")[4] ?? account.accountId;
  const name = nameOf(arn);
  // Roles of another account are not known here.
  const role = accountId === account.accountId ? roles.get(name.toLowerCase()) : undefined;
  const created: RoleSession = {
    accessKeyId: freshKeyId(account, accountId),
    secretAccessKey: account.hex(40),
    token: account.hex(64),
    expiresAt: new Date(Date.now() + seconds * 1000),
    arn: `arn:${account.partition}:sts::${accountId}:assumed-role/${name}/${session}`,
    userId: `${role?.id ?? "AROALOCALCLOUD0000000"}:${session}`,
    role: name.toLowerCase(),
  };
  if (accountId === account.accountId) {
    for (const [key, { expiresAt }] of sessions) {
      if (expiresAt.getTime() < Date.now() - DAY) sessions.delete(key);
    }
    sessions.set(created.accessKeyId, created);
  }
  return created;
}

/** The session that a task or an instance has of its role: a new one half an hour before it expires. */
export function hostSession(account: Account, wanted: Omit<RoleToAssume, "seconds">): RoleSession {
  const arn = `:assumed-role/${nameOf(wanted.arn)}/${wanted.session}`;
  const known = [...account.iam.sessions.values()].find(
    (each) => each.arn.endsWith(arn) && each.expiresAt.getTime() > Date.now() + DAY / 48,
  );
  return known ?? assumeRole(account, { ...wanted, seconds: 6 * 3600 });
}

const DAY = 86_400_000;

/** As long as AWS's own: 20 characters. */
function freshKeyId(account: Account, accountId: string): string {
  const id = `ASIA${accountId}${account.hex(4).toUpperCase()}`;
  return account.iam.sessions.has(id) ? freshKeyId(account, accountId) : id;
}
