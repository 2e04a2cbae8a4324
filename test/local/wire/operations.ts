import { localCloud } from "../../../src/local/index.js";
import { createServices } from "../../../src/local/services/create-services.js";
import { WIRE_SERVICES, type WireService } from "../../../src/local/wire/wire-services.js";

/** The operations that the local cloud has: `CreateCluster`, by service. */
export async function operations(): Promise<ReadonlyMap<WireService, readonly string[]>> {
  await using cloud = localCloud({ clock: "virtual" });
  const services = createServices(cloud.account);
  return new Map(
    WIRE_SERVICES.map((service) => [
      service,
      Object.keys(services[service.service]).map(
        (method) => method.charAt(0).toUpperCase() + method.slice(1),
      ),
    ]),
  );
}

/** The services whose names in boto3 are not those of their signatures. */
const BOTO_NAMES: Readonly<Record<string, string>> = {
  elasticloadbalancing: "elbv2",
  monitoring: "cloudwatch",
  tagging: "resourcegroupstaggingapi",
};

/** `ecs CreateCluster`, for all operations of the local cloud, by boto3's names. */
export const everyOperation = async (): Promise<string[]> =>
  [...(await operations())].flatMap(([{ signingName }, names]) =>
    names.map((name) => `${BOTO_NAMES[signingName] ?? signingName} ${name}`),
  );
