import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, readTags } from "../../core/tags.js";
import { invalidValue, requireEc2 } from "./request.js";
import { visibleSecurityGroup } from "./visible-security-group.js";

interface Taggable {
  readonly notFound: string;
  readonly find: (account: Account, id: string) => { readonly tags: Map<string, string> } | undefined;
}

const taggable: Readonly<Record<string, Taggable>> = {
  vpc: { notFound: "InvalidVpcID.NotFound", find: (account, id) => account.ec2.vpcs.get(id) },
  subnet: { notFound: "InvalidSubnetID.NotFound", find: (account, id) => account.ec2.subnets.get(id) },
  sg: { notFound: "InvalidGroup.NotFound", find: visibleSecurityGroup },
  sgr: {
    notFound: "InvalidSecurityGroupRuleId.NotFound",
    find: (account, id) =>
      [...account.ec2.securityGroups.values()]
        .map((group) => group.rules.get(id))
        .find((rule) => rule !== undefined),
  },
  key: { notFound: "InvalidKeyPair.NotFound", find: (account, id) => account.ec2.keyPairs.get(id) },
  lt: {
    notFound: "InvalidLaunchTemplateId.NotFound",
    find: (account, id) => account.ec2.launchTemplates.get(id),
  },
  igw: {
    notFound: "InvalidInternetGatewayID.NotFound",
    find: (account, id) => account.ec2.internetGateways.get(id),
  },
  rtb: { notFound: "InvalidRouteTableID.NotFound", find: (account, id) => account.ec2.routeTables.get(id) },
  eipalloc: {
    notFound: "InvalidAllocationID.NotFound",
    find: (account, id) => account.ec2.addresses.get(id),
  },
  nat: { notFound: "NatGatewayNotFound", find: (account, id) => account.ec2.natGateways.get(id) },
  vpce: {
    notFound: "InvalidVpcEndpointId.NotFound",
    find: (account, id) => account.ec2.vpcEndpoints.get(id),
  },
  i: { notFound: "InvalidInstanceID.NotFound", find: (account, id) => account.ec2.instances.get(id) },
};

export function createTags(account: Account): Pick<Ec2Api, "createTags"> {
  return {
    async createTags(input) {
      requireEc2(input, ["Resources", "Tags"]);
      const tags = readTags(input.Tags, invalidValue);
      if (tags.size === 0) requireEc2<{ Tags?: unknown }>({}, ["Tags"]);
      // All or nothing: every resource is looked up before the first tag is set.
      const resources = (input.Resources ?? []).map((id) => taggableResource(account, id));
      for (const resource of resources) {
        addTags(resource.tags, tags, (message) => new ServiceError("TagLimitExceeded", message));
      }
      return {};
    },
  };
}

/** The resource with this id. Rejects an id that nothing has, or nothing that can be tagged. */
export function taggableResource(account: Account, id: string): { readonly tags: Map<string, string> } {
  const kind = taggable[id.split("-")[0] ?? ""];
  if (kind === undefined) throw new ServiceError("InvalidID", `The ID '${id}' is not valid`);
  const resource = kind.find(account, id);
  if (resource === undefined) throw new ServiceError(kind.notFound, `The ID '${id}' does not exist`);
  return resource;
}
