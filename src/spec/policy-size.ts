/**
 * The quota of a role's inline policies in characters, which cannot be raised. Source: IAM and AWS STS quotas,
 * "Role inline policies"
 */
export const MAX_INLINE = 10_240;

/** The size of a role's inline policies as IAM counts it: all together, without white space. */
export const sizeOfPolicies = (documents: readonly unknown[]): number =>
  documents
    .map((document) => JSON.stringify(document).replace(/\s/g, "").length)
    .reduce((sum, each) => sum + each, 0);
