import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { visibleFrom } from "./default-network.js";
import { applyFilters } from "./filters.js";
import { dependencyViolation, findVpc, isVisible } from "./network-changes.js";
import { byIds, ec2Page, specifiedTags } from "./request.js";
import type { InternetGateway } from "./state.js";

/** Internet gateways. */
export const internetGateways = (account: Account) => ({
  async createInternetGateway(
    input: Ec2.CreateInternetGatewayCommandInput,
  ): Answer<Ec2.CreateInternetGatewayCommandOutput> {
    const tags = specifiedTags(input.TagSpecifications, "internet-gateway");
    if (account.ec2.internetGateways.size >= 5)
      throw new ServiceError(
        "InternetGatewayLimitExceeded",
        "The maximum number of internet gateways has been reached.",
      );
    const id = `igw-${account.hex(17)}`;
    const gateway: InternetGateway = { id, vpcId: undefined, visibleAt: visibleFrom(account), tags };
    account.ec2.internetGateways.set(gateway.id, gateway);
    return { InternetGateway: describeGateway(account, gateway) };
  },

  async describeInternetGateways(
    input: Ec2.DescribeInternetGatewaysCommandInput,
  ): Answer<Ec2.DescribeInternetGatewaysCommandOutput> {
    const known = byIds(account.ec2.internetGateways, input.InternetGatewayIds, gatewayNotFound);
    const found = applyFilters(
      known,
      input.Filters,
      {
        "internet-gateway-id": ({ id }) => [id],
        "attachment.vpc-id": ({ vpcId }) => [vpcId],
        "attachment.state": ({ vpcId }) => (vpcId === undefined ? [] : ["available"]),
        "owner-id": () => [account.accountId],
      },
      ({ tags }) => tags,
    );
    const { items, nextToken } = ec2Page(found, input);
    return { InternetGateways: items.map((each) => describeGateway(account, each)), NextToken: nextToken };
  },

  async attachInternetGateway(
    input: Ec2.AttachInternetGatewayCommandInput,
  ): Answer<Ec2.AttachInternetGatewayCommandOutput> {
    const gateway = findGateway(account, input.InternetGatewayId);
    const { id } = findVpc(account, input.VpcId);
    if (gateway.vpcId !== undefined)
      throw new ServiceError(
        "Resource.AlreadyAssociated",
        `resource ${gateway.id} is already attached to network ${gateway.vpcId}`,
      );
    if ([...account.ec2.internetGateways.values()].some(({ vpcId }) => vpcId === id))
      throw new ServiceError(
        "InvalidParameterValue",
        `Network ${id} already has an internet gateway attached`,
      );
    gateway.vpcId = id;
    return {};
  },

  async detachInternetGateway(
    input: Ec2.DetachInternetGatewayCommandInput,
  ): Answer<Ec2.DetachInternetGatewayCommandOutput> {
    const gateway = findGateway(account, input.InternetGatewayId);
    if (gateway.vpcId === undefined || gateway.vpcId !== input.VpcId)
      throw new ServiceError(
        "Gateway.NotAttached",
        `resource ${gateway.id} is not attached to network ${input.VpcId}`,
      );
    const { vpcId } = gateway;
    if ([...account.ec2.networkInterfaces.values()].some((each) => each.vpcId === vpcId && each.isPublic))
      throw dependencyViolation(
        `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
      );
    gateway.vpcId = undefined;
    return {};
  },

  async deleteInternetGateway(
    input: Ec2.DeleteInternetGatewayCommandInput,
  ): Answer<Ec2.DeleteInternetGatewayCommandOutput> {
    const { id, vpcId } = findGateway(account, input.InternetGatewayId);
    if (vpcId !== undefined)
      throw dependencyViolation(`The internetGateway '${id}' has dependencies and cannot be deleted.`);
    account.ec2.internetGateways.delete(id);
    return {};
  },
});

export function findGateway(account: Account, id = ""): InternetGateway {
  const found = account.ec2.internetGateways.get(id);
  if (found !== undefined && isVisible(account, found)) return found;
  throw gatewayNotFound(id);
}

const gatewayNotFound = (id: string): ServiceError =>
  new ServiceError("InvalidInternetGatewayID.NotFound", `The internetGateway ID '${id}' does not exist`);

const describeGateway = (account: Account, { id, vpcId, tags }: InternetGateway): Ec2.InternetGateway => ({
  InternetGatewayId: id,
  OwnerId: account.accountId,
  Attachments: vpcId === undefined ? [] : [{ VpcId: vpcId, State: "available" as Ec2.AttachmentStatus }],
  Tags: tagList(tags),
});
