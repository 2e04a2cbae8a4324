import type { Vpc } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { ownerName } from "../../aws/owner.js";
import { paginate } from "../../aws/paginate.js";
import { OWNER_TAG, toTagList } from "../../aws/tags.js";
import { hasChanges } from "../../engine/diff.js";
import { UNKNOWN, type Kind } from "../../engine/kind.js";
import { isNetwork, ofOwner, tagsOfPart, type PartDesired } from "./parts.js";
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

  async read({ tags }, context) {
    const found = await chosen(await ownVpcs(tags[OWNER_TAG], context), tags[OWNER_TAG], context);
    if (found?.VpcId === undefined) return undefined;
    const { VpcId } = found;
    const { EnableDnsHostnames } = await context.aws.ec2.describeVpcAttribute({
      VpcId,
      Attribute: "enableDnsHostnames",
    });
    return {
      state: { vpcId: VpcId },
      current: {
        name: tagsOfPart(found)["Name"],
        cidr: found.CidrBlock,
        dnsHostnames: EnableDnsHostnames?.Value ?? false,
      },
      tags: tagsOfPart(found),
    };
  },

  async create({ cidr, tags }, { aws }) {
    const { Vpc } = await aws.ec2.createVpc({
      CidrBlock: cidr,
      TagSpecifications: [{ ResourceType: "vpc", Tags: toTagList(tags) }],
    });
    const vpcId = Vpc?.VpcId ?? "";
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

/** Of several, the one with the subnets: the others are of runs whose answer was lost. */
async function chosen(
  all: readonly Vpc[],
  owner: string | undefined,
  { aws }: AwsContext,
): Promise<Vpc | undefined> {
  if (all.length < 2) return all[0];
  const { Subnets = [] } = await aws.ec2.describeSubnets({ Filters: ofOwner(owner) });
  const counts = new Map<string, number>();
  for (const { VpcId = "" } of Subnets) counts.set(VpcId, (counts.get(VpcId) ?? 0) + 1);
  const countOf = ({ VpcId = "" }: Vpc) => counts.get(VpcId) ?? 0;
  return all.toSorted((a, b) => countOf(b) - countOf(a) || ((a.VpcId ?? "") < (b.VpcId ?? "") ? -1 : 1))[0];
}
