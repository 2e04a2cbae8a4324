import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { untilConsistent } from "../../core/consistency.js";
import { durations } from "../../core/durations.js";
import { dnsSuffixOf } from "../../core/partition.js";
import { ServiceError } from "../../core/service-error.js";
import { detachNetworkInterface } from "../ec2/network-interfaces.js";
import { serviceLinkedRoleIsUsable } from "../iam/service-linked-role.js";
import { elbArn } from "./arn.js";
import { removeListener } from "./listeners.js";
import { attachTo, readSecurityGroups, readSubnets } from "./load-balancer-network.js";
import { findLoadBalancer, listenersOf } from "./lookups.js";
import { checkName, isNameReserved, reserveName } from "./names.js";
import { associateAddresses, disassociateAddresses, readAddresses } from "./network-load-balancers.js";
import { checkBatch, elbPage } from "./paging.js";
import { checkDeletedArn, loadBalancerNotFound, requireElb, validationError } from "./service-errors.js";
import type { LoadBalancer } from "./state.js";
import { readTags } from "./tags.js";
import { refreshUse } from "./target-group-use.js";
import { recheckTargets } from "./target-health.js";

type Handlers = Pick<
  ElbApi,
  "createLoadBalancer" | "describeLoadBalancers" | "setSecurityGroups" | "setSubnets" | "deleteLoadBalancer"
>;

export const createLoadBalancerHandlers = (account: Account): Handlers => ({
  async createLoadBalancer(input) {
    requireElb(input, ["Name"]);
    const name = input.Name ?? "";
    checkName("load balancer", name);
    const { Type: type = "application" } = input;
    if (type !== "application" && type !== "network") {
      throw new ServiceError(
        "InvalidConfigurationRequest",
        `The local cloud does not support load balancers of type '${type}'`,
      );
    }
    const scheme = input.Scheme ?? "internet-facing";
    if (scheme !== "internet-facing" && scheme !== "internal") {
      throw new ServiceError("InvalidScheme", `The scheme '${String(scheme)}' is not valid`);
    }
    serviceLinkedRoleIsUsable(account, "elasticloadbalancing.amazonaws.com");
    const subnetIds = input.Subnets ?? input.SubnetMappings?.map(({ SubnetId }) => SubnetId ?? "") ?? [];
    const vpcId = readSubnets(account, subnetIds, type);
    // Without security groups, a network load balancer lets everything in, and never gets any.
    const securityGroupIds =
      type === "network" && !input.SecurityGroups?.length
        ? []
        : readSecurityGroups(account, vpcId, input.SecurityGroups);
    const addresses = readAddresses(account, scheme, input.SubnetMappings ?? []);
    const tags = readTags(input.Tags);

    const existing = [...account.elb.loadBalancers.values()].find((other) => other.name === name);
    if (existing !== undefined) {
      const identical =
        existing.scheme === scheme &&
        existing.type === type &&
        sameSet(existing.subnetIds, subnetIds) &&
        sameSet(existing.securityGroupIds, securityGroupIds);
      if (!identical) throw duplicateName(name);
      return { LoadBalancers: [describe(account, existing)] };
    }
    if (isNameReserved(account, "load balancer", name)) throw duplicateName(name);
    if (account.elb.loadBalancers.size >= 50) {
      throw new ServiceError("TooManyLoadBalancers", "The maximum number of load balancers has been reached");
    }
    const loadBalancer = make(account, {
      name,
      scheme,
      type,
      vpcId,
      ipAddressType: input.IpAddressType ?? "ipv4",
      subnetIds,
      securityGroupIds,
      tags,
    });
    associateAddresses(account, loadBalancer, addresses);
    return { LoadBalancers: [describe(account, loadBalancer)] };
  },

  async describeLoadBalancers(input) {
    checkBatch("load balancers", input.LoadBalancerArns);
    checkBatch("load balancers", input.Names);
    const all = [...account.elb.loadBalancers.values()];
    let wanted = all;
    if (input.LoadBalancerArns?.length) {
      wanted = input.LoadBalancerArns.map((arn) => findLoadBalancer(account, arn));
    } else if (input.Names?.length) {
      wanted = input.Names.map((name) => {
        const found = all.find((other) => other.name === name);
        if (found === undefined) throw loadBalancerNotFound(name);
        return found;
      });
    }
    const { items, next } = elbPage(wanted, input);
    return { LoadBalancers: items.map((item) => describe(account, item)), ...next };
  },

  async setSecurityGroups(input) {
    requireElb(input, ["LoadBalancerArn"]);
    const loadBalancer = findLoadBalancer(account, input.LoadBalancerArn ?? "");
    if (!input.SecurityGroups?.length) throw validationError("At least one security group must be specified");
    if (loadBalancer.type === "network" && loadBalancer.securityGroupIds.length === 0)
      throw new ServiceError(
        "InvalidConfigurationRequest",
        "Security groups cannot be set on a network load balancer that was created without security groups",
      );
    loadBalancer.securityGroupIds = readSecurityGroups(account, loadBalancer.vpcId, input.SecurityGroups);
    for (const id of loadBalancer.networkInterfaceIds) {
      const groupIds = account.ec2.networkInterfaces.get(id)?.groupIds;
      groupIds?.splice(0, groupIds.length, ...loadBalancer.securityGroupIds);
    }
    recheckTargets(account);
    return { SecurityGroupIds: [...loadBalancer.securityGroupIds] };
  },

  async setSubnets(input) {
    requireElb(input, ["LoadBalancerArn"]);
    const loadBalancer = findLoadBalancer(account, input.LoadBalancerArn ?? "");
    const subnetIds = input.Subnets ?? input.SubnetMappings?.map(({ SubnetId }) => SubnetId ?? "") ?? [];
    if (readSubnets(account, subnetIds, loadBalancer.type) !== loadBalancer.vpcId) {
      throw new ServiceError(
        "InvalidConfigurationRequest",
        "All subnets must belong to the VPC of the load balancer",
      );
    }
    const isKept = (id: string) => subnetIds.includes(account.ec2.networkInterfaces.get(id)?.subnetId ?? "");
    for (const id of loadBalancer.networkInterfaceIds.filter((id) => !isKept(id)))
      detachNetworkInterface(account, id);
    const added = subnetIds.filter((id) => !loadBalancer.subnetIds.includes(id));
    loadBalancer.networkInterfaceIds = [
      ...loadBalancer.networkInterfaceIds.filter(isKept),
      ...attachTo(account, loadBalancer, added),
    ];
    loadBalancer.subnetIds = [...subnetIds];
    refreshUse(account);
    return { AvailabilityZones: zonesOf(account, loadBalancer) };
  },

  async deleteLoadBalancer(input) {
    requireElb(input, ["LoadBalancerArn"]);
    const loadBalancer = account.elb.loadBalancers.get(input.LoadBalancerArn ?? "");
    if (loadBalancer === undefined) {
      checkDeletedArn(account, "load balancer", input.LoadBalancerArn ?? "");
      return {};
    }
    if (loadBalancer.attributes.get("deletion_protection.enabled") === "true") {
      throw new ServiceError(
        "OperationNotPermitted",
        `Load balancer '${loadBalancer.arn}' cannot be deleted because deletion protection is enabled`,
      );
    }
    account.elb.loadBalancers.delete(loadBalancer.arn);
    disassociateAddresses(account, loadBalancer);
    for (const listener of listenersOf(account, loadBalancer.arn)) removeListener(account, listener);
    refreshUse(account);
    reserveName(
      account,
      "load balancer",
      loadBalancer.name,
      account.clock.now() + untilConsistent(account, "nameLinger"),
    );
    account.clock.schedule(durations.loadBalancerNetworkInterfacesLinger, () => {
      for (const id of loadBalancer.networkInterfaceIds) detachNetworkInterface(account, id);
    });
    return {};
  },
});

