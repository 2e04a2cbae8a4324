import type { AwsContext } from "../aws/context.js";
import { keepOldKind } from "../bluegreen/keep-old.js";
import { previewRuleKind } from "../bluegreen/preview-rule.js";
import { testRuleKind } from "../bluegreen/test-rule.js";
import { autoScalingGroupKind } from "../cluster/auto-scaling-group.js";
import { capacityProviderKind } from "../cluster/capacity-provider.js";
import { clusterCapacityProviderKind } from "../cluster/cluster-capacity-provider.js";
import { ecsClusterKind } from "../cluster/ecs-cluster.js";
import { keyPairKind } from "../cluster/key-pair.js";
import { launchTemplateKind } from "../cluster/launch-template.js";
import { discoveryServiceKind } from "../discovery/discovery-service.js";
import { namespaceKind } from "../discovery/namespace.js";
import { dnsRecordKind } from "../domains/dns-record.js";
import { requestedCertificateKind } from "../domains/requested-certificate.js";
import { validationRecordKind } from "../domains/validation-record.js";
import { managedInstancesKind } from "../cluster/managed-instances.js";
import type { Kind, RunContext, Tagged } from "../engine/kind.js";
import { iamRoleKind } from "../iam/iam-role.js";
import { instanceProfileKind } from "../iam/instance-profile.js";
import { ecrRepositoryKind } from "../image/ecr-repository.js";
import { scheduleGroupKind } from "../job/schedule-group.js";
import { listenerRuleKind } from "../load-balancer/listener-rule.js";
import { listenerKind } from "../load-balancer/listener.js";
import { loadBalancerKind } from "../load-balancer/load-balancer.js";
import { networkListenerKind } from "../load-balancer/network-listener.js";
import { targetGroupKind } from "../load-balancer/target-group.js";
import { elasticIpKind } from "../network/own/elastic-ip.js";
import { internetGatewayKind } from "../network/own/internet-gateway.js";
import { natGatewayKind } from "../network/own/nat-gateway.js";
import { routeTableKind } from "../network/own/route-table.js";
import { subnetKind } from "../network/own/subnet.js";
import { vpcKind } from "../network/own/vpc.js";
import { vpcEndpointKind } from "../network/own/vpc-endpoint.js";
import { securityGroupRuleKind } from "../network/security-group-rule.js";
import { securityGroupKind } from "../network/security-group.js";
import { alarmActionKind } from "../scaling/alarm-action.js";
import { alarmKind } from "../scaling/alarm.js";
import { instanceScalingPolicyKind } from "../scaling/instance-scaling-policy.js";
import { instanceScheduleKind } from "../scaling/instance-schedule.js";
import { scalableTargetKind } from "../scaling/scalable-target.js";
import { scalingPolicyKind } from "../scaling/scaling-policy.js";
import { scheduledActionKind } from "../scaling/scheduled-action.js";
import { serviceKind } from "../service/ecs-service.js";
import { logGroupKind } from "../service/log-group.js";
import { taskDefinitionKind } from "../service/task-definition/task-definition.js";

const eraseTypes = <Desired extends Tagged, State, Context extends RunContext>(
  kind: Kind<Desired, State, Context>,
): Kind<Tagged, unknown, Context> => kind as unknown as Kind<Tagged, unknown, Context>;

/** The kinds that scale or launch instances. They are deleted as soon as the cluster's description no longer contains them. */
export const INSTANCE_SCALING_KINDS: readonly Kind<Tagged, unknown, AwsContext>[] = [
  eraseTypes(alarmKind),
  eraseTypes(alarmActionKind),
  eraseTypes(capacityProviderKind),
  eraseTypes(clusterCapacityProviderKind),
  eraseTypes(instanceScalingPolicyKind),
  eraseTypes(instanceScheduleKind),
  eraseTypes(managedInstancesKind),
];

/** The parts of a network that every chain which describes it has: others are deleted. */
export const NETWORK_KINDS: readonly Kind<Tagged, unknown, AwsContext>[] = [
  eraseTypes(elasticIpKind),
  eraseTypes(internetGatewayKind),
  eraseTypes(natGatewayKind),
  eraseTypes(routeTableKind),
  eraseTypes(subnetKind),
  eraseTypes(vpcKind),
];

/** Those by which a network reaches AWS's services: without a NAT gateway, they depend on what its users need. */
export const ENDPOINT_KINDS: readonly Kind<Tagged, unknown, AwsContext>[] = [
  eraseTypes(vpcEndpointKind),
  eraseTypes(securityGroupKind),
  eraseTypes(securityGroupRuleKind),
];

/** Every kind of resource that quayside creates: leftovers and orphans are searched among them. */
export const KINDS: readonly Kind<Tagged, unknown, AwsContext>[] = [
  ...INSTANCE_SCALING_KINDS,
  ...NETWORK_KINDS,
  ...ENDPOINT_KINDS,
  eraseTypes(autoScalingGroupKind),
  eraseTypes(ecrRepositoryKind),
  eraseTypes(ecsClusterKind),
  eraseTypes(namespaceKind),
  eraseTypes(discoveryServiceKind),
  eraseTypes(dnsRecordKind),
  eraseTypes(requestedCertificateKind),
  eraseTypes(validationRecordKind),
  eraseTypes(iamRoleKind),
  eraseTypes(instanceProfileKind),
  eraseTypes(keyPairKind),
  eraseTypes(launchTemplateKind),
  eraseTypes(listenerKind),
  eraseTypes(listenerRuleKind),
  eraseTypes(loadBalancerKind),
  eraseTypes(networkListenerKind),
  eraseTypes(logGroupKind),
  eraseTypes(scalableTargetKind),
  eraseTypes(scalingPolicyKind),
  eraseTypes(scheduledActionKind),
  eraseTypes(scheduleGroupKind),
  eraseTypes(serviceKind),
  eraseTypes(targetGroupKind),
  eraseTypes(taskDefinitionKind),
  eraseTypes(testRuleKind),
  eraseTypes(previewRuleKind),
  eraseTypes(keepOldKind),
];
