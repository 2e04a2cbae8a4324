import type { WafApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import type { LoadBalancer } from "../elb/state.js";

/** AWS WAF, as far as load balancers are concerned: every regional web ACL of the account exists, and lets everything through. */
export const createWaf = (account: Account): WafApi => ({
  async associateWebACL({ WebACLArn = "", ResourceArn = "" }) {
    const { partition, region, accountId } = account;
    if (!WebACLArn.startsWith(`arn:${partition}:wafv2:${region}:${accountId}:regional/webacl/`))
      throw invalid(`Error reason: The ARN isn't valid., field: RESOURCE_ARN, parameter: ${WebACLArn}`);
    const balancer = balancerOf(account, ResourceArn);
    if (balancer.state !== "active")
      throw new ServiceError(
        "WAFUnavailableEntityException",
        "AWS WAF couldn’t retrieve the resource that you requested. Retry your request.",
      );
    account.waf.associations.set(ResourceArn, WebACLArn);
    return {};
  },

  async disassociateWebACL({ ResourceArn = "" }) {
    balancerOf(account, ResourceArn);
    account.waf.associations.delete(ResourceArn);
    return {};
  },

  async getWebACLForResource({ ResourceArn = "" }) {
    balancerOf(account, ResourceArn);
    const arn = account.waf.associations.get(ResourceArn);
    if (arn === undefined) return {};
    const [, , name = "", id = ""] = arn.split("/");
    return {
      WebACL: {
        ARN: arn,
        Name: name,
        Id: id,
        DefaultAction: { Allow: {} },
        VisibilityConfig: {
          SampledRequestsEnabled: false,
          CloudWatchMetricsEnabled: false,
          MetricName: name,
        },
      },
    };
  },
});

function balancerOf({ elb }: Account, arn: string): LoadBalancer {
  if (!/:loadbalancer\/app\//.test(arn))
    throw invalid(`Error reason: The ARN isn't valid., field: RESOURCE_ARN, parameter: ${arn}`);
  const found = elb.loadBalancers.get(arn);
  if (found === undefined)
    throw new ServiceError(
      "WAFNonexistentItemException",
      "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",
    );
  return found;
}

const invalid = (message: string): ServiceError => new ServiceError("WAFInvalidParameterException", message);
