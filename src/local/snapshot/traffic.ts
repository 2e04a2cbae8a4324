import type { Account } from "../core/account.js";

export function trafficSnapshot({ elb, waf }: Account) {
  return {
    loadBalancers: Object.fromEntries(
      [...elb.loadBalancers.values()].map(
        ({ arn, name, scheme, type, state, vpcId, subnetIds, securityGroupIds, tags }) => [
          name,
          {
            scheme,
            ...(type === "network" && { type: "network" as const }),
            state,
            vpcId,
            subnetIds,
            securityGroupIds,
            ...(waf.associations.has(arn) && { webAcl: waf.associations.get(arn) }),
            tags: Object.fromEntries(tags),
          },
        ],
      ),
    ),
    targetGroups: Object.fromEntries(
      [...elb.targetGroups.values()].map((group) => [
        group.name,
        {
          protocol: group.protocol,
          port: group.port,
          targetType: group.targetType,
          vpcId: group.vpcId,
          healthCheck: group.healthCheck,
          attributes: Object.fromEntries(group.attributes),
          targets: [...group.targets.values()].map(({ state }) => state).sort(),
          tags: Object.fromEntries(group.tags),
        },
      ]),
    ),
    listeners: Object.fromEntries(
      [...elb.listeners.values()].map(({ arn, protocol, certificateArn, additionalCertificates, tags }) => [
        arn,
        {
          protocol,
          ...(certificateArn === undefined ? {} : { certificate: certificateArn }),
          ...(additionalCertificates.size > 0 && {
            additionalCertificates: [...additionalCertificates].sort(),
          }),
          tags: Object.fromEntries(tags),
        },
      ]),
    ),
    rules: [...elb.rules.values()].map(({ listenerArn, priority, conditions, actions, tags }) => ({
      listener: listenerArn,
      priority,
      conditions,
      actions,
      tags: Object.fromEntries(tags),
    })),
  };
}
