import type { Account } from "../../core/account.js";
import { page, type Page } from "../../core/page.js";
import { membersRequired } from "../../core/required-members.js";
import { ServiceError } from "../../core/service-error.js";
import type { Service } from "../ecs/state.js";

/** The parts that Application Auto Scaling's requests share. */

export const validation = (message: string): ServiceError => new ServiceError("ValidationException", message);

export const notFound = (message: string): ServiceError =>
  new ServiceError("ObjectNotFoundException", message);

export const requireScaling = membersRequired(validation);

export function requireService(input: {
  readonly ServiceNamespace?: string | undefined;
  readonly ScalableDimension?: string | undefined;
  readonly ResourceId?: string | undefined;
}): string {
  requireScaling(input, ["ServiceNamespace", "ScalableDimension", "ResourceId"]);
  if (input.ServiceNamespace !== "ecs" || input.ScalableDimension !== "ecs:service:DesiredCount")
    throw validation("The local cloud scales only the desired count of ECS services.");
  return input.ResourceId ?? "";
}

/** The service that a resource id refers to, if it is ACTIVE. */
export function serviceOfTarget(account: Account, resourceId: string): Service | undefined {
  const [kind, cluster = "", name = ""] = resourceId.split("/");
  if (kind !== "service") return undefined;
  const service = account.ecs.clusters.get(cluster)?.services.get(name);
  return service?.description.status === "ACTIVE" ? service : undefined;
}

export function noTarget(resourceId: string): ServiceError {
  return notFound(
    `No scalable target registered for service namespace: ecs, resource ID: ${resourceId}, scalable dimension: ecs:service:DesiredCount`,
  );
}

export const scalingPage = <Item>(
  all: readonly Item[],
  input: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
): Page<Item> =>
  page(
    all,
    input.NextToken,
    input.MaxResults ?? 50,
    () => new ServiceError("InvalidNextTokenException", "The next token supplied was invalid."),
  );
