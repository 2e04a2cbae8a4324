import type { NatGateway } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound, isNotFound } from "../../aws/not-found.js";
import { paginate } from "../../aws/paginate.js";
import { OWNER_TAG, toTagList } from "../../aws/tags.js";
import { isUnknown, UNKNOWN, type Kind } from "../../engine/kind.js";
import { poll, waitReporter } from "../../engine/poll.js";
import { stableHash } from "../../engine/stable-hash.js";
import { QuaysideError } from "../../errors.js";
import { isNetwork, nameOfPart, namedPart, ofOwner, tagsOfPart, type PartDesired } from "./parts.js";
import { tagPart } from "./tag-part.js";

export interface NatGatewayDesired extends PartDesired {
  readonly subnetId: string;
  readonly allocationId: string;
}

export interface NatGatewayState {
  readonly natGatewayId: string;
}

/** AWS needs about two minutes. */
const TIMEOUT = 15 * 60_000;

/** A NAT gateway of a network. */
export const natGatewayKind: Kind<NatGatewayDesired, NatGatewayState, AwsContext> = {
  kind: "nat-gateway",
  unknown: { natGatewayId: UNKNOWN },
  immutable: ["subnetId", "allocationId"],
  dependsOn: ["elastic-ip", "internet-gateway", "subnet", "vpc"],

  async read({ name, subnetId, tags }, context) {
    if (isUnknown(subnetId)) return undefined;
    const usable = (await ownNatGateways(tags[OWNER_TAG], context)).filter(isUsable);
    const found = namedPart(usable, name, idOf, ({ State }) => (State === "available" ? 1 : 0));
    return (
      found && {
        state: { natGatewayId: found.NatGatewayId ?? "" },
        current: {
          name,
          subnetId: found.SubnetId,
          allocationId: addressOf(found),
        },
        tags: tagsOfPart(found),
      }
    );
  },

  async create({ name, subnetId, allocationId, tags }, context) {
    const before = await ownNatGateways(tags[OWNER_TAG], context);
    // Another run has created it meanwhile: the address can be associated only once.
    const present = before.find((each) => isUsable(each) && addressOf(each) === allocationId);
    if (present?.SubnetId === subnetId) return { natGatewayId: present.NatGatewayId ?? "" };
    try {
      const { NatGateway } = await context.aws.ec2.createNatGateway({
        SubnetId: subnetId,
        AllocationId: allocationId,
        // A request whose answer was lost is the same one, but not that of a gateway which has failed or was deleted.
        ClientToken: stableHash([tags[OWNER_TAG], name, subnetId, allocationId, before.length]).slice(0, 32),
        TagSpecifications: [{ ResourceType: "natgateway", Tags: toTagList(tags) }],
      });
      return { natGatewayId: NatGateway?.NatGatewayId ?? "" };
    } catch (error) {
      // Another run has chosen another address, and released this one.
      const known = before.map(({ NatGatewayId }) => NatGatewayId);
      const other = isNotFound(error)
        ? (await ownNatGateways(tags[OWNER_TAG], context)).find(
            (each) => isUsable(each) && nameOfPart(each) === name && !known.includes(each.NatGatewayId),
          )
        : undefined;
      if (other === undefined) throw error;
      return { natGatewayId: other.NatGatewayId ?? "" };
    }
  },

  async update(desired, { state }, changes, context) {
    await tagPart(state.natGatewayId, desired, changes, context);
    return state;
  },

  async ready(state, { name }, context) {
    const reportWait = waitReporter(context, "nat-gateway", name);
    await poll(
      { context, every: 15_000, timeout: TIMEOUT, what: `NAT gateway ${name} to become available` },
      async () => {
        const gateway = await byId(state, context);
        if (gateway?.State === "available") return true;
        if (gateway !== undefined && gateway.State !== "pending") throw failed(name, gateway);
        reportWait("AWS is creating it (about two minutes)");
        return undefined;
      },
    );
    return state;
  },

  async delete(state, context) {
    const what = `NAT gateway ${state.natGatewayId} to be deleted`;
    await poll({ context, every: 5_000, timeout: TIMEOUT, what }, async () => {
      const gateway = await byId(state, context);
      if (gateway === undefined || gateway.State === "deleted") return true;
      // AWS deletes none that is still being created.
      if (gateway.State !== "pending" && gateway.State !== "deleting")
        await ignoreNotFound(context.aws.ec2.deleteNatGateway({ NatGatewayId: state.natGatewayId }));
      return undefined;
    });
  },

  identity: ({ natGatewayId }) => natGatewayId,

  async findOwned(owner, context) {
    if (!isNetwork(owner)) return [];
    const all = await ownNatGateways(owner, context);
    return all
      .filter(({ State }) => State !== "deleted")
      .map((each) => ({
        name: nameOfPart(each),
        state: { natGatewayId: each.NatGatewayId ?? "" },
        tags: tagsOfPart(each),
      }));
  },
};

const idOf = ({ NatGatewayId }: NatGateway): string | undefined => NatGatewayId;
const addressOf = ({ NatGatewayAddresses }: NatGateway): string | undefined =>
  NatGatewayAddresses?.[0]?.AllocationId;
const isUsable = ({ State }: NatGateway): boolean => State === "pending" || State === "available";

export const ownNatGateways = (owner: string | undefined, { aws }: AwsContext): Promise<NatGateway[]> =>
  paginate(
    "NextToken",
    (next) => aws.ec2.describeNatGateways({ Filter: ofOwner(owner), ...next }),
    ({ NatGateways }) => NatGateways,
  );

async function byId({ natGatewayId }: NatGatewayState, { aws }: AwsContext): Promise<NatGateway | undefined> {
  const answer = await ignoreNotFound(aws.ec2.describeNatGateways({ NatGatewayIds: [natGatewayId] }));
  return answer?.NatGateways?.[0];
}

/** Source: Amazon VPC User Guide, "Troubleshoot NAT gateways". */
const failed = (
  name: string,
  { State, FailureCode, FailureMessage, NatGatewayId }: NatGateway,
): QuaysideError =>
  new QuaysideError(
    "nat-gateway-failed",
    `NAT gateway ${name} cannot be used: ${FailureMessage ?? `its state is ${State}`}`,
    {
      facts: { natGateway: NatGatewayId, state: State, failureCode: FailureCode },
      fix: "Fix the reason, then run again: another NAT gateway is created, and the failed one is deleted.",
    },
  );
