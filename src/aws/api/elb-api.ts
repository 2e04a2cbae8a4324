import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Operation } from "../operation.js";

export interface ElbApi {
  createLoadBalancer: Operation<Elb.CreateLoadBalancerCommandInput, Elb.CreateLoadBalancerCommandOutput>;
  describeLoadBalancers: Operation<
    Elb.DescribeLoadBalancersCommandInput,
    Elb.DescribeLoadBalancersCommandOutput
  >;
  describeLoadBalancerAttributes: Operation<
    Elb.DescribeLoadBalancerAttributesCommandInput,
    Elb.DescribeLoadBalancerAttributesCommandOutput
  >;
  modifyLoadBalancerAttributes: Operation<
    Elb.ModifyLoadBalancerAttributesCommandInput,
    Elb.ModifyLoadBalancerAttributesCommandOutput
  >;
  setSecurityGroups: Operation<Elb.SetSecurityGroupsCommandInput, Elb.SetSecurityGroupsCommandOutput>;
  setSubnets: Operation<Elb.SetSubnetsCommandInput, Elb.SetSubnetsCommandOutput>;
  deleteLoadBalancer: Operation<Elb.DeleteLoadBalancerCommandInput, Elb.DeleteLoadBalancerCommandOutput>;
  createTargetGroup: Operation<Elb.CreateTargetGroupCommandInput, Elb.CreateTargetGroupCommandOutput>;
  describeTargetGroups: Operation<
    Elb.DescribeTargetGroupsCommandInput,
    Elb.DescribeTargetGroupsCommandOutput
  >;
  modifyTargetGroup: Operation<Elb.ModifyTargetGroupCommandInput, Elb.ModifyTargetGroupCommandOutput>;
  describeTargetGroupAttributes: Operation<
    Elb.DescribeTargetGroupAttributesCommandInput,
    Elb.DescribeTargetGroupAttributesCommandOutput
  >;
  modifyTargetGroupAttributes: Operation<
    Elb.ModifyTargetGroupAttributesCommandInput,
    Elb.ModifyTargetGroupAttributesCommandOutput
  >;
  deleteTargetGroup: Operation<Elb.DeleteTargetGroupCommandInput, Elb.DeleteTargetGroupCommandOutput>;
  describeTargetHealth: Operation<
    Elb.DescribeTargetHealthCommandInput,
    Elb.DescribeTargetHealthCommandOutput
  >;
  createListener: Operation<Elb.CreateListenerCommandInput, Elb.CreateListenerCommandOutput>;
  describeListeners: Operation<Elb.DescribeListenersCommandInput, Elb.DescribeListenersCommandOutput>;
  modifyListener: Operation<Elb.ModifyListenerCommandInput, Elb.ModifyListenerCommandOutput>;
  removeListenerCertificates: Operation<
    Elb.RemoveListenerCertificatesCommandInput,
    Elb.RemoveListenerCertificatesCommandOutput
  >;
  addListenerCertificates: Operation<
    Elb.AddListenerCertificatesCommandInput,
    Elb.AddListenerCertificatesCommandOutput
  >;
  describeListenerCertificates: Operation<
    Elb.DescribeListenerCertificatesCommandInput,
    Elb.DescribeListenerCertificatesCommandOutput
  >;
  deleteListener: Operation<Elb.DeleteListenerCommandInput, Elb.DeleteListenerCommandOutput>;
  createRule: Operation<Elb.CreateRuleCommandInput, Elb.CreateRuleCommandOutput>;
  describeRules: Operation<Elb.DescribeRulesCommandInput, Elb.DescribeRulesCommandOutput>;
  modifyRule: Operation<Elb.ModifyRuleCommandInput, Elb.ModifyRuleCommandOutput>;
  setRulePriorities: Operation<Elb.SetRulePrioritiesCommandInput, Elb.SetRulePrioritiesCommandOutput>;
  deleteRule: Operation<Elb.DeleteRuleCommandInput, Elb.DeleteRuleCommandOutput>;
  describeTags: Operation<Elb.DescribeTagsCommandInput, Elb.DescribeTagsCommandOutput>;
  addTags: Operation<Elb.AddTagsCommandInput, Elb.AddTagsCommandOutput>;
  removeTags: Operation<Elb.RemoveTagsCommandInput, Elb.RemoveTagsCommandOutput>;
}
