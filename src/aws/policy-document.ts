/** An identity-based IAM policy: what its caller may do. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** A statement of an identity-based policy. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  /** Operator -> condition key -> the values, one of which has to match. */
  readonly Condition?: PolicyConditions;
}

export type PolicyConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
