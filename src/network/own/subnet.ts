import type { Subnet } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { paginate } from "../../aws/paginate.js";
import { OWNER_TAG, toTagList } from "../../aws/tags.js";
import { isUnknown, UNKNOWN, type Kind } from "../../engine/kind.js";
import { isNetwork, nameOfPart, namedPart, ofOwner, tagsOfPart, type PartDesired } from "./parts.js";
import { deleteReleased } from "./release.js";
import { tagPart } from "./tag-part.js";

export interface SubnetDesired extends PartDesired {
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
}

export interface SubnetState {
  readonly subnetId: string;
}

/** A subnet of a network. */
export const subnetKind: Kind<SubnetDesired, SubnetState, AwsContext> = {
  kind: "subnet",
  unknown: { subnetId: UNKNOWN },
  immutable: ["zone", "cidr"],
  dependsOn: ["vpc"],

  async read({ name, vpcId, tags }, context) {
    if (isUnknown(vpcId)) return undefined;
    const all = await ownSubnets(tags[OWNER_TAG], context);
    const found = namedPart(
      all.filter((each) => each.VpcId === vpcId),
      name,
      ({ SubnetId }) => SubnetId,
    );
    return (
      found && {
        state: { subnetId: found.SubnetId ?? "" },
        current: { name, vpcId, zone: found.AvailabilityZone, cidr: found.CidrBlock },
        tags: tagsOfPart(found),
      }
    );
  },

  async create({ vpcId, zone, cidr, tags }, { aws }) {
    const { Subnet } = await aws.ec2.createSubnet({
      VpcId: vpcId,
      AvailabilityZone: zone,
      CidrBlock: cidr,
      TagSpecifications: [{ ResourceType: "subnet", Tags: toTagList(tags) }],
    });
    return { subnetId: Subnet?.SubnetId ?? "" };
  },

  async update(desired, { state }, changes, context) {
    await tagPart(state.subnetId, desired, changes, context);
    return state;
  },

  // Its block is taken: the answer to an earlier request was lost.
  alreadyExists: (error) => hasErrorCode(error, "InvalidSubnet.Conflict"),

  delete: ({ subnetId }, context) =>
    deleteReleased("subnet", subnetId, context, () => context.aws.ec2.deleteSubnet({ SubnetId: subnetId })),

  async findOwned(owner, context) {
    if (!isNetwork(owner)) return [];
    const all = await ownSubnets(owner, context);
    return all.map((each) => ({
      name: nameOfPart(each),
      state: { subnetId: each.SubnetId ?? "" },
      tags: tagsOfPart(each),
    }));
  },
};

export const ownSubnets = (owner: string | undefined, { aws }: AwsContext): Promise<Subnet[]> =>
  paginate(
    "NextToken",
    (next) => aws.ec2.describeSubnets({ Filters: ofOwner(owner), ...next }),
    ({ Subnets }) => Subnets,
  );
