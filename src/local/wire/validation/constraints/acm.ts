import type { Constraints } from "../constraint.js";

/** Of ACM. Source: its API reference. */
export const ACM_CONSTRAINTS: Constraints = {
  CertificateArn: {
    min: 20,
    max: 2048,
    pattern: "arn:[\\w+=/,.@-]+:acm:[\\w+=/,.@-]*:[0-9]+:[\\w+=,.@-]+(/[\\w+=,.@-]+)*",
  },
  "CertificateStatuses[]": { enum: "CertificateStatus" },
  exportOption: { enum: "CertificateExport" },
  "extendedKeyUsage[]": { enum: "ExtendedKeyUsageName" },
  "keyTypes[]": { enum: "KeyAlgorithm" },
  "keyUsage[]": { enum: "KeyUsageName" },
  managedBy: { enum: "CertificateManagedBy" },
  MaxItems: { min: 1, max: 1000 },
  NextToken: { min: 1, max: 10_000, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]*" },
};
