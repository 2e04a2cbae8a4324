import type { AcmApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import type { Certificate } from "./state.js";

/**
 * AWS Certificate Manager: the account's certificates, which the options describe; none is requested or
 * imported here.
 */
export const createAcm = (account: Account): AcmApi => ({
  async listCertificates(input) {
    const { CertificateStatuses: statuses = [], MaxItems: size = 100, NextToken } = input;
    const found = [...account.acm.certificates.values()].filter(
      (one) => statuses.length === 0 || statuses.includes(one.status),
    );
    const { items, nextToken } = page(
      found,
      NextToken,
      size,
      () => new ServiceError("ValidationException", "The next token is not valid"),
    );
    return {
      CertificateSummaryList: items.map((one) => ({
        ...common(one),
        SubjectAlternativeNameSummaries: [...one.names],
        HasAdditionalSubjectAlternativeNames: false,
      })),
      NextToken: nextToken,
    };
  },

  async describeCertificate({ CertificateArn: arn = "" }) {
    const found = account.acm.certificates.get(arn);
    if (found === undefined) {
      throw new ServiceError("ResourceNotFoundException", `Could not find certificate ${arn}.`);
    }
    return { Certificate: { ...common(found), SubjectAlternativeNames: [...found.names] } };
  },
});

const common = ({ arn, domain, status, issuedAt, notAfter }: Certificate) => ({
  CertificateArn: arn,
  DomainName: domain,
  Status: status,
  Type: "AMAZON_ISSUED" as const,
  KeyAlgorithm: "RSA_2048" as const,
  IssuedAt: issuedAt,
  NotAfter: notAfter,
});
