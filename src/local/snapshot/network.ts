import type { Account } from "../core/account.js";
import type { NetworkPartsState } from "./network-parts-state.js";
import type { SecurityGroupRule } from "../services/ec2/state.js";

export function networkSnapshot(account: Account) {
  const { ec2 } = account;
  return {
    ...partsSnapshot(account),
    vpcs: Object.fromEntries(
      [...ec2.vpcs.values()].map(({ id, cidr, isDefault, tags }) => [
        id,
        {
          cidr,
          isDefault,
          tags: Object.fromEntries(tags),
          subnets: [...ec2.subnets.values()]
            .filter(({ vpcId }) => vpcId === id)
            .map((subnet) => ({
              zone: subnet.zone,
              cidr: subnet.cidr,
              tags: Object.fromEntries(subnet.tags),
            })),
        },
      ]),
    ),
    securityGroups: Object.fromEntries(
      [...ec2.securityGroups.values()].map(({ name, description, vpcId, rules, tags }) => [
        // Every VPC has a group named "default".
        name === "default" ? `default of ${vpcId}` : name,
        {
          description,
          vpcId,
          rules: [...rules.values()].map(ruleLine).sort(),
          tags: Object.fromEntries(tags),
        },
      ]),
    ),
    networkInterfaces: [...ec2.networkInterfaces.values()].map(
      ({ description, requester, subnetId, groupIds }) => ({
        // The ids of ECS's attachments, NAT gateways and endpoints are random.
        description: description
          .replace(/attachment\/[0-9a-f]+$/, "attachment")
          .replace(/ (?:nat|vpce)-[0-9a-f]+$/, ""),
        requester,
        subnetId,
        groupIds,
      }),
    ),
  };
}

/** What clients have made of a network besides VPCs and subnets; the account has others from the start. */
function partsSnapshot({ ec2 }: Account): NetworkPartsState {
  const isOwn = (interfaceId = "") => ec2.networkInterfaces.has(interfaceId);
  const parts: NetworkPartsState = {
    internetGateways: [...ec2.internetGateways.values()]
      .filter(({ visibleAt }) => visibleAt !== undefined)
      .map(({ vpcId, tags }) => ({ vpcId, tags: Object.fromEntries(tags) })),
    routeTables: [...ec2.routeTables.values()]
      .filter(({ visibleAt }) => visibleAt !== undefined)
      .map(({ vpcId, subnetIds, routes, tags }) => ({
        vpcId,
        subnetIds,
        routes: Object.fromEntries([...routes].map(([destination, { to }]) => [destination, to])),
        tags: Object.fromEntries(tags),
      })),
    addresses: [...ec2.addresses.values()]
      .filter(({ association }) => association === undefined || isOwn(association.networkInterfaceId))
      .map(({ association, tags }) => ({
        isAssociated: association !== undefined,
        tags: Object.fromEntries(tags),
      })),
    natGateways: [...ec2.natGateways.values()]
      .filter(({ state, networkInterface }) => state !== "deleted" && isOwn(networkInterface?.id))
      .map(({ subnetId, state, tags }) => ({ subnetId, state, tags: Object.fromEntries(tags) })),
    vpcEndpoints: [...ec2.vpcEndpoints.values()]
      .filter(({ policy }) => policy !== "")
      .map(({ vpcId, service, type, state, networkInterfaces, groupIds, routeTableIds, tags }) => ({
        vpcId,
        service,
        type,
        state,
        subnetIds: [...networkInterfaces.keys()],
        groupIds: [...groupIds],
        routeTables: routeTableIds.size,
        tags: Object.fromEntries(tags),
      })),
  };
  return Object.fromEntries(
    Object.entries(parts).filter(([, list]) => (list as readonly unknown[]).length > 0),
  );
}

function ruleLine(rule: SecurityGroupRule): string {
  const peer = rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.sourceGroupId;
  const what = rule.protocol === "-1" ? "all" : `${rule.protocol} ${rule.fromPort}-${rule.toPort}`;
  const tags = [...rule.tags].map(([key, value]) => `${key}=${value}`).sort();
  const about = rule.description === undefined ? "" : ` (${rule.description})`;
  return `${rule.isEgress ? "out to" : "in from"} ${peer}: ${what}${about}${tags.length > 0 ? ` [${tags.join(", ")}]` : ""}`;
}
