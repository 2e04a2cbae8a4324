import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { visibleFrom } from "./default-network.js";
import { dependencyViolation, findSubnet, findVpc, isVisible } from "./network-changes.js";
import { requireEc2, specifiedTags } from "./request.js";
import { associationId, describeRouteTable } from "./route-tables.js";
import type { RouteTable } from "./state.js";

/** Route tables of one's own. */
export const routeTableChanges = (account: Account) => ({
  async createRouteTable(input: Ec2.CreateRouteTableCommandInput): Answer<Ec2.CreateRouteTableCommandOutput> {
    requireEc2(input, ["VpcId"]);
    const { id: vpcId } = findVpc(account, input.VpcId);
    const tags = specifiedTags(input.TagSpecifications, "route-table");
    const id = `rtb-${account.hex(17)}`;
    const table: RouteTable = {
      id,
      vpcId,
      isMain: false,
      subnetIds: [],
      routes: new Map(),
      visibleAt: visibleFrom(account),
      tags,
    };
    account.ec2.routeTables.set(id, table);
    return { RouteTable: describeRouteTable(account, table) };
  },

  async deleteRouteTable(input: Ec2.DeleteRouteTableCommandInput): Answer<Ec2.DeleteRouteTableCommandOutput> {
    const { id, isMain, subnetIds } = findTable(account, input.RouteTableId);
    if (isMain || subnetIds.length > 0)
      throw dependencyViolation(`The routeTable '${id}' has dependencies and cannot be deleted.`);
    account.ec2.routeTables.delete(id);
    for (const endpoint of account.ec2.vpcEndpoints.values()) endpoint.routeTableIds.delete(id);
    return {};
  },

  async associateRouteTable(
    input: Ec2.AssociateRouteTableCommandInput,
  ): Answer<Ec2.AssociateRouteTableCommandOutput> {
    const table = findTable(account, input.RouteTableId);
    const { id, vpcId } = findSubnet(account, input.SubnetId);
    if (vpcId !== table.vpcId)
      throw new ServiceError(
        "InvalidParameterValue",
        `Route table ${table.id} and subnet ${id} belong to different networks`,
      );
    const other = [...account.ec2.routeTables.values()].find(
      (each) => !each.isMain && each.subnetIds.includes(id),
    );
    if (other !== undefined)
      throw new ServiceError(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${table.id} conflicts with an existing association`,
      );
    table.subnetIds = [...table.subnetIds, id];
    return { AssociationId: associationId(id), AssociationState: { State: "associated" } };
  },

  async disassociateRouteTable(
    input: Ec2.DisassociateRouteTableCommandInput,
  ): Answer<Ec2.DisassociateRouteTableCommandOutput> {
    const { AssociationId: association = "" } = input;
    const table = [...account.ec2.routeTables.values()].find(({ subnetIds }) =>
      subnetIds.some((id) => associationId(id) === association),
    );
    if (table === undefined)
      throw new ServiceError(
        "InvalidAssociationID.NotFound",
        `The association ID '${association}' does not exist`,
      );
    table.subnetIds = table.subnetIds.filter((id) => associationId(id) !== association);
    return {};
  },
});

export function findTable(account: Account, id: string | undefined): RouteTable {
  const found = account.ec2.routeTables.get(id ?? "");
  if (found !== undefined && isVisible(account, found)) return found;
  throw new ServiceError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`);
}
