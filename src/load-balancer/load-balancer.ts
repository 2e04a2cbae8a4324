import type { CreateLoadBalancerCommandInput, LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerFullName, loadBalancerName } from "../aws/arn.js";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { ownedArns } from "../aws/owned-arns.js";
import { OWNER_TAG, toTagList } from "../aws/tags.js";
import { overriddenFields, overrideEffect } from "../aws/unapplied-override.js";
import { hasChanges, sortLike } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { poll, waitReporter } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";
import { NETWORK_PARTS } from "../aws/network-parts.js";
import type { AttributesSpec } from "../spec/load-balancer-attributes.js";
import { listenersOf } from "./elb-pages.js";
import { elbTags } from "./elb-tags.js";
import { listenerName } from "./owned-listeners.js";
import { isProtected, presentAttributes, setAttributes } from "./load-balancer-attributes.js";
import { listenerUsers } from "./rules/listener-users.js";
import { nameResolved } from "./name-resolved.js";
import { isNetworkListener, networkListenerUsers } from "./network-listener-users.js";
import { noteLoadBalancer } from "./note-load-balancer.js";
import { checkAddresses, presentAddresses, type StaticAddresses } from "./static-addresses.js";
import { presentWebAcl, setWebAcl } from "./web-acl.js";
import { whenNameIsFree } from "./when-name-is-free.js";

export interface LoadBalancerDesired extends Tagged {
  readonly name: string;
  /** `undefined`: an Application Load Balancer. */
  readonly type?: "network" | undefined;
  readonly scheme: "internet-facing" | "internal";
  readonly vpcId: string;
  readonly securityGroupIds: readonly string[];
  /** In different zones; an Application Load Balancer has at least two. */
  readonly subnetIds: readonly string[];
  /** `undefined`: none is set. */
  readonly attributes?: AttributesSpec | undefined;
  /** The ARN of the web ACL; `undefined`: none is associated. */
  readonly webAcl?: string | undefined;
  /** Network only; `undefined`: AWS's own. */
  readonly addresses?: StaticAddresses | undefined;
}

export interface LoadBalancerState {
  readonly arn: string;
  readonly dnsName: string;
  /** The ID of the hosted zone of `dnsName`, for alias records in Route 53. */
  readonly zoneId: string;
  /** As in CloudWatch's dimensions: `app/conferenceAlb/50dc6c495c0c9188`. */
  readonly fullName: string;
}

