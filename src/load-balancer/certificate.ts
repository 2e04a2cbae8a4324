import type { CertificateDetail, CertificateSummary } from "@aws-sdk/client-acm";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import type { CertificateSource } from "../spec/listeners.js";

export interface CertificateDesired extends Tagged {
  readonly source: CertificateSource;
}

export interface CertificateState {
  readonly arn: string;
  /** The domains that it is for; `undefined` if it is not in ACM. */
  readonly names?: readonly string[] | undefined;
}

/** The name of its node. */
export const certificateNodeName = (source: CertificateSource): string =>
  source.from === "arn" ? source.arn : source.domain;

/** A certificate in ACM: looked up, never created. A certificate in IAM is used by its ARN, unchecked. */
export const certificateKind: Kind<CertificateDesired, CertificateState, AwsContext> = {
  kind: "certificate",
  unknown: { arn: UNKNOWN },

  async read(desired, context) {
    const { source } = desired;
    if (source.from === "acm") {
      const best = await bestFor(source.domain, context);
      return best && { state: { arn: best.arn, names: best.names }, current: desired, tags: {} };
    }
    const { arn } = source;
    if (arn.includes(":acm:")) {
      const answer = await ignoreNotFound(context.aws.acm.describeCertificate({ CertificateArn: arn }));
      if (answer?.Certificate === undefined) return undefined;
      checkUsable(arn, answer.Certificate, context);
      const names = (answer.Certificate.SubjectAlternativeNames ?? []).map((name) => name.toLowerCase());
      return { state: { arn, names }, current: desired, tags: {} };
    }
    return { state: { arn }, current: desired, tags: {} };
  },

  notFoundError: ({ source }) =>
    source.from === "acm"
      ? new QuaysideError(
          "no-certificate",
          `Nothing was changed: ACM has no valid certificate for ${source.domain} in this region`,
          {
            facts: { domain: source.domain },
            fix: "Request a certificate in ACM, in the load balancer's region, and validate it; or use another one by its ARN.",
          },
        )
      : new QuaysideError(
          "no-certificate",
          `Nothing was changed: certificate ${source.arn} was not found in this region`,
          { fix: "Check the ARN: a load balancer uses only certificates of its own region and account." },
        ),
};

function checkUsable(arn: string, { Status, NotAfter }: CertificateDetail, { clock }: AwsContext): void {
  const expired = NotAfter !== undefined && NotAfter.getTime() <= clock.now();
  if (Status === "ISSUED" && !expired) return;
  throw new QuaysideError(
    "certificate-not-usable",
    `Nothing was changed: certificate ${arn} cannot be used: ${expired ? "it has expired" : `its status is ${Status}`}`,
    {
      facts: { arn, status: Status, notAfter: NotAfter?.toISOString() },
      fix: "Validate or renew it in ACM, or use another certificate.",
    },
  );
}

interface Candidate {
  readonly arn: string;
  readonly names: readonly string[];
  readonly notAfter: number;
}

/** The best certificate for a domain: an exact name before a wildcard, then the longest validity. */
async function bestFor(domain: string, context: AwsContext): Promise<Candidate | undefined> {
  const wildcard = `*.${domain.slice(domain.indexOf(".") + 1)}`;
  const rank = ({ names }: Candidate): number =>
    names.includes(domain) ? 2 : !domain.startsWith("*.") && names.includes(wildcard) ? 1 : 0;
  const candidates = (await issued(context))
    .filter((candidate) => rank(candidate) > 0 && candidate.notAfter > context.clock.now())
    .sort((a, b) => rank(b) - rank(a) || b.notAfter - a.notAfter || (a.arn < b.arn ? -1 : 1));
  return candidates[0];
}

async function issued(context: AwsContext): Promise<Candidate[]> {
  const summaries = await paginate(
    "NextToken",
    (next) =>
      context.aws.acm.listCertificates({
        CertificateStatuses: ["ISSUED"],
        // Without it ACM lists RSA keys of 2048 bits only.
        Includes: {
          keyTypes: ["RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"],
        },
        ...next,
      }),
    ({ CertificateSummaryList }) => CertificateSummaryList,
  );
  return Promise.all(summaries.map((summary) => candidateOf(summary, context)));
}

/**
 * Reads the details if the summary is incomplete: it has a hundred names at most, and some endpoints omit
 * fields.
 */
async function candidateOf(summary: CertificateSummary, { aws }: AwsContext): Promise<Candidate> {
  const { CertificateArn: arn = "", NotAfter, SubjectAlternativeNameSummaries: alternatives } = summary;
  const isComplete =
    NotAfter !== undefined &&
    alternatives !== undefined &&
    summary.HasAdditionalSubjectAlternativeNames !== true;
  const detail: CertificateDetail | undefined = isComplete
    ? undefined
    : (await ignoreNotFound(aws.acm.describeCertificate({ CertificateArn: arn })))?.Certificate;
  const names = [summary.DomainName ?? "", ...(detail?.SubjectAlternativeNames ?? alternatives ?? [])].map(
    (name) => name.toLowerCase(),
  );
  return { arn, names, notAfter: (NotAfter ?? detail?.NotAfter)?.getTime() ?? Infinity };
}
