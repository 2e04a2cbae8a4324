import type { AwsContext } from "../aws/context.js";
import { keepOldKind } from "../bluegreen/keep-old.js";
import { testRuleKind } from "../bluegreen/test-rule.js";
import { autoScalingGroupKind } from "../cluster/auto-scaling-group.js";
import { capacityProviderKind } from "../cluster/capacity-provider.js";
import { clusterCapacityProviderKind } from "../cluster/cluster-capacity-provider.js";
import { ecsClusterKind } from "../cluster/ecs-cluster.js";
import { keyPairKind } from "../cluster/key-pair.js";
import { launchTemplateKind } from "../cluster/launch-template.js";
import type { Kind, RunContext, Tagged } from "../engine/kind.js";
import { iamRoleKind } from "../iam/iam-role.js";
import { instanceProfileKind } from "../iam/instance-profile.js";
import { ecrRepositoryKind } from "../image/ecr-repository.js";
import { scheduleGroupKind } from "../job/schedule-group.js";
import { listenerRuleKind } from "../load-balancer/listener-rule.js";
import { listenerKind } from "../load-balancer/listener.js";
import { loadBalancerKind } from "../load-balancer/load-balancer.js";
import { targetGroupKind } from "../load-balancer/target-group.js";
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

export const forget = <Desired extends Tagged, State, Context extends RunContext>(
  kind: Kind<Desired, State, Context>,
): Kind<Tagged, unknown, Context> => kind as unknown as Kind<Tagged, unknown, Context>;

/** What scales instances: the cluster's own, and gone as soon as its description says nothing of it. */
export const INSTANCE_SCALING_KINDS: readonly Kind<Tagged, unknown, AwsContext>[] = [
  forget(alarmKind),
  forget(alarmActionKind),
  forget(capacityProviderKind),
  forget(clusterCapacityProviderKind),
  forget(instanceScalingPolicyKind),
  forget(instanceScheduleKind),
];

/** Every kind of resource that quayside makes: where what is no longer described is looked for. */
export const KINDS: readonly Kind<Tagged, unknown, AwsContext>[] = [
  ...INSTANCE_SCALING_KINDS,
  forget(autoScalingGroupKind),
  forget(ecrRepositoryKind),
  forget(ecsClusterKind),
  forget(iamRoleKind),
  forget(instanceProfileKind),
  forget(keyPairKind),
  forget(launchTemplateKind),
  forget(listenerKind),
  forget(listenerRuleKind),
  forget(loadBalancerKind),
  forget(logGroupKind),
  forget(scalableTargetKind),
  forget(scalingPolicyKind),
  forget(scheduledActionKind),
  forget(scheduleGroupKind),
  forget(securityGroupKind),
  forget(securityGroupRuleKind),
  forget(serviceKind),
  forget(targetGroupKind),
  forget(taskDefinitionKind),
  forget(testRuleKind),
  forget(keepOldKind),
];
