import type { VpcEndpoint } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { paginate } from "../../aws/paginate.js";
import { OWNER_TAG, toTagList } from "../../aws/tags.js";
import { diff, sortLike } from "../../engine/diff.js";
import { isUnknown, UNKNOWN, type Kind } from "../../engine/kind.js";
import { poll, waitReporter } from "../../engine/poll.js";
import { stableHash } from "../../engine/stable-hash.js";
import { QuaysideError } from "../../errors.js";
import { isNetwork, nameOfPart, namedPart, ofOwner, tagsOfPart, type PartDesired } from "./parts.js";
import { tagPart } from "./tag-part.js";

export interface VpcEndpointDesired extends PartDesired {
  /** As in AWS: `com.amazonaws.eu-west-1.ecr.api`. */
  readonly service: string;
  readonly type: "Interface" | "Gateway";
  readonly vpcId: string;
  /** The Availability Zones of the subnets. */
  readonly zones: readonly string[];
  /** Of an interface endpoint: one in each zone. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Of a gateway endpoint. */
  readonly routeTableIds: readonly string[];
}

export interface VpcEndpointState {
  readonly endpointId: string;
}

/** AWS needs about a minute for either. */
const TIMEOUT = 15 * 60_000;

/** An endpoint of an AWS service in a network. */
export const vpcEndpointKind: Kind<VpcEndpointDesired, VpcEndpointState, AwsContext> = {
  kind: "vpc-endpoint",
  unknown: { endpointId: UNKNOWN },
  immutable: ["service", "type"],
  // Its subnets are compared.
  createOnly: ["zones"],
  dependsOn: ["route-table", "subnet", "vpc"],

  async read(desired, context) {
    const { name, vpcId, tags } = desired;
    if (isUnknown(vpcId)) return undefined;
    const all = (await ownEndpoints(tags[OWNER_TAG], context)).filter(
      (each) => each.VpcId === vpcId && isUsable(each),
    );
    const found = namedPart(all, name, ({ VpcEndpointId }) => VpcEndpointId);
    if (found === undefined) return undefined;
    const groups = (found.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
    return {
      state: { endpointId: found.VpcEndpointId ?? "" },
      current: {
        name,
        vpcId,
        service: found.ServiceName,
        type: found.VpcEndpointType ?? "Gateway",
        subnetIds: sortLike(desired.subnetIds, found.SubnetIds ?? []),
        securityGroupIds: sortLike(desired.securityGroupIds, groups),
        routeTableIds: sortLike(desired.routeTableIds, found.RouteTableIds ?? []),
      },
      tags: tagsOfPart(found),
    };
  },

  /** Each region has its own services, and some are not in all of its zones. */
  async preflight({ service, type, zones }, { aws, region }) {
    if (type === "Gateway") return;
    const { ServiceDetails = [] } = await aws.ec2
      .describeVpcEndpointServices({ ServiceNames: [service] })
      .catch((error: unknown) => {
        if (!hasErrorCode(error, "InvalidServiceName")) throw error;
        throw noService(service, region, error);
      });
    const offered = ServiceDetails[0]?.AvailabilityZones;
    const missing = zones.filter((zone) => offered !== undefined && !offered.includes(zone));
    if (missing.length > 0) throw notInZones(service, missing);
  },

  async create(desired, context) {
    const { name, service, type, vpcId, tags } = desired;
    const before = await ownEndpoints(tags[OWNER_TAG], context);
    // Another run has created it meanwhile: a VPC has one route to a service, and one endpoint of its name.
    const present = before.find(
      (each) =>
        nameOfPart(each) === name &&
        each.VpcId === vpcId &&
        each.ServiceName === service &&
        each.VpcEndpointType === type &&
        isUsable(each),
    );
    if (present !== undefined) return { endpointId: present.VpcEndpointId ?? "" };
    const { VpcEndpoint } = await context.aws.ec2.createVpcEndpoint({
      VpcId: vpcId,
      ServiceName: service,
      VpcEndpointType: type,
      ...(type === "Gateway"
        ? { RouteTableIds: [...desired.routeTableIds] }
        : {
            SubnetIds: [...desired.subnetIds],
            SecurityGroupIds: [...desired.securityGroupIds],
            PrivateDnsEnabled: true,
          }),
      // A request whose answer was lost is the same one, but not that of an endpoint which was deleted.
      ClientToken: stableHash([
        tags[OWNER_TAG],
        name,
        vpcId,
        before.filter((each) => nameOfPart(each) === name).map(({ VpcEndpointId }) => VpcEndpointId),
      ]).slice(0, 32),
      TagSpecifications: [{ ResourceType: "vpc-endpoint", Tags: toTagList(tags) }],
    });
    return { endpointId: VpcEndpoint?.VpcEndpointId ?? "" };
  },

  async update(desired, { state, current }, changes, context) {
    await tagPart(state.endpointId, desired, changes, context);
    const changed = (["subnetIds", "securityGroupIds", "routeTableIds"] as const).flatMap((field) => {
      const present = (current[field] ?? []) as readonly string[];
      const wanted = desired[field];
      const added = wanted.filter((id) => !present.includes(id));
      const removed = present.filter((id) => !wanted.includes(id));
      const [Add, Remove] = MODIFY[field];
      return [
        ...(added.length > 0 ? [[Add, added] as const] : []),
        ...(removed.length > 0 ? [[Remove, removed] as const] : []),
      ];
    });
    if (changed.length > 0)
      await context.aws.ec2
        .modifyVpcEndpoint({ VpcEndpointId: state.endpointId, ...Object.fromEntries(changed) })
        .catch(async (error: unknown) => {
          // The answer to an earlier request was lost.
          const isRepeated = hasErrorCode(error, "DuplicateSubnetsInSameZone", "RouteAlreadyExists");
          const now = isRepeated ? await vpcEndpointKind.read(desired, context) : undefined;
          if (now === undefined || diff(desired, now.current).length > 0) throw error;
        });
    return state;
  },

  async ready(state, { name, service }, context) {
    const reportWait = waitReporter(context, "vpc-endpoint", name);
    await poll(
      { context, every: 10_000, timeout: TIMEOUT, what: `VPC endpoint ${name} to become available` },
      async () => {
        const endpoint = await byId(state, context);
        const now = endpoint?.State?.toLowerCase();
        if (now === "available") return true;
        if (now !== undefined && now !== "pending") throw failed(name, service, endpoint!);
        reportWait("AWS is creating it (about a minute)");
        return undefined;
      },
    );
    return state;
  },

  async delete(state, context) {
    const what = `VPC endpoint ${state.endpointId} to be deleted`;
    let isAsked = false;
    await poll({ context, every: 5_000, timeout: TIMEOUT, what }, async () => {
      const endpoint = await byId(state, context);
      if (endpoint === undefined || endpoint.State?.toLowerCase() === "deleted") return true;
      if (!isAsked && endpoint.State?.toLowerCase() !== "deleting") {
        const { Unsuccessful = [] } = await context.aws.ec2.deleteVpcEndpoints({
          VpcEndpointIds: [state.endpointId],
        });
        const { Code, Message } = Unsuccessful[0]?.Error ?? {};
        if (Code !== undefined && !Code.endsWith(".NotFound"))
          throw notDeleted(state.endpointId, Code, Message);
        isAsked = true;
        // A gateway endpoint is deleted at once.
        if (endpoint.VpcEndpointType === "Gateway") return true;
      }
      return undefined;
    });
  },

  identity: ({ endpointId }) => endpointId,

  async findOwned(owner, context) {
    if (!isNetwork(owner)) return [];
    const all = await ownEndpoints(owner, context);
    return all
      .filter(({ State }) => State?.toLowerCase() !== "deleted")
      .map((each) => ({
        name: nameOfPart(each),
        state: { endpointId: each.VpcEndpointId ?? "" },
        tags: tagsOfPart(each),
      }));
  },
};

const MODIFY = {
  subnetIds: ["AddSubnetIds", "RemoveSubnetIds"],
  securityGroupIds: ["AddSecurityGroupIds", "RemoveSecurityGroupIds"],
  routeTableIds: ["AddRouteTableIds", "RemoveRouteTableIds"],
} as const;

const isUsable = ({ State }: VpcEndpoint): boolean =>
  ["pending", "available"].includes(State?.toLowerCase() ?? "");

export const ownEndpoints = (owner: string | undefined, { aws }: AwsContext): Promise<VpcEndpoint[]> =>
  paginate(
    "NextToken",
    (next) => aws.ec2.describeVpcEndpoints({ Filters: ofOwner(owner), ...next }),
    ({ VpcEndpoints }) => VpcEndpoints,
  );

async function byId({ endpointId }: VpcEndpointState, { aws }: AwsContext): Promise<VpcEndpoint | undefined> {
  const answer = await ignoreNotFound(aws.ec2.describeVpcEndpoints({ VpcEndpointIds: [endpointId] }));
  return answer?.VpcEndpoints?.[0];
}

const failed = (name: string, service: string, { State, LastError }: VpcEndpoint): QuaysideError =>
  new QuaysideError(
    "vpc-endpoint-failed",
    `VPC endpoint ${name} of ${service} cannot be used: ${LastError?.Message ?? `its state is ${State}`}`,
    {
      facts: { service, state: State, code: LastError?.Code },
      fix: "Fix the reason, then run again: another endpoint is created.",
    },
  );

const noService = (service: string, region: string, cause: unknown): QuaysideError =>
  new QuaysideError(
    "vpc-endpoint-failed",
    `Nothing was changed: ${region} has no VPC endpoint service ${service}`,
    {
      cause,
      facts: { service, region },
      fix: "Correct .endpoints(...): `aws ec2 describe-vpc-endpoint-services` lists the services of the region.",
    },
  );

const notInZones = (service: string, zones: readonly string[]): QuaysideError =>
  new QuaysideError(
    "vpc-endpoint-failed",
    `Nothing was changed: ${service} has no VPC endpoints in ${zones.join(", ")}`,
    {
      facts: { service, zones },
      fix: 'Remove it from .endpoints(...), or use fewer zones, .zones(...), or a NAT gateway, .nat("one").',
    },
  );

const notDeleted = (id: string, code: string, message = code): QuaysideError =>
  new QuaysideError("vpc-endpoint-failed", `VPC endpoint ${id} was not deleted: ${message}`, {
    facts: { endpoint: id, code },
    fix: "Fix the problem that AWS reports, then run again. Completed steps are kept.",
  });
