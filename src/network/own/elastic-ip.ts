import type { Address } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { OWNER_TAG, toTagList } from "../../aws/tags.js";
import { UNKNOWN, type Kind } from "../../engine/kind.js";
import { oneOfAName } from "./one-of-a-name.js";
import { isNetwork, nameOfPart, namedPart, ofOwner, tagsOfPart, type PartDesired } from "./parts.js";
import { tagPart } from "./tag-part.js";

export interface ElasticIpState {
  readonly allocationId: string;
}

/** The Elastic IP address of a NAT gateway. */
export const elasticIpKind: Kind<PartDesired, ElasticIpState, AwsContext> = {
  kind: "elastic-ip",
  unknown: { allocationId: UNKNOWN },
  // An internet gateway is not detached while the VPC has public addresses.
  dependsOn: ["internet-gateway"],

  async read({ name, tags }, context) {
    // Of several, the one that is in use.
    const found = namedPart(await owned(tags[OWNER_TAG], context), name, idOf, rankOf);
    return (
      found && {
        state: { allocationId: found.AllocationId ?? "" },
        current: { name },
        tags: tagsOfPart(found),
      }
    );
  },

  async create({ name, tags }, context) {
    const { aws } = context;
    const mine = await aws.ec2
      .allocateAddress({
        Domain: "vpc",
        TagSpecifications: [{ ResourceType: "elastic-ip", Tags: toTagList(tags) }],
      })
      .catch(async (error: unknown) => {
        // Other runs at the same moment have taken the last ones, for this name as well.
        const theirs = hasErrorCode(error, "AddressLimitExceeded")
          ? namedPart(await owned(tags[OWNER_TAG], context), name, idOf, rankOf)
          : undefined;
        if (theirs === undefined) throw error;
        return theirs;
      });
    const allocationId = await oneOfAName(
      mine.AllocationId ?? "",
      name,
      {
        resource: "elastic-ip",
        list: () => owned(tags[OWNER_TAG], context),
        idOf,
        rankOf,
        remove: (id) => aws.ec2.releaseAddress({ AllocationId: id }),
      },
      context,
    );
    return { allocationId };
  },

  async update(desired, { state }, changes, context) {
    await tagPart(state.allocationId, desired, changes, context);
    return state;
  },

  async delete({ allocationId }, { aws }) {
    await ignoreNotFound(aws.ec2.releaseAddress({ AllocationId: allocationId }));
  },

  identity: ({ allocationId }) => allocationId,

  async findOwned(owner, context) {
    if (!isNetwork(owner)) return [];
    const all = await owned(owner, context);
    return all.map((each) => ({
      name: nameOfPart(each),
      state: { allocationId: each.AllocationId ?? "" },
      tags: tagsOfPart(each),
    }));
  },
};

async function owned(owner: string | undefined, { aws }: AwsContext): Promise<readonly Address[]> {
  const { Addresses = [] } = await aws.ec2.describeAddresses({ Filters: ofOwner(owner) });
  return Addresses;
}

const idOf = ({ AllocationId }: Address): string | undefined => AllocationId;
const rankOf = ({ AssociationId }: Address): number => (AssociationId === undefined ? 0 : 1);
