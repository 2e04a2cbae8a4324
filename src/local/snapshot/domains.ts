import type { Account } from "../core/account.js";

/** A certificate in ACM. */
export interface CertificateState {
  readonly names: readonly string[];
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A record set: `{ zone: "example.com.", name: "talk.example.com.", type: "A", values: ["alias of conferenceAlb"] }`. */
export interface DnsRecordState {
  readonly zone: string;
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** A namespace of Cloud Map, and the names of its services. */
export interface NamespaceState {
  readonly name: string;
  readonly type: string;
  readonly services: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export function domainsSnapshot({ acm, route53, elb, serviceDiscovery }: Account) {
  const balancers = [...elb.loadBalancers.values()];
  const nameOf = (dnsName: string): string =>
    balancers.find((each) => each.dnsName.toLowerCase() === dnsName.toLowerCase())?.name ?? dnsName;
  // The records of tasks, by their services: addresses and IDs are another's at each run.
  const tasks = new Map(
    [...serviceDiscovery.services.values()].flatMap(({ instances }) =>
      [...instances.values()].flatMap(({ id, attributes }) =>
        attributes["ECS_SERVICE_NAME"] === undefined ? [] : [[id, attributes["ECS_SERVICE_NAME"]] as const],
      ),
    ),
  );
  const isHostOfTask = (name = ""): boolean => tasks.has(name.split(".")[0] ?? "");
  return {
    namespaces: [...serviceDiscovery.namespaces.values()].map(({ id, name, type, tags }) => ({
      name,
      type,
      services: [...serviceDiscovery.services.values()]
        .filter(({ namespaceId }) => namespaceId === id)
        .map((service) => service.name)
        .sort(),
      tags: Object.fromEntries(tags),
    })),
    certificates: [...acm.certificates.values()].map(({ names, status, tags }) => ({
      names,
      status,
      tags: Object.fromEntries(tags),
    })),
    dnsRecords: [...route53.zones.values()].flatMap((zone) =>
      [...zone.records.values()]
        .filter(({ set: { Type, Name } }) => Type !== "NS" && Type !== "SOA" && !isHostOfTask(Name))
        .map(({ set: { Name = "", Type = "", SetIdentifier, AliasTarget, ResourceRecords = [] } }) => ({
          zone: `${zone.name}${zone.isPrivate ? " (private)" : ""}`,
          name: Name,
          type: String(Type),
          values: AliasTarget
            ? [`alias of ${nameOf(AliasTarget.DNSName ?? "")}`]
            : tasks.has(SetIdentifier ?? "")
              ? [`task of ${tasks.get(SetIdentifier ?? "")}`]
              : ResourceRecords.map(({ Value = "" }) => Value).sort(),
        })),
    ),
  };
}
