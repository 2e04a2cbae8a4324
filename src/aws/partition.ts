export interface Partition {
  /** As in ARNs: `arn:aws-cn:iam::…`. */
  readonly id: "aws" | "aws-cn" | "aws-us-gov";
  /** The suffix of AWS's host names. */
  readonly dnsSuffix: string;
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { id: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  if (region.startsWith("us-gov-")) return { id: "aws-us-gov", dnsSuffix: "amazonaws.com" };
  return { id: "aws", dnsSuffix: "amazonaws.com" };
}
