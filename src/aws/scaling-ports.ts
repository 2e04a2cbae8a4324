import type * as Scaling from "@aws-sdk/client-application-auto-scaling";
import type * as Asg from "@aws-sdk/client-auto-scaling";
import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import type { Operation } from "./operation.js";

/*
 * The part of `ports.ts` that scales: groups of instances, services' numbers of tasks, and alarms.
 */

export interface AutoScalingPort {
  createAutoScalingGroup: Operation<
    Asg.CreateAutoScalingGroupCommandInput,
    Asg.CreateAutoScalingGroupCommandOutput
  >;
  describeAutoScalingGroups: Operation<
    Asg.DescribeAutoScalingGroupsCommandInput,
    Asg.DescribeAutoScalingGroupsCommandOutput
  >;
  updateAutoScalingGroup: Operation<
    Asg.UpdateAutoScalingGroupCommandInput,
    Asg.UpdateAutoScalingGroupCommandOutput
  >;
  deleteAutoScalingGroup: Operation<
    Asg.DeleteAutoScalingGroupCommandInput,
    Asg.DeleteAutoScalingGroupCommandOutput
  >;
  describeScalingActivities: Operation<
    Asg.DescribeScalingActivitiesCommandInput,
    Asg.DescribeScalingActivitiesCommandOutput
  >;
  createOrUpdateTags: Operation<Asg.CreateOrUpdateTagsCommandInput, Asg.CreateOrUpdateTagsCommandOutput>;
  putScalingPolicy: Operation<Asg.PutScalingPolicyCommandInput, Asg.PutScalingPolicyCommandOutput>;
  describePolicies: Operation<Asg.DescribePoliciesCommandInput, Asg.DescribePoliciesCommandOutput>;
  deletePolicy: Operation<Asg.DeletePolicyCommandInput, Asg.DeletePolicyCommandOutput>;
  putScheduledUpdateGroupAction: Operation<
    Asg.PutScheduledUpdateGroupActionCommandInput,
    Asg.PutScheduledUpdateGroupActionCommandOutput
  >;
  describeScheduledActions: Operation<
    Asg.DescribeScheduledActionsCommandInput,
    Asg.DescribeScheduledActionsCommandOutput
  >;
  deleteScheduledAction: Operation<
    Asg.DeleteScheduledActionCommandInput,
    Asg.DeleteScheduledActionCommandOutput
  >;
  setInstanceProtection: Operation<
    Asg.SetInstanceProtectionCommandInput,
    Asg.SetInstanceProtectionCommandOutput
  >;
}

export interface ApplicationAutoScalingPort {
  registerScalableTarget: Operation<
    Scaling.RegisterScalableTargetCommandInput,
    Scaling.RegisterScalableTargetCommandOutput
  >;
  deregisterScalableTarget: Operation<
    Scaling.DeregisterScalableTargetCommandInput,
    Scaling.DeregisterScalableTargetCommandOutput
  >;
  putScalingPolicy: Operation<Scaling.PutScalingPolicyCommandInput, Scaling.PutScalingPolicyCommandOutput>;
  describeScalingPolicies: Operation<
    Scaling.DescribeScalingPoliciesCommandInput,
    Scaling.DescribeScalingPoliciesCommandOutput
  >;
  deleteScalingPolicy: Operation<
    Scaling.DeleteScalingPolicyCommandInput,
    Scaling.DeleteScalingPolicyCommandOutput
  >;
  putScheduledAction: Operation<
    Scaling.PutScheduledActionCommandInput,
    Scaling.PutScheduledActionCommandOutput
  >;
  describeScheduledActions: Operation<
    Scaling.DescribeScheduledActionsCommandInput,
    Scaling.DescribeScheduledActionsCommandOutput
  >;
  deleteScheduledAction: Operation<
    Scaling.DeleteScheduledActionCommandInput,
    Scaling.DeleteScheduledActionCommandOutput
  >;
  describeScalingActivities: Operation<
    Scaling.DescribeScalingActivitiesCommandInput,
    Scaling.DescribeScalingActivitiesCommandOutput
  >;
  listTagsForResource: Operation<
    Scaling.ListTagsForResourceCommandInput,
    Scaling.ListTagsForResourceCommandOutput
  >;
  tagResource: Operation<Scaling.TagResourceCommandInput, Scaling.TagResourceCommandOutput>;
  describeScalableTargets: Operation<
    Scaling.DescribeScalableTargetsCommandInput,
    Scaling.DescribeScalableTargetsCommandOutput
  >;
}

export interface CloudWatchPort {
  putMetricAlarm: Operation<CloudWatch.PutMetricAlarmCommandInput, CloudWatch.PutMetricAlarmCommandOutput>;
  describeAlarms: Operation<CloudWatch.DescribeAlarmsCommandInput, CloudWatch.DescribeAlarmsCommandOutput>;
  deleteAlarms: Operation<CloudWatch.DeleteAlarmsCommandInput, CloudWatch.DeleteAlarmsCommandOutput>;
  listTagsForResource: Operation<
    CloudWatch.ListTagsForResourceCommandInput,
    CloudWatch.ListTagsForResourceCommandOutput
  >;
  tagResource: Operation<CloudWatch.TagResourceCommandInput, CloudWatch.TagResourceCommandOutput>;
}
