import type { Constraints } from "../constraint.js";

const TAG = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)";

/** Of Systems Manager. Source: its API reference. */
export const SSM_CONSTRAINTS: Constraints = {
  AllowedPattern: { max: 1024 },
  DataType: { max: 128 },
  Description: { max: 1024 },
  KeyId: { min: 1, max: 256, pattern: "([a-zA-Z0-9:/_-]+)" },
  Name: { min: 1, max: 2048 },
  Names: { min: 1, max: 10 },
  "Names[]": { min: 1, max: 2048 },
  Option: { min: 1, max: 10 },
  Path: { min: 1, max: 2048 },
  Policies: { min: 1, max: 4096 },
  Tags: { max: 1000 },
  Tier: { enum: "ParameterTier" },
  Type: { enum: "ParameterType" },
  Values: { min: 1, max: 50 },
  "Values[]": { min: 1, max: 1024 },
  "DescribeParameters.MaxResults": { min: 1, max: 50 },
  "GetParametersByPath.MaxResults": { min: 1, max: 10 },
  "ParametersFilter.Key": { enum: "ParametersFilterKey" },
  "ParameterStringFilter.Key": {
    min: 1,
    max: 132,
    pattern: "tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType",
  },
  "Tag.Key": { min: 1, max: 128, pattern: TAG },
  "Tag.Value": { max: 256, pattern: TAG },
};
