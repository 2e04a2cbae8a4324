import type { Constraints } from "../constraint.js";

const SERVICE_NAME =
  "((?=^.{1,127}$)^([a-zA-Z0-9_][a-zA-Z0-9-_]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9])(\\.([a-zA-Z0-9_][a-zA-Z0-9-_]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9]))*$)|(^\\.$)";
const ATTRIBUTE_KEY = { max: 255, pattern: "^[a-zA-Z0-9!-~]+$" };
const ATTRIBUTE_VALUE = {
  max: 1024,
  pattern: "^([a-zA-Z0-9!-~][ \\ta-zA-Z0-9!-~]*){0,1}[a-zA-Z0-9!-~]{0,1}$",
};

/** Of AWS Cloud Map. Source: its API reference. */
export const SERVICE_DISCOVERY_CONSTRAINTS: Constraints = {
  "Attributes{key}": ATTRIBUTE_KEY,
  "Attributes{value}": ATTRIBUTE_VALUE,
  Condition: { enum: "FilterCondition" },
  CreatorRequestId: { max: 64 },
  Description: { max: 1024 },
  FailureThreshold: { min: 1, max: 10 },
  HealthStatus: { enum: "HealthStatusFilter" },
  Id: { max: 255 },
  InstanceId: { max: 64 },
  "RegisterInstance.InstanceId": { max: 64, pattern: "^[0-9a-zA-Z_/:.@-]+$" },
  Key: { min: 1, max: 128 },
  MaxResults: { min: 1, max: 100 },
  "DiscoverInstances.MaxResults": { min: 1, max: 1000 },
  Name: { pattern: SERVICE_NAME },
  "CreateHttpNamespace.Name": { max: 1024, pattern: "^(?!arn:)[!-~]{1,1024}$" },
  "CreatePrivateDnsNamespace.Name": { max: 253, pattern: "^(?!arn:)[!-~]{1,253}$" },
  "NamespaceFilter.Name": { enum: "NamespaceFilterName" },
  "ServiceFilter.Name": { enum: "ServiceFilterName" },
  NamespaceId: { max: 255 },
  "DnsConfig.NamespaceId": { max: 64 },
  NamespaceName: { max: 1024, pattern: "^[!-~]{1,1024}$" },
  NextToken: { max: 4096 },
  OperationId: { max: 255 },
  "OptionalParameters{key}": ATTRIBUTE_KEY,
  "OptionalParameters{value}": ATTRIBUTE_VALUE,
  OwnerAccount: { min: 12, max: 12 },
  "QueryParameters{key}": ATTRIBUTE_KEY,
  "QueryParameters{value}": ATTRIBUTE_VALUE,
  ResourceARN: { min: 1, max: 1011 },
  ResourcePath: { max: 255 },
  RoutingPolicy: { enum: "RoutingPolicy" },
  ServiceId: { max: 255 },
  ServiceName: { pattern: SERVICE_NAME },
  TagKeys: { max: 200 },
  "TagKeys[]": { min: 1, max: 128 },
  Tags: { max: 200 },
  TTL: { min: 0 },
  Type: { enum: "ServiceTypeOption" },
  "DnsRecord.Type": { enum: "RecordType" },
  "HealthCheckConfig.Type": { enum: "HealthCheckType" },
  Value: { max: 256 },
  Vpc: { max: 64 },
  "Values[]": { min: 1, max: 255 },
};
