import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { findLoadBalancer } from "./lookups.js";
import { elbPage } from "./paging.js";
import { requireElb } from "./service-errors.js";

/** Quotas of an application load balancer's resources. Source: ELB quotas. */
const LIMITS: Readonly<Record<string, number>> = {
  "application-load-balancers": 50,
  "condition-values-per-alb-rule": 5,
  "condition-wildcards-per-alb-rule": 6,
  "listeners-per-application-load-balancer": 50,
  "rules-per-application-load-balancer": 100,
  "target-groups": 3000,
  "target-groups-per-action-on-application-load-balancer": 5,
  "target-groups-per-application-load-balancer": 100,
  "targets-per-application-load-balancer": 1000,
  "targets-per-availability-zone-per-network-load-balancer": 500,
};

const TLS_12 = ["TLSv1.2"];
const TLS_13 = ["TLSv1.3", "TLSv1.2"];
const CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
];

const POLICIES: Readonly<Record<string, readonly string[]>> = {
  "ELBSecurityPolicy-2016-08": ["TLSv1", "TLSv1.1", ...TLS_12],
  "ELBSecurityPolicy-TLS-1-1-2017-01": ["TLSv1.1", ...TLS_12],
  "ELBSecurityPolicy-TLS-1-2-2017-01": TLS_12,
  "ELBSecurityPolicy-TLS-1-2-Ext-2018-06": TLS_12,
  "ELBSecurityPolicy-FS-1-2-Res-2020-10": TLS_12,
  "ELBSecurityPolicy-TLS13-1-2-2021-06": TLS_13,
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06": TLS_13,
  "ELBSecurityPolicy-TLS13-1-3-2021-06": ["TLSv1.3"],
};

export const createAccountFactHandlers = (account: Account) => ({
  async describeAccountLimits(
    input: Elb.DescribeAccountLimitsCommandInput,
  ): Answer<Elb.DescribeAccountLimitsCommandOutput> {
    const all = Object.entries(LIMITS).map(([Name, Max]) => ({ Name, Max: String(Max) }));
    const { items, next } = elbPage(all, input);
    return { Limits: items, ...next };
  },

  async describeSSLPolicies(
    input: Elb.DescribeSSLPoliciesCommandInput,
  ): Answer<Elb.DescribeSSLPoliciesCommandOutput> {
    const unknown = input.Names?.find((name) => POLICIES[name] === undefined);
    if (unknown !== undefined)
      throw new ServiceError("SSLPolicyNotFound", `SSL policy '${unknown}' not found`);
    const names = Object.keys(POLICIES).filter((name) => input.Names?.includes(name) ?? true);
    const { items, next } = elbPage(names, input);
    return {
      SslPolicies: items.map((Name) => ({
        Name,
        SslProtocols: [...POLICIES[Name]!],
        Ciphers: CIPHERS.map((name, index) => ({ Name: name, Priority: index + 1 })),
        SupportedLoadBalancerTypes: ["application", "network"],
      })),
      ...next,
    };
  },

  async setIpAddressType(input: Elb.SetIpAddressTypeCommandInput): Answer<Elb.SetIpAddressTypeCommandOutput> {
    requireElb(input, ["LoadBalancerArn", "IpAddressType"]);
    const loadBalancer = findLoadBalancer(account, input.LoadBalancerArn ?? "");
    const { IpAddressType: type = "ipv4" } = input;
    if (loadBalancer.scheme === "internal" && type !== "ipv4")
      throw new ServiceError("InvalidConfigurationRequest", "Internal load balancers cannot be dualstack");
    loadBalancer.ipAddressType = type;
    return { IpAddressType: type };
  },
});
