import type { Service } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { Observed } from "../engine/kind.js";
import type { ServiceDesired } from "./service-desired.js";
import { NONE } from "./reported-fields.js";
import { serviceFields } from "./service-fields.js";

type Current = Observed<ServiceDesired, never>["current"];

/**
 * A service as DescribeServices returns it, in the shape of the description, and equal to it where the
 * service has what was sent (the description, overridden). Fields that an endpoint does not return are left
 * out; the caller adds `desiredCount`, because only it knows whether the service scales.
 */
export function currentService(service: Service, desired: ServiceDesired, sent = desired): Current {
  const current = serviceFields.flatMap(([field, { read }]) => {
    const reported = read?.(service, sent);
    if (reported === undefined) return [];
    const value = reported === NONE ? undefined : reported;
    if (isDeepStrictEqual(value, sent[field])) return [[field, desired[field]] as const];
    const isAsBeforeOverride = isDeepStrictEqual(value, desired[field]);
    return [[field, isAsBeforeOverride ? `${JSON.stringify(value)} (without the override)` : value] as const];
  });
  return Object.fromEntries(current) as Current;
}
