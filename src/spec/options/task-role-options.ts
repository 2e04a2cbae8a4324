/** What the processes in the containers may do in AWS, as a role that quayside makes. */
export interface TaskRoleOptions {
  /**
   * ARNs of managed policies, at most 20, and policy documents, which become the role's inline policies:
   * at most 10,240 characters without white space, all together (IAM's limits).
   */
  readonly policies: readonly (string | PolicyDocumentOptions)[];
}

/** An IAM policy: what is allowed or denied, without a `Principal`. */
export interface PolicyDocumentOptions {
  /** @defaultValue `"2012-10-17"` */
  readonly Version?: "2012-10-17" | "2008-10-17" | undefined;
  readonly Id?: string | undefined;
  readonly Statement: PolicyStatementOptions | readonly PolicyStatementOptions[];
}

export interface PolicyStatementOptions {
  readonly Sid?: string | undefined;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[] | undefined;
  readonly NotAction?: string | readonly string[] | undefined;
  readonly Resource?: string | readonly string[] | undefined;
  readonly NotResource?: string | readonly string[] | undefined;
  readonly Condition?:
    | Readonly<Record<string, Readonly<Record<string, string | number | boolean | readonly string[]>>>>
    | undefined;
}
