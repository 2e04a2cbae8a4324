import type { Account } from "../core/account.js";

/** Random identifier -> a readable name. */
export function idNames(account: Account): Map<string, string> {
  const { ec2, elb } = account;
  const names = new Map<string, string>();
  for (const vpc of ec2.vpcs.values()) names.set(vpc.id, vpc.isDefault ? "default" : vpc.cidr);
  for (const subnet of ec2.subnets.values()) names.set(subnet.id, `${subnet.zone} ${subnet.cidr}`);
  for (const group of ec2.securityGroups.values()) names.set(group.id, group.name);
  for (const template of ec2.launchTemplates.values()) names.set(template.id, template.name);
  for (const { arn, name, dnsName } of elb.loadBalancers.values()) {
    names.set(arn, name);
    names.set(dnsName, name);
    // As in the descriptions of network interfaces.
    names.set(arn.slice(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length), name);
  }
  for (const { arn, name } of elb.targetGroups.values()) names.set(arn, name);
  for (const { arn, loadBalancerArn, port } of elb.listeners.values()) {
    names.set(arn, `${elb.loadBalancers.get(loadBalancerArn)?.name}:${port}`);
  }
  for (const { arn, names: domains, request } of account.acm.certificates.values())
    if (request !== undefined) names.set(arn, `certificate ${domains.join(" ")}`);
  for (const { id, arn, name } of account.serviceDiscovery.namespaces.values()) {
    names.set(arn, `namespace ${name}`);
    names.set(id, name);
  }
  for (const { description } of account.applicationAutoScaling.policies.values()) {
    names.set(description.PolicyARN ?? "", `${description.ResourceId}/${description.PolicyName}`);
  }
  for (const { name, policies } of account.autoScaling.groups.values()) {
    for (const { description } of policies.values())
      names.set(description.PolicyARN ?? "", `${name}/${description.PolicyName}`);
  }
  return names;
}
