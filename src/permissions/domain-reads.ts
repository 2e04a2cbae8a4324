import type { PermissionFacts } from "./scope.js";
import type { ActionGroup } from "./statement.js";

/** The reads of domains: hosted zones, their records, and certificates; also of those that an earlier description had. */
export const domainReads = (facts: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["plan", "deploy", "destroy"],
    when: facts.domains.length > 0 || facts.deployments.length > 0,
    actions: [
      "acm:DescribeCertificate",
      "acm:ListCertificates",
      "acm:ListTagsForCertificate",
      "elasticloadbalancing:DescribeListenerCertificates",
      "route53:GetChange",
      "route53:GetHostedZone",
      "route53:ListHostedZones",
      "route53:ListResourceRecordSets",
    ],
  },
  {
    for: ["deploy", "status"],
    when: facts.domains.length > 0,
    actions: ["acm:DescribeCertificate"],
  },
];
