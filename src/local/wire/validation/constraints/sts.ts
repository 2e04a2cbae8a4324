import type { Constraints } from "../constraint.js";

const ARN = "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+";
const SESSION_NAME = "[\\w+=,.@-]*";
const TAG_KEY = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+";

/** Of STS. Source: its API reference. */
export const STS_CONSTRAINTS: Constraints = {
  arn: { min: 20, max: 2048, pattern: ARN },
  ContextAssertion: { min: 4, max: 2048 },
  ExternalId: { min: 2, max: 1224, pattern: "[\\w+=,.@:\\/-]*" },
  Key: { min: 1, max: 128, pattern: TAG_KEY },
  Policy: { min: 1, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
  ProvidedContexts: { min: 1, max: 5 },
  ProviderArn: { min: 20, max: 2048, pattern: ARN },
  RoleArn: { min: 20, max: 2048, pattern: ARN },
  RoleSessionName: { min: 2, max: 64, pattern: SESSION_NAME },
  SerialNumber: { min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" },
  SourceIdentity: { min: 2, max: 64, pattern: SESSION_NAME },
  Tags: { max: 50 },
  TokenCode: { min: 6, max: 6, pattern: "[\\d]*" },
  TransitiveTagKeys: { max: 50 },
  "TransitiveTagKeys[]": { min: 1, max: 128, pattern: TAG_KEY },
  Value: { max: 256, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" },
  "AssumeRole.DurationSeconds": { min: 900, max: 43_200 },
  "GetSessionToken.DurationSeconds": { min: 900, max: 129_600 },
};
