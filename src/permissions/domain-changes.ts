import type { PermissionFacts } from "./scope.js";
import type { ActionGroup, StatementInputs, StatementToBuild } from "./statement.js";

/** The changes of records: those of the domains and nothing else in their zones. */
export const changeDnsRecords = ({ facts, partition }: StatementInputs): StatementToBuild => ({
  sid: "ChangeDnsRecords",
  groups: [{ for: ["deploy", "destroy"], actions: ["route53:ChangeResourceRecordSets"] }],
  resources: facts.domains.length > 0 ? [`arn:${partition}:route53:::hostedzone/*`] : [],
  conditions: {
    "ForAllValues:StringLike": {
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": facts.domains.flatMap(recordNames),
    },
  },
});

/** What is deleted with the certificate of a domain. */
export const certificateChanges = (facts: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["deploy", "destroy"],
    when: facts.domains.length > 0,
    actions: [
      "acm:AddTagsToCertificate",
      "acm:DeleteCertificate",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:RemoveListenerCertificates",
    ],
  },
];

/** The names of a domain's records, of their marker, and of those that validate its certificate, as IAM normalizes them. */
const recordNames = (domain: string): readonly string[] => {
  const plain = domain.replace(/^\*\./, "");
  return [domain.replace(/^\*/, "\\052"), `_*.${plain}`];
};
