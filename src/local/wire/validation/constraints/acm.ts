import type { Constraints } from "../constraint.js";

const TAG = "[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*";
const DOMAIN = "(\\*\\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])";

/** Of ACM. Source: its API reference. */
export const ACM_CONSTRAINTS: Constraints = {
  CertificateArn: {
    min: 20,
    max: 2048,
    pattern: "arn:[\\w+=/,.@-]+:acm:[\\w+=/,.@-]*:[0-9]+:[\\w+=,.@-]+(/[\\w+=,.@-]+)*",
  },
  CertificateAuthorityArn: {
    min: 20,
    max: 2048,
    pattern: "arn:[\\w+=/,.@-]+:acm-pca:[\\w+=/,.@-]*:[0-9]+:[\\w+=,.@-]+(/[\\w+=,.@-]+)*",
  },
  "CertificateStatuses[]": { enum: "CertificateStatus" },
  DomainName: { min: 1, max: 253, pattern: DOMAIN },
  DomainValidationOptions: { min: 1, max: 100 },
  Export: { enum: "CertificateExport" },
  exportOption: { enum: "CertificateExport" },
  "extendedKeyUsage[]": { enum: "ExtendedKeyUsageName" },
  IdempotencyToken: { min: 1, max: 32, pattern: "\\w+" },
  Key: { min: 1, max: 128, pattern: TAG },
  "keyTypes[]": { enum: "KeyAlgorithm" },
  "keyUsage[]": { enum: "KeyUsageName" },
  managedBy: { enum: "CertificateManagedBy" },
  ManagedBy: { enum: "CertificateManagedBy" },
  MaxItems: { min: 1, max: 1000 },
  NextToken: { min: 1, max: 10_000, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]*" },
  SubjectAlternativeNames: { min: 1, max: 100 },
  "SubjectAlternativeNames[]": { min: 1, max: 253, pattern: DOMAIN },
  Tags: { min: 1, max: 50 },
  ValidationDomain: { min: 1, max: 253, pattern: DOMAIN },
  Value: { max: 256, pattern: TAG },
};
