import type { Vpc } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerName } from "../../aws/owner.js";
import { paginate } from "../../aws/paginate.js";
import { OWNER_TAG, toTagList } from "../../aws/tags.js";
import { hasChanges } from "../../engine/diff.js";
import { UNKNOWN, type Kind } from "../../engine/kind.js";
import { oneOfAName } from "./one-of-a-name.js";
import { isNetwork, namedPart, ofOwner, tagsOfPart, type PartDesired } from "./parts.js";
import { deleteReleased } from "./release.js";
import { tagPart } from "./tag-part.js";
import { vpcUsers } from "./vpc-users.js";

export interface VpcDesired extends PartDesired {
  readonly cidr: string;
  /** Private names of endpoints need them. Source: AWS PrivateLink Guide, "Private DNS". */
  readonly dnsHostnames: true;
}

export interface VpcState {
  readonly vpcId: string;
}

/** The VPC of a network. */
export const vpcKind: Kind<VpcDesired, VpcState, AwsContext> = {
  kind: "vpc",
  unknown: { vpcId: UNKNOWN },
  immutable: ["cidr"],

  async read({ name, tags }, context) {
    const all = await ownVpcs(tags[OWNER_TAG], context);
    const rankOf = all.length < 2 ? undefined : await subnetCounts(tags[OWNER_TAG], context);
    const found = namedPart(all, name, idOf, rankOf);
    if (found?.VpcId === undefined) return undefined;
    const { VpcId } = found;
    // A new VPC may not be known everywhere yet.
    const attribute = await ignoreNotFound(
      context.aws.ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsHostnames" }),
    );
    return {
      state: { vpcId: VpcId },
      current: {
        name,
        cidr: found.CidrBlock,
        dnsHostnames: attribute?.EnableDnsHostnames?.Value ?? false,
      },
      tags: tagsOfPart(found),
    };
  },

  async create({ name, cidr, tags }, context) {
    const { aws } = context;
    const { Vpc } = await aws.ec2.createVpc({
      CidrBlock: cidr,
      TagSpecifications: [{ ResourceType: "vpc", Tags: toTagList(tags) }],
    });
    let rankOf = await subnetCounts(tags[OWNER_TAG], context);
    const vpcId = await oneOfAName(
      Vpc?.VpcId ?? "",
      name,
      {
        resource: "vpc",
        list: async () => {
          rankOf = await subnetCounts(tags[OWNER_TAG], context);
          return ownVpcs(tags[OWNER_TAG], context);
        },
        idOf,
        rankOf: (each) => rankOf(each),
        remove: (id) => aws.ec2.deleteVpc({ VpcId: id }),
      },
      context,
    );
    await aws.ec2.modifyVpcAttribute({ VpcId: vpcId, EnableDnsHostnames: { Value: true } });
    return { vpcId };
  },

  async update(desired, { state }, changes, context) {
    const { vpcId } = state;
    await tagPart(vpcId, desired, changes, context);
    if (hasChanges(changes, "dnsHostnames"))
      await context.aws.ec2.modifyVpcAttribute({ VpcId: vpcId, EnableDnsHostnames: { Value: true } });
    return state;
  },

  delete: ({ vpcId }, context) =>
    deleteReleased("vpc", vpcId, context, () => context.aws.ec2.deleteVpc({ VpcId: vpcId })),

  identity: ({ vpcId }) => vpcId,

  async findOwned(owner, context) {
    if (!isNetwork(owner)) return [];
    const found = await ownVpcs(owner, context);
    return found.map((vpc) => ({
      name: ownerName(owner, "network") ?? "",
      state: { vpcId: vpc.VpcId ?? "" },
      tags: tagsOfPart(vpc),
    }));
  },

  usedBy: ({ state: { vpcId }, tags }, pending, context) =>
    vpcUsers(vpcId, tags[OWNER_TAG] ?? "", pending, context),
};

const ownVpcs = (owner: string | undefined, { aws }: AwsContext): Promise<Vpc[]> =>
  paginate(
    "NextToken",
    (next) => aws.ec2.describeVpcs({ Filters: ofOwner(owner), ...next }),
    ({ Vpcs }) => Vpcs,
  );

/** The number of a network's subnets in a VPC: of several VPCs, the others are of runs whose answer was lost. */
async function subnetCounts(owner: string | undefined, { aws }: AwsContext): Promise<(vpc: Vpc) => number> {
  const { Subnets = [] } = await aws.ec2.describeSubnets({ Filters: ofOwner(owner) });
  return ({ VpcId }) => Subnets.filter((subnet) => subnet.VpcId === VpcId).length;
}

const idOf = ({ VpcId }: Vpc): string | undefined => VpcId;
