import type { Constraints } from "../constraint.js";

const LOG_GROUP = "[\\.\\-_/#A-Za-z0-9]+";
const TAG_KEY = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)";
const STREAM = "[^:*]*";
const ARN_OR_NAME = "[\\w#+=/:,.@-]*";

/** Of CloudWatch Logs. Source: its API reference. */
export const LOGS_CONSTRAINTS: Constraints = {
  accountIdentifiers: { max: 20 },
  "accountIdentifiers[]": { min: 12, max: 12, pattern: "\\d{12}" },
  attributes: { max: 10 },
  "attributes{key}": { min: 1, max: 256 },
  "attributes{value}": { min: 1, max: 512 },
  endTime: { min: 0 },
  filterPattern: { max: 1024 },
  keyAttributes: { min: 2, max: 4 },
  "keyAttributes{key}": { min: 1, max: 32 },
  "keyAttributes{value}": { min: 1, max: 512 },
  kmsKeyId: { max: 256 },
  limit: { min: 1, max: 50 },
  logEvents: { min: 1, max: 10_000 },
  logGroupIdentifier: { min: 1, max: 2048, pattern: ARN_OR_NAME },
  logGroupIdentifiers: { min: 1, max: 50 },
  "logGroupIdentifiers[]": { min: 1, max: 2048, pattern: ARN_OR_NAME },
  logGroupName: { min: 1, max: 512, pattern: LOG_GROUP },
  logGroupNamePattern: { max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]*" },
  logGroupNamePrefix: { min: 1, max: 512, pattern: LOG_GROUP },
  logStreamName: { min: 1, max: 512, pattern: STREAM },
  logStreamNamePrefix: { min: 1, max: 512, pattern: STREAM },
  logStreamNames: { min: 1, max: 100 },
  "logStreamNames[]": { min: 1, max: 512, pattern: STREAM },
  message: { min: 1 },
  nextToken: { min: 1 },
  resourceArn: { min: 1, max: 1011, pattern: "[\\w+=/:,.@-]*" },
  resourceIdentifier: { min: 1, max: 2048, pattern: "[\\w+=/:,.@\\-\\*]*" },
  sequenceToken: { min: 1 },
  startTime: { min: 0 },
  tagKeys: { max: 50 },
  "tagKeys[]": { min: 1, max: 128, pattern: TAG_KEY },
  tags: { min: 1, max: 50 },
  "tags[]": { min: 1, max: 128, pattern: TAG_KEY },
  "tags{key}": { min: 1, max: 128, pattern: TAG_KEY },
  "tags{value}": { max: 256, pattern: "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)" },
  timestamp: { min: 0 },
  "FilterLogEvents.limit": { min: 1, max: 10_000 },
  "GetLogEvents.limit": { min: 1, max: 10_000 },
  "UntagLogGroup.tags": { min: 1 },
};
