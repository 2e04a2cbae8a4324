import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Account } from "../../core/account.js";
import { dnsName } from "../route53/names.js";
import { keyOf } from "../route53/record-sets.js";
import type { HostedZone } from "../route53/state.js";
import type { DiscoveryInstance, DiscoveryService } from "./state.js";

type State = Pick<Account, "clock" | "route53" | "serviceDiscovery">;

/** Route 53 answers with up to so many records of a name. Source: Cloud Map API reference, DnsConfig. */
const MAX_ANSWERS = 8;

/** Writes the records of a service's instances into the hosted zone of its namespace. */
export function syncRecords(account: State, service: DiscoveryService): void {
  const zone = zoneOf(account, service);
  if (zone === undefined || service.dnsConfig === undefined) return;
  const name = recordName(account, service);
  for (const [key, { set }] of zone.records)
    if (set.Name === name || (set.SetIdentifier === undefined && set.Name?.endsWith(`.${name}`) === true))
      zone.records.delete(key);
  for (const instance of answering(service))
    for (const set of recordsOf(service, instance, name))
      zone.records.set(keyOf(set), { set, visibleAt: account.clock.now() });
}

/** The instances that are found: the healthy ones, or all of them if none is. */
export function answering({ instances }: DiscoveryService): readonly DiscoveryInstance[] {
  const present = [...instances.values()].filter(({ isLeaving }) => !isLeaving);
  const healthy = present.filter(({ health }) => health === "HEALTHY");
  return healthy.length > 0 ? healthy : present;
}

/** The names that a VPC resolves to addresses, and the instances of each answer: `catalog.shop.internal`. */
export const addressesIn = (
  account: State,
  vpcId: string,
): readonly { readonly hostname: string; readonly instances: readonly string[] }[] =>
  [...account.serviceDiscovery.services.values()]
    .filter((service) => zoneOf(account, service)?.vpcs.some(({ id }) => id === vpcId) === true)
    .map((service) => ({
      hostname: recordName(account, service).replace(/\.$/, ""),
      instances: answering(service)
        .slice(0, MAX_ANSWERS)
        .map(({ id }) => id),
    }));

/** `catalog.shop.internal.` */
function recordName({ serviceDiscovery }: State, { name, namespaceId }: DiscoveryService): string {
  return dnsName(`${name}.${serviceDiscovery.namespaces.get(namespaceId)?.name ?? ""}`);
}

const zoneOf = (
  { serviceDiscovery, route53 }: State,
  { namespaceId }: DiscoveryService,
): HostedZone | undefined =>
  route53.zones.get(serviceDiscovery.namespaces.get(namespaceId)?.hostedZoneId ?? "");

function recordsOf(
  { dnsConfig }: DiscoveryService,
  { id, attributes }: DiscoveryInstance,
  name: string,
): readonly ResourceRecordSet[] {
  const { DnsRecords = [], RoutingPolicy } = dnsConfig ?? {};
  const address = attributes["AWS_INSTANCE_IPV4"];
  const policy = RoutingPolicy === "WEIGHTED" ? { Weight: 1 } : { MultiValueAnswer: true };
  return DnsRecords.flatMap(({ Type, TTL }): ResourceRecordSet[] => {
    if (Type === "A" && address !== undefined)
      return [{ Name: name, Type, TTL, SetIdentifier: id, ...policy, ResourceRecords: [{ Value: address }] }];
    const port = attributes["AWS_INSTANCE_PORT"];
    if (Type !== "SRV" || port === undefined) return [];
    // An SRV record leads to a name, which has the address.
    const host = `${id}.${name}`;
    const value = { Value: `1 1 ${port} ${host}` };
    return [
      { Name: name, Type, TTL, SetIdentifier: id, ...policy, ResourceRecords: [value] },
      ...(address === undefined
        ? []
        : [{ Name: host, Type: "A" as const, TTL, ResourceRecords: [{ Value: address }] }]),
    ];
  });
}
