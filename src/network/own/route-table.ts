import type { Route, RouteTable } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { paginate } from "../../aws/paginate.js";
import { OWNER_TAG, toTagList } from "../../aws/tags.js";
import { hasChanges, sortLike } from "../../engine/diff.js";
import { isUnknown, UNKNOWN, type Kind } from "../../engine/kind.js";
import { oneOfAName } from "./one-of-a-name.js";
import { isNetwork, nameOfPart, namedPart, ofOwner, tagsOfPart, type PartDesired } from "./parts.js";
import { tagPart } from "./tag-part.js";

export interface RouteTableDesired extends PartDesired {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** The target of the route 0.0.0.0/0: the ID of an internet or NAT gateway; `undefined` if there is none. */
  readonly defaultRoute: string | undefined;
}

export interface RouteTableState {
  readonly routeTableId: string;
}

const EVERYWHERE = "0.0.0.0/0";

/** A route table of a network, with its default route and its subnets. */
export const routeTableKind: Kind<RouteTableDesired, RouteTableState, AwsContext> = {
  kind: "route-table",
  unknown: { routeTableId: UNKNOWN },
  dependsOn: ["nat-gateway", "internet-gateway", "subnet", "vpc"],

  async read({ name, vpcId, subnetIds, tags }, context) {
    if (isUnknown(vpcId)) return undefined;
    const all = (await owned(tags[OWNER_TAG], context)).filter((each) => each.VpcId === vpcId);
    const found = namedPart(all, name, idOf, rankOf);
    if (found === undefined) return undefined;
    const present = (found.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
    return {
      state: { routeTableId: found.RouteTableId ?? "" },
      current: { name, vpcId, subnetIds: sortLike(subnetIds, present), defaultRoute: targetOf(found) },
      tags: tagsOfPart(found),
    };
  },

  async create(desired, context) {
    const { RouteTable } = await context.aws.ec2.createRouteTable({
      VpcId: desired.vpcId,
      TagSpecifications: [{ ResourceType: "route-table", Tags: toTagList(desired.tags) }],
    });
    const routeTableId = await oneOfAName(
      RouteTable?.RouteTableId ?? "",
      desired.name,
      {
        resource: "route-table",
        list: async () =>
          (await owned(desired.tags[OWNER_TAG], context)).filter(({ VpcId }) => VpcId === desired.vpcId),
        idOf,
        rankOf,
        remove: (id) => context.aws.ec2.deleteRouteTable({ RouteTableId: id }),
      },
      context,
      async (id) => {
        await associate(id, desired.subnetIds, context);
        await setDefaultRoute(id, undefined, desired.defaultRoute, context);
      },
    );
    return { routeTableId };
  },

  async update(desired, { state, current }, changes, context) {
    const { routeTableId } = state;
    await tagPart(routeTableId, desired, changes, context);
    if (hasChanges(changes, "subnetIds")) {
      const present = (current.subnetIds ?? []) as readonly string[];
      await associate(
        routeTableId,
        desired.subnetIds.filter((id) => !present.includes(id)),
        context,
      );
    }
    if (hasChanges(changes, "defaultRoute"))
      await setDefaultRoute(
        routeTableId,
        current.defaultRoute as string | undefined,
        desired.defaultRoute,
        context,
      );
    return state;
  },

  async delete({ routeTableId }, { aws }) {
    const answer = await ignoreNotFound(aws.ec2.describeRouteTables({ RouteTableIds: [routeTableId] }));
    const associations = answer?.RouteTables?.[0]?.Associations ?? [];
    await Promise.all(
      associations.map(({ RouteTableAssociationId }) =>
        ignoreNotFound(aws.ec2.disassociateRouteTable({ AssociationId: RouteTableAssociationId })),
      ),
    );
    await ignoreNotFound(aws.ec2.deleteRouteTable({ RouteTableId: routeTableId }));
  },

  identity: ({ routeTableId }) => routeTableId,

  async findOwned(owner, context) {
    if (!isNetwork(owner)) return [];
    const all = await owned(owner, context);
    return all.map((each) => ({
      name: nameOfPart(each),
      state: { routeTableId: each.RouteTableId ?? "" },
      tags: tagsOfPart(each),
    }));
  },
};

async function associate(
  RouteTableId: string,
  subnetIds: readonly string[],
  { aws }: AwsContext,
): Promise<void> {
  for (const SubnetId of subnetIds)
    try {
      await aws.ec2.associateRouteTable({ RouteTableId, SubnetId });
    } catch (error) {
      if (!hasErrorCode(error, "Resource.AlreadyAssociated")) throw error;
      // The answer to an earlier request was lost.
      const { RouteTables = [] } = await aws.ec2.describeRouteTables({ RouteTableIds: [RouteTableId] });
      const associations = RouteTables.flatMap(({ Associations = [] }) => Associations);
      if (!associations.some((each) => each.SubnetId === SubnetId)) throw error;
    }
}

async function setDefaultRoute(
  RouteTableId: string,
  present: string | undefined,
  target: string | undefined,
  { aws }: AwsContext,
): Promise<void> {
  const route = { RouteTableId, DestinationCidrBlock: EVERYWHERE };
  if (target === undefined) {
    if (present !== undefined) await ignoreNotFound(aws.ec2.deleteRoute(route));
    return;
  }
  const to = target.startsWith("nat-") ? { NatGatewayId: target } : { GatewayId: target };
  if (present !== undefined) await aws.ec2.replaceRoute({ ...route, ...to });
  else
    await aws.ec2.createRoute({ ...route, ...to }).catch((error: unknown) => {
      if (!hasErrorCode(error, "RouteAlreadyExists")) throw error;
      return aws.ec2.replaceRoute({ ...route, ...to });
    });
}

const idOf = ({ RouteTableId }: RouteTable): string | undefined => RouteTableId;
const rankOf = ({ Associations = [] }: RouteTable): number => Associations.length;

const targetOf = ({ Routes = [] }: RouteTable): string | undefined => {
  const route = Routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === EVERYWHERE);
  return route && targetIdOf(route);
};

const targetIdOf = ({
  GatewayId,
  NatGatewayId,
  TransitGatewayId,
  NetworkInterfaceId,
  VpcPeeringConnectionId,
}: Route): string =>
  NatGatewayId ??
  GatewayId ??
  TransitGatewayId ??
  NetworkInterfaceId ??
  VpcPeeringConnectionId ??
  "another target";

const owned = (owner: string | undefined, { aws }: AwsContext): Promise<RouteTable[]> =>
  paginate(
    "NextToken",
    (next) => aws.ec2.describeRouteTables({ Filters: ofOwner(owner), ...next }),
    ({ RouteTables }) => RouteTables,
  );
