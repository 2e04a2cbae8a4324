import type { Account } from "../../core/account.js";
import { dnsName } from "./names.js";
import { keyOf } from "./record-sets.js";
import type { HostedZone } from "./state.js";

/** A hosted zone that the account has in Route 53 from the start. */
export interface HostedZoneOptions {
  /** `example.com` */
  readonly domain: string;
  /** True for a zone that only VPCs see: those of the cloud's region, all of them. @defaultValue `false` */
  readonly private?: boolean;
  /**
   * False if the registrar of the domain does not name the zone's name servers: nothing finds its records, and no
   * certificate is validated by them. @defaultValue `true`
   */
  readonly delegated?: boolean;
  /**
   * The certificate authorities that a CAA record of the zone allows, such as `"letsencrypt.org"`; ACM's is
   * `"amazon.com"`. @defaultValue no CAA record: all of them
   */
  readonly caa?: readonly string[];
}

/** The domains for documentation and for this computer (RFC 2606, RFC 6761): everybody may try them here. */
const DEFAULT_ZONES: readonly HostedZoneOptions[] = [
  "example.com",
  "example.net",
  "example.org",
  "localhost",
].map((domain) => ({ domain }));

/** Creates the zones of an account, once for all of its regions. */
export function createHostedZones(
  account: Account,
  zones: readonly (string | HostedZoneOptions)[] | undefined,
): void {
  if (account.route53.zones.size > 0) return;
  for (const each of zones ?? DEFAULT_ZONES) {
    const options: HostedZoneOptions = typeof each === "string" ? { domain: each } : each;
    const vpcs = options.private === true ? [...account.ec2.vpcs.keys()] : [];
    const zone = addZone(account, {
      name: dnsName(options.domain),
      callerReference: `localCloud ${options.domain}`,
      comment: undefined,
      isPrivate: options.private === true,
      vpcs: vpcs.map((id) => ({ id, region: account.region })),
      isDelegated: options.delegated !== false,
    });
    if (options.caa === undefined) continue;
    const set = {
      Name: zone.name,
      Type: "CAA" as const,
      TTL: 300,
      ResourceRecords: options.caa.map((name) => ({ Value: `0 issue "${name}"` })),
    };
    zone.records.set(keyOf(set), { set, visibleAt: 0 });
  }
}

export function addZone(
  account: Pick<Account, "route53">,
  zone: Omit<HostedZone, "id" | "nameServers" | "records">,
): HostedZone {
  // Not drawn from the seed: the identifiers of everything else stay as they are.
  const idOf = (number: number) => `Z0${String(number).padStart(4, "0")}LOCALZONE00`;
  let number = account.route53.zones.size + 1;
  while (account.route53.zones.has(idOf(number))) number++;
  const id = idOf(number);
  const nameServers = zone.isPrivate
    ? []
    : [1, 2, 3, 4].map((part) => `ns-${part * 100}.awsdns-0${part}.com`);
  const created: HostedZone = { ...zone, id, nameServers, records: new Map() };
  const own = [
    {
      Name: zone.name,
      Type: "NS" as const,
      TTL: 172_800,
      ResourceRecords: nameServers.map((name) => ({ Value: `${name}.` })),
    },
    {
      Name: zone.name,
      Type: "SOA" as const,
      TTL: 900,
      ResourceRecords: [
        { Value: "ns-100.awsdns-01.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400" },
      ],
    },
  ];
  for (const set of own) created.records.set(keyOf(set), { set, visibleAt: 0 });
  account.route53.zones.set(id, created);
  return created;
}
