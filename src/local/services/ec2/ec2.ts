import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { accountFacts } from "./account-facts.js";
import { createTags } from "./create-tags.js";
import { describeNetworkInterfaces } from "./describe-network-interfaces.js";
import { addresses } from "./addresses.js";
import { internetGateways } from "./gateways.js";
import { natGateways } from "./nat-gateways.js";
import { routeTableChanges } from "./route-table-changes.js";
import { routes } from "./routes.js";
import { vpcEndpointChanges } from "./vpc-endpoint-changes.js";
import { images } from "./images.js";
import { instanceTypes } from "./instance-types.js";
import { instanceChanges } from "./instance-changes.js";
import { instances } from "./instances.js";
import { keyPairs } from "./key-pairs.js";
import { launchTemplateVersions } from "./launch-template-versions.js";
import { launchTemplates } from "./launch-templates.js";
import { networkChanges } from "./network-changes.js";
import { routeTables } from "./route-tables.js";
import { securityGroupRules } from "./security-group-rules.js";
import { securityGroups } from "./security-groups.js";
import { subnets } from "./subnets.js";
import { tags } from "./tags.js";
import { vpcEndpointServices } from "./vpc-endpoint-services.js";
import { vpcEndpoints } from "./vpc-endpoints.js";
import { vpcs } from "./vpcs.js";

/** EC2 as far as a deployment needs it: networks, launch templates, instances. */
export function createEc2(account: Account): Ec2Api {
  return {
    ...vpcs(account),
    ...subnets(account),
    ...routeTables(account),
    ...vpcEndpoints(account),
    ...images(account),
    ...instanceTypes(account),
    ...instances(account),
    ...securityGroups(account),
    ...securityGroupRules(account),
    ...describeNetworkInterfaces(account),
    ...keyPairs(account),
    ...launchTemplates(account),
    ...launchTemplateVersions(account),
    ...createTags(account),
    ...tags(account),
    ...networkChanges(account),
    ...internetGateways(account),
    ...routeTableChanges(account),
    ...routes(account),
    ...addresses(account),
    ...natGateways(account),
    ...vpcEndpointChanges(account),
    ...vpcEndpointServices(account),
    ...accountFacts(account),
    ...instanceChanges(account),
  };
}
