import type { InternetGateway } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { paginate } from "../../aws/paginate.js";
import { OWNER_TAG, toTagList } from "../../aws/tags.js";
import { hasChanges } from "../../engine/diff.js";
import { isUnknown, UNKNOWN, type Kind } from "../../engine/kind.js";
import { oneOfAName } from "./one-of-a-name.js";
import { isNetwork, nameOfPart, namedPart, ofOwner, tagsOfPart, type PartDesired } from "./parts.js";
import { tagPart } from "./tag-part.js";

interface InternetGatewayDesired extends PartDesired {
  readonly vpcId: string;
}

interface InternetGatewayState {
  readonly gatewayId: string;
  /** The VPC that it is attached to. */
  readonly vpcId: string | undefined;
}

/** The internet gateway of a network. */
export const internetGatewayKind: Kind<InternetGatewayDesired, InternetGatewayState, AwsContext> = {
  kind: "internet-gateway",
  unknown: { gatewayId: UNKNOWN, vpcId: UNKNOWN },
  dependsOn: ["vpc"],

  async read({ name, vpcId, tags }, context) {
    if (isUnknown(vpcId)) return undefined;
    const all = await owned(tags[OWNER_TAG], context);
    // One that is attached to another VPC is that of a run whose answer was lost.
    const usable = all.filter((each) => (vpcOf(each) ?? vpcId) === vpcId);
    const found = namedPart(usable, name, idOf, (each) => (vpcOf(each) === undefined ? 0 : 1));
    return (
      found && {
        state: stateOf(found),
        current: { name, vpcId: vpcOf(found) },
        tags: tagsOfPart(found),
      }
    );
  },

  async create({ name, vpcId, tags }, context) {
    const { aws } = context;
    const { InternetGateway } = await aws.ec2.createInternetGateway({
      TagSpecifications: [{ ResourceType: "internet-gateway", Tags: toTagList(tags) }],
    });
    const gatewayId = await oneOfAName(
      InternetGateway?.InternetGatewayId ?? "",
      name,
      {
        resource: "internet-gateway",
        list: () => owned(tags[OWNER_TAG], context),
        idOf,
        rankOf: (each) => (vpcOf(each) === undefined ? 0 : 1),
        remove: (id) => aws.ec2.deleteInternetGateway({ InternetGatewayId: id }),
      },
      context,
      (id) => attach(id, vpcId, context),
    );
    return { gatewayId, vpcId };
  },

  async update(desired, { state }, changes, context) {
    const { gatewayId } = state;
    await tagPart(gatewayId, desired, changes, context);
    if (hasChanges(changes, "vpcId")) await attach(gatewayId, desired.vpcId, context);
    return { gatewayId, vpcId: desired.vpcId };
  },

  async delete({ gatewayId, vpcId }, { aws }) {
    const gateway = { InternetGatewayId: gatewayId };
    if (vpcId !== undefined)
      await ignoreNotFound(aws.ec2.detachInternetGateway({ ...gateway, VpcId: vpcId }));
    await ignoreNotFound(aws.ec2.deleteInternetGateway(gateway));
  },

  identity: ({ gatewayId }) => gatewayId,

  async findOwned(owner, context) {
    if (!isNetwork(owner)) return [];
    const all = await owned(owner, context);
    return all.map((each) => ({ name: nameOfPart(each), state: stateOf(each), tags: tagsOfPart(each) }));
  },
};

/** Attaches it, unless it is already: the answer to an earlier request was lost, or another run was faster. */
async function attach(gatewayId: string, vpcId: string, { aws }: AwsContext): Promise<void> {
  const gateway = { InternetGatewayId: gatewayId };
  try {
    await aws.ec2.attachInternetGateway({ ...gateway, VpcId: vpcId });
  } catch (error) {
    if (!hasErrorCode(error, "Resource.AlreadyAssociated")) throw error;
    const { InternetGateways = [] } = await aws.ec2.describeInternetGateways({
      InternetGatewayIds: [gatewayId],
    });
    if (!InternetGateways.some((each) => vpcOf(each) === vpcId)) throw error;
  }
}

const owned = (owner: string | undefined, { aws }: AwsContext): Promise<InternetGateway[]> =>
  paginate(
    "NextToken",
    (next) => aws.ec2.describeInternetGateways({ Filters: ofOwner(owner), ...next }),
    ({ InternetGateways }) => InternetGateways,
  );

const idOf = ({ InternetGatewayId }: InternetGateway): string | undefined => InternetGatewayId;
const vpcOf = ({ Attachments = [] }: InternetGateway): string | undefined => Attachments[0]?.VpcId;
const stateOf = (gateway: InternetGateway): InternetGatewayState => ({
  gatewayId: gateway.InternetGatewayId ?? "",
  vpcId: vpcOf(gateway),
});