export const loadBalancerKind: Kind<LoadBalancerDesired, LoadBalancerState, AwsContext> = {
  kind: "load-balancer",
  unknown: { arn: UNKNOWN, dnsName: UNKNOWN, zoneId: UNKNOWN, fullName: UNKNOWN },

  async read(desired, context) {
    const found = await byName(desired.name, context);
    if (found?.LoadBalancerArn === undefined) return undefined;
    const state = stateOf(found);
    const subnets = (found.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
    const tags = await tagsOf(state.arn, context);
    const owner = tags[OWNER_TAG];
    if (owner !== undefined) context.noteOwned(owner, { arn: state.arn, tags });
    const attributes = await presentAttributes(state.arn, desired.attributes, tags, context);
    const webAcl = await presentWebAcl(state.arn, desired.webAcl, tags, context);
    const input = createInput(desired);
    const { applied, unapplied } = overrideEffect(
      "createLoadBalancer",
      input,
      presentInput(found, context.overridden("createLoadBalancer", input)),
      context,
    );
    return {
      state,
      unapplied,
      current: {
        name: desired.name,
        type: found.Type === "application" ? undefined : found.Type,
        scheme: found.Scheme,
        // Overridden subnets are of the VPC that the user wants.
        vpcId: applied.has("Subnets") ? desired.vpcId : found.VpcId,
        securityGroupIds: applied.has("SecurityGroups")
          ? desired.securityGroupIds
          : sortLike(desired.securityGroupIds, found.SecurityGroups ?? []),
        subnetIds: applied.has("Subnets") ? desired.subnetIds : sortLike(desired.subnetIds, subnets),
        ...((attributes ?? desired.attributes) !== undefined && { attributes }),
        ...((webAcl ?? desired.webAcl) !== undefined && { webAcl }),
        addresses: presentAddresses(found, desired.addresses),
      },
      tags,
    };
  },

  preflight: async ({ name, subnetIds, addresses }) => checkAddresses(name, subnetIds, addresses),

  async create(desired, context) {
    const { LoadBalancers } = await whenNameIsFree(
      context,
      "DuplicateLoadBalancerName",
      `load balancer ${desired.name}`,
      async () => (await byName(desired.name, context)) !== undefined,
      () => context.aws.elb.createLoadBalancer(createInput(desired)),
    );
    const state = stateOf(LoadBalancers?.[0] ?? {});
    if (desired.attributes !== undefined) await setAttributes(state.arn, desired.attributes, {}, context);
    return state;
  },

  async update(desired, { state, tags: present }, changes, context) {
    const { elb } = context.aws;
    const tags = changedTags(desired, changes);
    const LoadBalancerArn = state.arn;
    const { SecurityGroups, Subnets } = {
      SecurityGroups: [...desired.securityGroupIds],
      Subnets: [...desired.subnetIds],
      ...overriddenFields(changes),
    };
    await Promise.all([
      hasChanges(changes, "securityGroupIds", "override.SecurityGroups") &&
        elb.setSecurityGroups({ LoadBalancerArn, SecurityGroups }),
      hasChanges(changes, "subnetIds", "override.Subnets") && elb.setSubnets({ LoadBalancerArn, Subnets }),
      tags !== undefined && elb.addTags({ ResourceArns: [state.arn], Tags: toTagList(tags) }),
    ]);
    if (hasChanges(changes, "attributes"))
      await setAttributes(state.arn, desired.attributes, present, context);
    if (hasChanges(changes, "webAcl")) await setWebAcl(state.arn, desired.webAcl, context);
    return state;
  },

  async ready(state, { name, webAcl }, context) {
    const reportWait = waitReporter(context, "load-balancer", name);
    let isNew = false;
    const found = await poll(
      {
        context,
        every: 15_000,
        timeout: 10 * 60_000,
        what: `load balancer ${name} to become active`,
        fix: "Run it again. Completed steps are kept. AWS usually needs two to four minutes.",
      },
      async () => {
        // In the words in which it was read: what is not changed is not asked for again.
        const named = await byName(name, context);
        const balancer = named?.LoadBalancerArn === state.arn ? named : undefined;
        const code = balancer?.State?.Code;
        if (code === "active" || code === "active_impaired") return balancer;
        if (code === "failed") throw failed(name, balancer?.State?.Reason);
        reportWait("AWS is provisioning it (two to four minutes)");
        isNew = true;
        return undefined;
      },
    );
    if (isNew || context.isOfThisRun(found.CreatedTime)) {
      // WAF accepts a load balancer once it is active.
      if (webAcl !== undefined && (await presentWebAcl(state.arn, webAcl, {}, context)) !== webAcl)
        await setWebAcl(state.arn, webAcl, context);
      await nameResolved(name, state.dnsName, context);
    }
    return stateOf(found);
  },

  async delete({ arn }, context) {
    // Its listeners and their rules are deleted with it.
    await ignoreNotFound(context.aws.elb.deleteLoadBalancer({ LoadBalancerArn: arn }));
    await poll(
      { context, every: 5_000, timeout: 10 * 60_000, what: `load balancer ${arn} to be deleted` },
      async () => ((await byArn(arn, context)) === undefined ? true : undefined),
    );
  },

  dependsOn: NETWORK_PARTS,
  immutable: ["name", "type", "scheme", "vpcId", "addresses", "override.IpAddressType", "override.Scheme"],
  alreadyExists: (error) => hasErrorCode(error, "DuplicateLoadBalancerName"),

  async findOwned(owner, context, isDescribed) {
    if (isDescribed?.(ownerName(owner, "load-balancer") ?? "") !== true)
      await noteLoadBalancer(owner, context);
    const all = await ownedArns(context, owner, "elasticloadbalancing", "loadbalancer/");
    const owned = all.filter(({ arn }) => isDescribed?.(loadBalancerName(arn)) !== true);
    const found = await Promise.all(
      owned.map(async ({ arn, tags }) => {
        const balancer = await byArn(arn, context);
        return balancer === undefined
          ? []
          : [{ name: balancer.LoadBalancerName ?? arn, state: stateOf(balancer), tags }];
      }),
    );
    return found.flat();
  },

  protectedBy: async ({ name, state: { arn }, tags }, context) =>
    (await isProtected(arn, tags, context))
      ? `the deletion protection of load-balancer ${name} is on: .attributes({ deletionProtection: false })`
      : undefined,

  async usedBy({ name: balancer, state, tags }, leaving, context) {
    const listeners = await listenersOf(state.arn, context);
    if (listeners.some(isNetworkListener)) return networkListenerUsers(listeners, leaving, context);
    const listenerTags = await elbTags(
      listeners.flatMap(({ ListenerArn }) => ListenerArn ?? []),
      context,
    );
    const users = await Promise.all(
      listeners.map(async ({ ListenerArn = "", Port = 0 }) => {
        const name = listenerName(balancer, Port);
        const own = listenerTags.get(ListenerArn);
        // It was deleted meanwhile.
        if (own === undefined) return [];
        const isOwned = own[OWNER_TAG] === tags[OWNER_TAG];
        if (!isOwned && !leaving.has("listener", name)) return [`listener ${name}`];
        return listenerUsers({ arn: ListenerArn, name }, leaving, context);
      }),
    );
    return users.flat();
  },
};

async function byName(name: string, context: AwsContext): Promise<LoadBalancer | undefined> {
  return (await ignoreNotFound(context.aws.elb.describeLoadBalancers({ Names: [name] })))?.LoadBalancers?.[0];
}

async function byArn(arn: string, context: AwsContext): Promise<LoadBalancer | undefined> {
  return (await ignoreNotFound(context.aws.elb.describeLoadBalancers({ LoadBalancerArns: [arn] })))
    ?.LoadBalancers?.[0];
}

async function tagsOf(arn: string, context: AwsContext): Promise<Tags> {
  return (await elbTags([arn], context)).get(arn) ?? {};
}

function stateOf({
  LoadBalancerArn = "",
  DNSName = "",
  CanonicalHostedZoneId = "",
}: LoadBalancer): LoadBalancerState {
  return {
    arn: LoadBalancerArn,
    dnsName: DNSName,
    zoneId: CanonicalHostedZoneId,
    fullName: loadBalancerFullName(LoadBalancerArn),
  };
}

const failed = (name: string, reason: string | undefined): QuaysideError =>
  new QuaysideError(
    "load-balancer-failed",
    `Load balancer ${name} cannot be used: ${reason ?? "AWS failed to provision it"}`,
    {
      fix: "Check its subnets (free IP addresses, one per zone) and quotas, delete it with destroy(), and deploy again.",
    },
  );

const createInput = (desired: LoadBalancerDesired): CreateLoadBalancerCommandInput => ({
  Name: desired.name,
  Type: desired.type ?? "application",
  Scheme: desired.scheme,
  SecurityGroups: [...desired.securityGroupIds],
  ...(desired.addresses === undefined
    ? { Subnets: [...desired.subnetIds] }
    : {
        SubnetMappings: Object.entries(desired.addresses).map(([SubnetId, AllocationId]) => ({
          SubnetId,
          AllocationId,
        })),
      }),
  ...(Object.keys(desired.tags).length > 0 && { Tags: toTagList(desired.tags) }),
});

/** What ELB has, as CreateLoadBalancer names it; sets are in the order in which they are sent. */
function presentInput(
  { Scheme, IpAddressType, SecurityGroups = [], AvailabilityZones = [] }: LoadBalancer,
  sent: CreateLoadBalancerCommandInput,
) {
  const subnets = AvailabilityZones.flatMap(({ SubnetId }) => SubnetId ?? []);
  return {
    Scheme,
    IpAddressType,
    SecurityGroups: sortLike(sent.SecurityGroups ?? [], SecurityGroups),
    Subnets: sortLike(sent.Subnets ?? [], subnets),
  };
}
