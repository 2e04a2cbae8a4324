import { suggest } from "../spec/parsing/suggest.js";

/** A partition of AWS: regions with an IAM of their own. */
export interface Partition {
  /** As in ARNs: `arn:aws-cn:iam::…`. */
  readonly id: string;
  /** The suffix of AWS's host names. */
  readonly dnsSuffix: string;
}

/**
 * The partitions by the pattern of their regions. Source: `partitions.json`, which all AWS SDKs share.
 *
 * The principals of the services that quayside's roles trust (`ec2`, `ecs-tasks`, `scheduler`) end in
 * `amazonaws.com` in all of them. Source: the data source `aws_service_principal` of Terraform's AWS provider.
 */
const PARTITIONS: readonly (readonly [regions: RegExp, partition: Partition])[] = Object.freeze([
  [/^cn-\w+-\d+$/, { id: "aws-cn", dnsSuffix: "amazonaws.com.cn" }],
  [/^us-gov-\w+-\d+$/, { id: "aws-us-gov", dnsSuffix: "amazonaws.com" }],
  [/^eusc-\w+-\w+-\d+$/, { id: "aws-eusc", dnsSuffix: "amazonaws.eu" }],
  [/^us-iso-\w+-\d+$/, { id: "aws-iso", dnsSuffix: "c2s.ic.gov" }],
  [/^us-isob-\w+-\d+$/, { id: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov" }],
  [/^eu-isoe-\w+-\d+$/, { id: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk" }],
  [/^us-isof-\w+-\d+$/, { id: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov" }],
]);

/** The partition that a region belongs to; a region that is in no other one belongs to `aws`. */
export const partitionOf = (region: string): Partition =>
  PARTITIONS.find(([regions]) => regions.test(region))?.[1] ?? { id: "aws", dnsSuffix: "amazonaws.com" };

/**
 * The regions that every account has: all that began before March 20, 2019. Any later one must be enabled for
 * the account. Source: "Enable or disable AWS Regions in your account", AWS Account Management.
 */
const ALWAYS_ENABLED: ReadonlySet<string> = new Set([
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
]);

/** The form of a region's id, of those that AWS will add, too: `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`. */
export const isRegion = (region: string): boolean => /^[a-z]{2,4}(?:-[a-z]+){1,2}-\d+$/.test(region);

/** The region that was probably meant by one that has no region's form. */
export function nearestRegion(region: string): string | undefined {
  const known = [...ALWAYS_ENABLED];
  // `eu-west-1a` is a zone of it.
  const zoned = region.toLowerCase().replace(/(-\d+)[a-z]$/, "$1");
  return isRegion(zoned) ? zoned : suggest(region, known);
}

/** True if an account has to opt in to the region. */
export const isOptInRegion = (region: string): boolean =>
  partitionOf(region).id === "aws" && !ALWAYS_ENABLED.has(region);
