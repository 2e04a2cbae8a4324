import type { Account } from "../core/account.js";
import type { SecurityGroupRule } from "../services/ec2/state.js";

export function networkSnapshot({ ec2 }: Account) {
  return {
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
        // ECS's attachment ids are random.
        description: description.replace(/attachment\/[0-9a-f]+$/, "attachment"),
        requester,
        subnetId,
        groupIds,
      }),
    ),
  };
}

function ruleLine(rule: SecurityGroupRule): string {
  const peer = rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.sourceGroupId;
  const what = rule.protocol === "-1" ? "all" : `${rule.protocol} ${rule.fromPort}-${rule.toPort}`;
  const tags = [...rule.tags].map(([key, value]) => `${key}=${value}`).sort();
  const about = rule.description === undefined ? "" : ` (${rule.description})`;
  return `${rule.isEgress ? "out to" : "in from"} ${peer}: ${what}${about}${tags.length > 0 ? ` [${tags.join(", ")}]` : ""}`;
}
