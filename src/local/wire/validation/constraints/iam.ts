import type { Constraints } from "../constraint.js";

const NAME = "[\\w+=,.@-]+";
const PATH = "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)";
const POLICY_PATH = "((/[A-Za-z0-9\\.,\\+@=_-]+)*)/";
const TAG_KEY = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+";
const DOCUMENT = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+";
const PATH_PREFIX = "\\u002F[\\u0021-\\u007F]*";

/** Of IAM. Source: its API reference. */
export const IAM_CONSTRAINTS: Constraints = {
  AccessKeyId: { min: 16, max: 128, pattern: "[\\w]+" },
  AssumeRolePolicyDocument: { min: 1, max: 131_072, pattern: DOCUMENT },
  AWSServiceName: { min: 1, max: 128, pattern: NAME },
  CustomSuffix: { min: 1, max: 64, pattern: NAME },
  DeletionTaskId: { min: 1, max: 1000 },
  Description: { max: 1000, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*" },
  EntityFilter: { enum: "EntityType" },
  GroupName: { min: 1, max: 128, pattern: NAME },
  InstanceProfileName: { min: 1, max: 128, pattern: NAME },
  Key: { min: 1, max: 128, pattern: TAG_KEY },
  Marker: { min: 1, max: 320, pattern: "[\\u0020-\\u00FF]+" },
  MaxItems: { min: 1, max: 1000 },
  MaxSessionDuration: { min: 3600, max: 43_200 },
  NewGroupName: { min: 1, max: 128, pattern: NAME },
  NewPath: { min: 1, max: 512, pattern: PATH },
  Path: { min: 1, max: 512, pattern: PATH },
  PathPrefix: { min: 1, max: 512, pattern: POLICY_PATH },
  PermissionsBoundary: { min: 20, max: 2048 },
  PolicyArn: { min: 20, max: 2048 },
  PolicyDocument: { min: 1, max: 131_072, pattern: DOCUMENT },
  PolicyName: { min: 1, max: 128, pattern: NAME },
  PolicyUsageFilter: { enum: "PolicyUsageType" },
  RoleName: { min: 1, max: 64, pattern: NAME },
  Scope: { enum: "PolicyScopeType" },
  Status: { enum: "StatusType" },
  TagKeys: { max: 50 },
  "TagKeys[]": { min: 1, max: 128, pattern: TAG_KEY },
  Tags: { max: 50 },
  UserName: { min: 1, max: 128, pattern: NAME },
  Value: { max: 256, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" },
  VersionId: { pattern: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?" },
  "AttachUserPolicy.UserName": { min: 1, max: 64, pattern: NAME },
  "CreatePolicy.Description": { max: 1000 },
  "CreatePolicy.Path": { min: 1, max: 512, pattern: POLICY_PATH },
  "CreateUser.UserName": { min: 1, max: 64, pattern: NAME },
  "DetachUserPolicy.UserName": { min: 1, max: 64, pattern: NAME },
  "ListAttachedUserPolicies.UserName": { min: 1, max: 64, pattern: NAME },
  "ListEntitiesForPolicy.PathPrefix": { min: 1, max: 512, pattern: PATH },
  "ListGroups.PathPrefix": { min: 1, max: 512, pattern: PATH_PREFIX },
  "ListInstanceProfiles.PathPrefix": { min: 1, max: 512, pattern: PATH_PREFIX },
  "ListRoles.PathPrefix": { min: 1, max: 512, pattern: PATH_PREFIX },
  "ListUsers.PathPrefix": { min: 1, max: 512, pattern: PATH_PREFIX },
};
