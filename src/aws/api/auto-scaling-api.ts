import type * as Asg from "@aws-sdk/client-auto-scaling";
import type { Operation } from "../operation.js";

export interface AutoScalingApi {
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
  startInstanceRefresh: Operation<
    Asg.StartInstanceRefreshCommandInput,
    Asg.StartInstanceRefreshCommandOutput
  >;
  describeInstanceRefreshes: Operation<
    Asg.DescribeInstanceRefreshesCommandInput,
    Asg.DescribeInstanceRefreshesCommandOutput
  >;
  cancelInstanceRefresh: Operation<
    Asg.CancelInstanceRefreshCommandInput,
    Asg.CancelInstanceRefreshCommandOutput
  >;
  rollbackInstanceRefresh: Operation<
    Asg.RollbackInstanceRefreshCommandInput,
    Asg.RollbackInstanceRefreshCommandOutput
  >;
}
