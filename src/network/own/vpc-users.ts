import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { paginate } from "../../aws/paginate.js";
import { fromTags, OWNER_TAG } from "../../aws/tags.js";
import type { PendingDeletions } from "../../engine/kind.js";
import { ownNatGateways } from "./nat-gateway.js";
import { ownEndpoints } from "./vpc-endpoint.js";

/** Those of the network itself. */
const OWN_INTERFACES: readonly (string | undefined)[] = [
  "nat_gateway",
  "natGateway",
  "vpc_endpoint",
  "gateway_load_balancer_endpoint",
];

/**
 * What else is in a VPC: the owners of its security groups, which clusters, load balancers and tasks have, and network
 * interfaces without a group of their own.
 */
export async function vpcUsers(
  vpcId: string,
  owner: string,
  pending: PendingDeletions,
  context: AwsContext,
): Promise<readonly string[]> {
  const { aws } = context;
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const [natGateways, endpoints, groups, interfaces] = await Promise.all([
    ownNatGateways(owner, context),
    ownEndpoints(owner, context),
    paginate(
      "NextToken",
      async (next) => (await ignoreNotFound(aws.ec2.describeSecurityGroups({ Filters, ...next }))) ?? {},
      ({ SecurityGroups }) => SecurityGroups,
    ),
    paginate(
      "NextToken",
      async (next) => (await ignoreNotFound(aws.ec2.describeNetworkInterfaces({ Filters, ...next }))) ?? {},
      ({ NetworkInterfaces }) => NetworkInterfaces,
    ),
  ]);
  const others = groups.filter(({ GroupName = "", Tags }) => {
    const isOwn = fromTags(Tags)[OWNER_TAG] === owner;
    // In a network that was left, groups have the name of the described ones, after their VPC.
    const isPending = [GroupName, `${vpcId}/${GroupName}`].some((name) =>
      pending.has("security-group", name),
    );
    return GroupName !== "default" && !isOwn && !isPending;
  });
  const ofParts = new Set([
    ...natGateways.flatMap(({ NatGatewayAddresses = [] }) =>
      NatGatewayAddresses.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ),
    ...endpoints.flatMap(({ NetworkInterfaceIds = [] }) => NetworkInterfaceIds),
  ]);
  const ofDefault = interfaces.filter(
    ({ NetworkInterfaceId, InterfaceType, Groups = [] }) =>
      !OWN_INTERFACES.includes(InterfaceType) &&
      !ofParts.has(NetworkInterfaceId) &&
      Groups.every(({ GroupName }) => GroupName === "default"),
  );
  return [
    ...new Set([
      ...others.map(
        ({ GroupId, GroupName, Tags }) =>
          fromTags(Tags)[OWNER_TAG] ?? `security group ${GroupName} (${GroupId})`,
      ),
      ...ofDefault.map(({ NetworkInterfaceId }) => `network interface ${NetworkInterfaceId}`),
    ]),
  ];
}
