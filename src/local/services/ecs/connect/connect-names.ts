import type { Account } from "../../../core/account.js";
import type { ConnectAlias, Service } from "../state.js";

export interface UsedAlias extends ConnectAlias {
  /** The ECS service that serves it. */
  readonly serviceArn: string;
}

/** All ECS services that are not deleted. */
export const allServices = ({ ecs }: Pick<Account, "ecs">): readonly Service[] =>
  [...ecs.clusters.values()]
    .flatMap(({ services }) => [...services.values()])
    .filter(({ description }) => description.status !== "INACTIVE");

/** The aliases of a namespace: those of its services' newest deployments, and of others that still run. */
export const aliasesIn = (account: Pick<Account, "ecs">, namespaceId: string): readonly UsedAlias[] =>
  allServices(account).flatMap(({ description, rollouts }) =>
    rollouts.flatMap(({ connect }) =>
      connect?.namespaceId !== namespaceId
        ? []
        : connect.endpoints.map(({ alias, serviceId, appProtocol }) => ({
            ...alias,
            serviceId,
            appProtocol,
            serviceArn: description.serviceArn ?? "",
          })),
    ),
  );

/** The names that other services than one have, each once. */
export function knownAliases(
  account: Pick<Account, "ecs">,
  namespaceId: string,
  except: string,
): readonly ConnectAlias[] {
  const known = new Map<string, ConnectAlias>();
  for (const { serviceArn, ...alias } of aliasesIn(account, namespaceId))
    if (serviceArn !== except) known.set(`${alias.dnsName}:${alias.port}`, alias);
  return [...known.values()];
}
