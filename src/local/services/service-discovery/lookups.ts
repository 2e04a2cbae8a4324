import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import type { DiscoveryService, Namespace } from "./state.js";

type State = Pick<Account, "serviceDiscovery">;

/** A namespace by its ID or ARN. */
export function findNamespace(account: State, idOrArn = ""): Namespace {
  const found = account.serviceDiscovery.namespaces.get(nameOf(idOrArn));
  if (found === undefined || found.isPending)
    throw new ServiceError("NamespaceNotFound", `There is no namespace with ID ${nameOf(idOrArn)}.`);
  return found;
}

/** A service by its ID or ARN. */
export function findDiscoveryService(account: State, idOrArn = ""): DiscoveryService {
  const found = account.serviceDiscovery.services.get(nameOf(idOrArn));
  if (found === undefined)
    throw new ServiceError("ServiceNotFound", `There is no service with ID ${nameOf(idOrArn)}.`);
  return found;
}

/** A namespace by its name, as Service Connect and DiscoverInstances know it. */
export const namespaceByName = ({ serviceDiscovery }: State, name: string): Namespace | undefined =>
  [...serviceDiscovery.namespaces.values()].find((each) => each.httpName === name && !each.isPending);

export const servicesIn = ({ serviceDiscovery }: State, namespaceId: string): readonly DiscoveryService[] =>
  [...serviceDiscovery.services.values()].filter((each) => each.namespaceId === namespaceId);

export const invalidInput = (message: string): ServiceError => new ServiceError("InvalidInput", message);
