import type { Vpc as Description } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";
import type { Vpc } from "./state.js";

export function vpcs(account: Account): Pick<Ec2Api, "describeVpcs"> {
  return {
    async describeVpcs(input) {
      const known = byIds(
        account.ec2.vpcs,
        input.VpcIds,
        (id) => new ServiceError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`),
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "vpc-id": (vpc) => [vpc.id],
          cidr: (vpc) => [vpc.cidr],
          "cidr-block-association.cidr-block": (vpc) => [vpc.cidr],
          isDefault: (vpc) => [String(vpc.isDefault)],
          "is-default": (vpc) => [String(vpc.isDefault)],
          state: (vpc) => [stateOf(account, vpc)],
          "owner-id": () => [account.accountId],
        },
        (vpc) => vpc.tags,
      );
      const { items, nextToken } = ec2Page(found, input);
      return {
        Vpcs: items.map((vpc) => describeVpc(account, vpc)),
        NextToken: nextToken,
      };
    },
  };
}

/** `pending` for a moment after it was created. */
export const stateOf = (
  { clock }: Account,
  { visibleAt = 0 }: { readonly visibleAt?: number | undefined },
): "pending" | "available" => (clock.now() < visibleAt ? "pending" : "available");

export const describeVpc = (account: Account, vpc: Vpc): Description => ({
  VpcId: vpc.id,
  CidrBlock: vpc.cidr,
  IsDefault: vpc.isDefault,
  State: stateOf(account, vpc),
  OwnerId: account.accountId,
  DhcpOptionsId: "dopt-0a1b2c3d",
  CidrBlockAssociationSet: [
    {
      AssociationId: `vpc-cidr-assoc-${vpc.id.slice("vpc-".length)}`,
      CidrBlock: vpc.cidr,
      CidrBlockState: { State: "associated" },
    },
  ],
  InstanceTenancy: "default",
  Tags: tagList(vpc.tags),
});
