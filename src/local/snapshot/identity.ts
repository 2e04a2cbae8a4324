import type { Account } from "../core/account.js";
import type { Role } from "../services/iam/state.js";

export function identitySnapshot({ iam, logs }: Account) {
  const roles = [...iam.roles.values()];
  return {
    roles: Object.fromEntries(
      roles
        .filter((role) => !isServiceLinked(role))
        .map((role) => [
          role.name,
          {
            path: role.path,
            trustPolicy: JSON.parse(role.trustPolicy) as unknown,
            attached: [...role.attached].sort(),
            inline: Object.fromEntries(
              [...role.inline].map(([name, text]) => [name, JSON.parse(text) as unknown]),
            ),
            tags: Object.fromEntries(role.tags),
          },
        ]),
    ),
    serviceLinkedRoles: roles.filter(isServiceLinked).map(({ name }) => name),
    instanceProfiles: Object.fromEntries(
      [...iam.instanceProfiles.values()].map(({ name, path, roleName, tags }) => [
        name,
        { path, roleName, tags: Object.fromEntries(tags) },
      ]),
    ),
    logGroups: Object.fromEntries(
      [...logs.groups.values()].map(({ name, retentionInDays, tags }) => [
        name,
        { retentionInDays, tags: Object.fromEntries(tags) },
      ]),
    ),
  };
}

const isServiceLinked = (role: Role): boolean => role.path.startsWith("/aws-service-role/");
