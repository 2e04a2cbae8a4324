import type * as Scaling from "@aws-sdk/client-application-auto-scaling";
import type { Operation } from "../operation.js";

export interface ApplicationAutoScalingApi {
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
