/** AWS's partitions: the regions of each, and the suffix of its host names. Source: `partitions.json` of the AWS SDKs. */
const PARTITIONS: readonly (readonly [id: string, regions: RegExp, dnsSuffix: string])[] = [
  ["aws-cn", /^cn-/, "amazonaws.com.cn"],
  ["aws-us-gov", /^us-gov-/, "amazonaws.com"],
  ["aws-eusc", /^eusc-/, "amazonaws.eu"],
  ["aws-iso", /^us-iso-/, "c2s.ic.gov"],
  ["aws-iso-b", /^us-isob-/, "sc2s.sgov.gov"],
  ["aws-iso-e", /^eu-isoe-/, "cloud.adc-e.uk"],
  ["aws-iso-f", /^us-isof-/, "csp.hci.ic.gov"],
];

export const partitionOf = (region: string): string =>
  PARTITIONS.find(([, regions]) => regions.test(region))?.[0] ?? "aws";

/** The suffix of all host names in the region: `amazonaws.com`. */
export const dnsSuffixOf = (region: string): string =>
  PARTITIONS.find(([, regions]) => regions.test(region))?.[2] ?? "amazonaws.com";
