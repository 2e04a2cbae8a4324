import type * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { TERMINATION_POLICIES } from "./group-settings.js";
import { autoScalingPage, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup } from "./state.js";

/** The tags of groups, and what an account may have. */
export const createAccountFacts = (account: Account) => ({
  async describeTags(
    input: AutoScaling.DescribeTagsCommandInput,
  ): Answer<AutoScaling.DescribeTagsCommandOutput> {
    const found = [...account.autoScaling.groups.values()].flatMap(tagsOf).filter((tag) =>
      (input.Filters ?? []).every(({ Name: name = "", Values: values = [] }) => {
        const value = {
          "auto-scaling-group": tag.ResourceId,
          key: tag.Key,
          value: tag.Value,
          "propagate-at-launch": String(tag.PropagateAtLaunch),
        }[name];
        if (value === undefined) throw validationError(`Filter type ${name} is not correct.`);
        return values.includes(value);
      }),
    );
    const { items, nextToken } = autoScalingPage(found, input);
    return { Tags: items, NextToken: nextToken };
  },

  async deleteTags(input: AutoScaling.DeleteTagsCommandInput): Answer<AutoScaling.DeleteTagsCommandOutput> {
    requireAutoScaling(input, ["Tags"]);
    for (const { ResourceId = "", Key = "" } of input.Tags ?? [])
      account.autoScaling.groups.get(ResourceId)?.tags.delete(Key);
    return {};
  },

  async describeAccountLimits(
    _input: AutoScaling.DescribeAccountLimitsCommandInput,
  ): Answer<AutoScaling.DescribeAccountLimitsCommandOutput> {
    return {
      MaxNumberOfAutoScalingGroups: 500,
      MaxNumberOfLaunchConfigurations: 200,
      NumberOfAutoScalingGroups: account.autoScaling.groups.size,
      NumberOfLaunchConfigurations: account.autoScaling.launchConfigurations.size,
    };
  },

  async describeAdjustmentTypes(): Answer<AutoScaling.DescribeAdjustmentTypesCommandOutput> {
    const types = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];
    return { AdjustmentTypes: types.map((AdjustmentType) => ({ AdjustmentType })) };
  },

  async describeTerminationPolicyTypes(): Answer<AutoScaling.DescribeTerminationPolicyTypesCommandOutput> {
    return { TerminationPolicyTypes: [...TERMINATION_POLICIES] };
  },
});

const tagsOf = (group: AutoScalingGroup): AutoScaling.TagDescription[] =>
  [...group.tags].map(([Key, { value, propagate }]) => ({
    ResourceId: group.name,
    ResourceType: "auto-scaling-group",
    Key,
    Value: value,
    PropagateAtLaunch: propagate,
  }));
