import type { AcmApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { durations } from "../../core/durations.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import type { Certificate } from "./state.js";
import { scheduleValidation, validationRecord } from "./validation.js";

const DOMAIN = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;
/** Source: ACM User Guide, "Quotas": names of a certificate; AWS raises it on request. */
const MAX_NAMES = 10;
/** The same request with the same token within an hour is the same certificate. Source: ACM API reference. */
const TOKEN_LIFE = 60 * 60_000;

/** AWS Certificate Manager: certificates that the options describe, and those that are requested and validated by DNS. */
export const createAcm = (account: Account): AcmApi => {
  account.events.recordsChanged.push(() => {
    for (const certificate of account.acm.certificates.values()) scheduleValidation(account, certificate);
  });
  return {
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
          InUse: usersOf(account, one.arn).length > 0,
        })),
        NextToken: nextToken,
      };
    },

    async describeCertificate({ CertificateArn }) {
      const found = find(account, CertificateArn);
      return {
        Certificate: {
          ...common(found),
          SubjectAlternativeNames: [...found.names],
          InUseBy: usersOf(account, found.arn),
          ...validationOf(account, found),
        },
      };
    },

    async requestCertificate(input) {
      const {
        DomainName: domain = "",
        SubjectAlternativeNames = [],
        ValidationMethod,
        IdempotencyToken,
      } = input;
      const names = [...new Set([domain, ...SubjectAlternativeNames])].map((name) => name.toLowerCase());
      const wrong = names.find((name) => !DOMAIN.test(name) || name.length > 253);
      if (wrong !== undefined)
        throw new ServiceError(
          "InvalidDomainValidationOptionsException",
          `The domain name '${wrong}' is not valid`,
        );
      if (names.length > MAX_NAMES)
        throw new ServiceError(
          "LimitExceededException",
          `Error: you have reached your limit of ${MAX_NAMES} subject alternative names.`,
        );
      if (ValidationMethod !== "DNS")
        throw new ServiceError("ValidationException", "The local cloud validates certificates by DNS only");
      const same = [...account.acm.certificates.values()].find(
        ({ request, names: others, createdAt }) =>
          IdempotencyToken !== undefined &&
          request?.token === IdempotencyToken &&
          others.join() === names.join() &&
          account.clock.now() - createdAt.getTime() < TOKEN_LIFE,
      );
      if (same !== undefined) return { CertificateArn: same.arn };
      const id = account.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
      const now = new Date(account.clock.now());
      const certificate: Certificate = {
        arn: arnOf(account, "acm", `certificate/${id}`),
        domain: names[0]!,
        names,
        status: "PENDING_VALIDATION",
        createdAt: now,
        issuedAt: now,
        notAfter: now,
        tags: new Map((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
        request: {
          token: IdempotencyToken,
          records: new Map(names.map((name) => [name, validationRecord(account, name)])),
        },
        inUseUntil: 0,
      };
      account.acm.certificates.set(certificate.arn, certificate);
      scheduleValidation(account, certificate);
      return { CertificateArn: certificate.arn };
    },

    async deleteCertificate({ CertificateArn }) {
      const { arn, inUseUntil } = find(account, CertificateArn);
      if (usersOf(account, arn).length > 0 || account.clock.now() < inUseUntil)
        throw new ServiceError(
          "ResourceInUseException",
          `Certificate ${arn} in account ${account.accountId} is in use.`,
        );
      account.acm.certificates.delete(arn);
      return {};
    },

    async addTagsToCertificate({ CertificateArn, Tags = [] }) {
      const { tags } = find(account, CertificateArn);
      for (const { Key = "", Value = "" } of Tags) tags.set(Key, Value);
      return {};
    },

    async listTagsForCertificate({ CertificateArn }) {
      const { tags } = find(account, CertificateArn);
      return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
};

function find(account: Account, arn = ""): Certificate {
  const found = account.acm.certificates.get(arn);
  if (found !== undefined) return found;
  throw new ServiceError("ResourceNotFoundException", `Could not find certificate ${arn}.`);
}

/** The ARNs of the load balancers that have the certificate. */
const usersOf = ({ elb }: Pick<Account, "elb">, arn: string): string[] => [
  ...new Set(
    [...elb.listeners.values()]
      .filter(
        ({ certificateArn, additionalCertificates }) =>
          certificateArn === arn || additionalCertificates.has(arn),
      )
      .map(({ loadBalancerArn }) => loadBalancerArn),
  ),
];

function validationOf(account: Account, { request, createdAt, status }: Certificate) {
  if (request === undefined) return {};
  const areKnown = account.clock.now() >= createdAt.getTime() + durations.validationRecords;
  return {
    ...(request.failure !== undefined && { FailureReason: request.failure }),
    DomainValidationOptions: [...request.records].map(([DomainName, { name, value }]) => ({
      DomainName,
      ValidationDomain: DomainName,
      ValidationMethod: "DNS" as const,
      ValidationStatus:
        status === "ISSUED"
          ? ("SUCCESS" as const)
          : status === "PENDING_VALIDATION"
            ? ("PENDING_VALIDATION" as const)
            : ("FAILED" as const),
      ...(areKnown && { ResourceRecord: { Name: name, Type: "CNAME" as const, Value: value } }),
    })),
  };
}

const common = ({ arn, domain, status, createdAt, issuedAt, notAfter }: Certificate) => ({
  CertificateArn: arn,
  DomainName: domain,
  Status: status,
  Type: "AMAZON_ISSUED" as const,
  KeyAlgorithm: "RSA_2048" as const,
  CreatedAt: createdAt,
  ...(status === "ISSUED" || status === "EXPIRED" ? { IssuedAt: issuedAt, NotAfter: notAfter } : {}),
});