type NewLoadBalancer = Pick<
  LoadBalancer,
  "name" | "scheme" | "type" | "vpcId" | "ipAddressType" | "subnetIds" | "securityGroupIds" | "tags"
>;

function make(account: Account, wanted: NewLoadBalancer): LoadBalancer {
  const { name, scheme, type } = wanted;
  const isNetwork = type === "network";
  const digits = isNetwork
    ? account.hex(16)
    : Array.from({ length: 10 }, () => Math.floor(account.random() * 10)).join("");
  const suffix = dnsSuffixOf(account.region);
  const loadBalancer: LoadBalancer = {
    ...wanted,
    arn: elbArn(
      account,
      `loadbalancer/${isNetwork ? "net" : "app"}/${name}/${isNetwork ? digits : account.hex(16)}`,
    ),
    dnsName: isNetwork
      ? `${name}-${digits}.elb.${account.region}.${suffix}`
      : `${scheme === "internal" ? "internal-" : ""}${name}-${digits}.${account.region}.elb.${suffix}`,
    attributes: new Map(),
    createdAt: new Date(account.clock.now()),
    subnetIds: [...wanted.subnetIds],
    networkInterfaceIds: [],
    state: "provisioning",
    isNameVisible: false,
  };
  loadBalancer.networkInterfaceIds = attachTo(account, loadBalancer, loadBalancer.subnetIds);
  account.elb.loadBalancers.set(loadBalancer.arn, loadBalancer);
  account.clock.schedule(durations.loadBalancerProvisioning, () => {
    loadBalancer.state = "active";
    refreshUse(account);
  });
  account.clock.schedule(durations.loadBalancerProvisioning + durations.loadBalancerNameVisible, () => {
    loadBalancer.isNameVisible = true;
  });
  return loadBalancer;
}

function describe(account: Account, item: LoadBalancer): Elb.LoadBalancer {
  return {
    LoadBalancerArn: item.arn,
    DNSName: item.dnsName,
    CanonicalHostedZoneId: item.type === "network" ? "Z2IFOLAFXWLO4F" : "Z32O12XQLNTSW2",
    CreatedTime: item.createdAt,
    LoadBalancerName: item.name,
    Scheme: item.scheme,
    VpcId: item.vpcId,
    State: { Code: item.state },
    Type: item.type,
    AvailabilityZones: zonesOf(account, item),
    SecurityGroups: [...item.securityGroupIds],
    IpAddressType: item.ipAddressType,
  };
}

const zonesOf = (account: Account, item: LoadBalancer): Elb.AvailabilityZone[] =>
  item.subnetIds.map((SubnetId) => {
    const ZoneName = account.ec2.subnets.get(SubnetId)?.zone;
    const LoadBalancerAddresses = [...account.ec2.addresses.values()]
      .filter(({ association }) => {
        const card = account.ec2.networkInterfaces.get(association?.networkInterfaceId ?? "");
        return card?.subnetId === SubnetId && item.networkInterfaceIds.includes(card.id);
      })
      .map(({ id, publicIp }) => ({ AllocationId: id, IpAddress: publicIp }));
    return { SubnetId, ...(ZoneName === undefined ? {} : { ZoneName }), LoadBalancerAddresses };
  });

const duplicateName = (name: string): ServiceError =>
  new ServiceError(
    "DuplicateLoadBalancerName",
    `A load balancer with the same name '${name}' exists, but with different settings`,
  );

const sameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item) => other.includes(item));
