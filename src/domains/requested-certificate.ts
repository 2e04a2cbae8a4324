import type { CertificateDetail } from "@aws-sdk/client-acm";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { poll, waitReporter } from "../engine/poll.js";
import { stableHash } from "../engine/stable-hash.js";
import { QuaysideError } from "../errors.js";
import { leaveListeners, listenersThatNeed } from "./leave-listeners.js";

export interface RequestedCertificateDesired extends Tagged {
  /** The first one is the certificate's domain. */
  readonly names: readonly string[];
  /** ACM names the records that validate it some seconds after the request. */
  readonly hasRecords: true;
}

export interface RequestedCertificateState {
  readonly arn: string;
  /** Domain -> the CNAME record that validates it. */
  readonly records: Readonly<Record<string, { readonly name: string; readonly value: string }>>;
}

/** The name of the node: the domain, with a hash of all of them if there are several. */
export const certificateName = ([domain = "", ...others]: readonly string[]): string =>
  others.length === 0 ? domain : `${domain}+${stableHash([domain, ...others.toSorted()]).slice(0, 6)}`;

/**
 * A certificate that is requested from ACM and validated by DNS. AWS renews it for as long as its validation record
 * exists and a load balancer has it.
 */
export const requestedCertificateKind: Kind<
  RequestedCertificateDesired,
  RequestedCertificateState,
  AwsContext
> = {
  kind: "requested-certificate",
  unknown: { arn: UNKNOWN, records: {} },

  async read(desired, context) {
    for (const { arn, tags } of await ownCertificates(desired, context)) {
      const detail = await describe(arn, context);
      const isUsable = detail?.Status === "ISSUED" || detail?.Status === "PENDING_VALIDATION";
      if (!isUsable || !isFor(desired.names, detail)) continue;
      context.noteOwned(desired.tags[OWNER_TAG] ?? "", { arn, tags });
      const state = stateOf(arn, detail!);
      const hasRecords = desired.names.every((name) => name in state.records);
      return { state, current: { names: desired.names, hasRecords }, tags };
    }
    return undefined;
  },

  async create(desired, context) {
    const { names, tags } = desired;
    const [domain, ...others] = names;
    const before = await certificatesFor(domain!, context);
    const failed = await failedCertificates(desired, context);
    const { CertificateArn: arn = "" } = await context.aws.acm.requestCertificate({
      DomainName: domain,
      ...(others.length > 0 && { SubjectAlternativeNames: [...others] }),
      ValidationMethod: "DNS",
      // A request whose response was lost is the same one, but not that of a certificate which has failed.
      IdempotencyToken: stableHash([tags[OWNER_TAG], names, before.toSorted()])
        .slice(0, 32)
        .replace(/\W/g, "_"),
      Tags: toTagList(tags),
    });
    // Not before: a request with the token of the first one would be answered with that one.
    for (const CertificateArn of failed)
      await ignoreNotFound(context.aws.acm.deleteCertificate({ CertificateArn }));
    return recordsKnown(arn, names, context);
  },

  async update(desired, { state }, changes, context) {
    const tags = changedTags(desired, changes);
    if (tags !== undefined)
      await context.aws.acm.addTagsToCertificate({ CertificateArn: state.arn, Tags: toTagList(tags) });
    return recordsKnown(state.arn, desired.names, context);
  },

  async ready(state, { names }, context) {
    const [domain = ""] = names;
    const reportWait = waitReporter(context, "requested-certificate", certificateName(names));
    await poll(
      {
        context,
        every: 15_000,
        timeout: 25 * 60_000,
        what: `ACM to issue the certificate for ${names.join(", ")}`,
        why: () => "ACM has not found the validation record yet",
        fix: `Check that the registrar of ${domain} names the name servers of its hosted zone in Route 53, then run it again: the certificate is kept, and issued once ACM finds its validation record.`,
      },
      async () => {
        const detail = await describe(state.arn, context);
        if (detail?.Status === "ISSUED") return true;
        if (detail === undefined || detail.Status !== "PENDING_VALIDATION") throw notIssued(names, detail);
        reportWait("ACM is validating it by DNS (usually a few minutes)");
        return undefined;
      },
    );
    return state;
  },

  async delete({ arn }, context) {
    await poll(
      {
        context,
        every: 5_000,
        timeout: 10 * 60_000,
        what: `certificate ${arn} to be no longer in use`,
        fix: "Run it again: ACM may take minutes to notice that a listener no longer has the certificate.",
      },
      async () => {
        // Another run can leave the listeners at the same time, and make this one their default.
        await leaveListeners(arn, context);
        try {
          await ignoreNotFound(context.aws.acm.deleteCertificate({ CertificateArn: arn }));
          return true;
        } catch (error) {
          if (!hasErrorCode(error, "ResourceInUseException")) throw error;
          return undefined;
        }
      },
    );
  },

  identity: ({ arn }) => arn,
  changesOnUpdate: ["records"],
  immutable: ["names"],

  async findOwned(owner, context) {
    const owned = await ownedArns(context, owner, "acm", "certificate/");
    const found = await Promise.all(
      owned.map(async ({ arn, tags }) => {
        const detail = await describe(arn, context);
        if (detail === undefined) return [];
        const { DomainName = "", SubjectAlternativeNames = [] } = detail;
        const names = [DomainName, ...SubjectAlternativeNames.filter((name) => name !== DomainName)];
        return [{ name: certificateName(names), state: stateOf(arn, detail), tags }];
      }),
    );
    return found.flat();
  },

  blockedBy: ({ state: { arn } }, pending, context) => listenersThatNeed(arn, pending, context),
  stillBlockedBy: ({ state: { arn } }, pending, context) => listenersThatNeed(arn, pending, context),
};

async function describe(arn: string, { aws }: AwsContext): Promise<CertificateDetail | undefined> {
  return (await ignoreNotFound(aws.acm.describeCertificate({ CertificateArn: arn })))?.Certificate;
}

/** The certificates in ACM whose first name is the domain. */
async function certificatesFor(domain: string, { aws }: AwsContext): Promise<readonly string[]> {
  const all = await paginate(
    "NextToken",
    (next) => aws.acm.listCertificates({ ...next }),
    ({ CertificateSummaryList }) => CertificateSummaryList,
  );
  return all
    .filter(({ DomainName }) => DomainName?.toLowerCase() === domain)
    .flatMap(({ CertificateArn }) => CertificateArn ?? []);
}

const isFor = (names: readonly string[], { SubjectAlternativeNames = [] }: CertificateDetail): boolean =>
  SubjectAlternativeNames.map((name) => name.toLowerCase())
    .sort()
    .join() === [...names].sort().join();

/** Those of the owner for the same domains that ACM will never issue. */
async function failedCertificates(
  desired: RequestedCertificateDesired,
  context: AwsContext,
): Promise<readonly string[]> {
  const found = await Promise.all(
    (await ownCertificates(desired, context)).map(async ({ arn }) => {
      const detail = await describe(arn, context);
      const hasFailed = detail?.Status === "FAILED" || detail?.Status === "VALIDATION_TIMED_OUT";
      return hasFailed && isFor(desired.names, detail) ? [arn] : [];
    }),
  );
  return found.flat();
}

async function ownCertificates(
  { names, tags }: RequestedCertificateDesired,
  context: AwsContext,
): Promise<readonly { readonly arn: string; readonly tags: Tags }[]> {
  const arns = await certificatesFor(names[0]!, context);
  const tagged = await Promise.all(
    arns.map(async (arn) => {
      const answer = await ignoreNotFound(context.aws.acm.listTagsForCertificate({ CertificateArn: arn }));
      return { arn, tags: fromTags(answer?.Tags) };
    }),
  );
  return tagged.filter((each) => each.tags[OWNER_TAG] === tags[OWNER_TAG]);
}

const stateOf = (
  arn: string,
  { DomainValidationOptions = [] }: CertificateDetail,
): RequestedCertificateState => ({
  arn,
  records: Object.fromEntries(
    DomainValidationOptions.flatMap(({ DomainName = "", ResourceRecord }) =>
      ResourceRecord?.Name === undefined || ResourceRecord.Value === undefined
        ? []
        : [
            [
              DomainName.toLowerCase(),
              { name: ResourceRecord.Name.replace(/\.$/, ""), value: ResourceRecord.Value },
            ],
          ],
    ),
  ),
});

/** ACM knows the validation records some seconds after the request. */
const recordsKnown = (
  arn: string,
  names: readonly string[],
  context: AwsContext,
): Promise<RequestedCertificateState> =>
  poll(
    {
      context,
      every: 3_000,
      timeout: 3 * 60_000,
      what: `ACM to name the validation records of ${names.join(", ")}`,
    },
    async () => {
      const detail = await describe(arn, context);
      const state = detail && stateOf(arn, detail);
      return state !== undefined && names.every((name) => name in state.records) ? state : undefined;
    },
  );

const REASONS: Readonly<Record<string, string>> = {
  CAA_ERROR:
    'a CAA record of the domain does not allow Amazon\'s authority: add one with the value 0 issue "amazon.com", or delete it',
};

function notIssued(names: readonly string[], detail: CertificateDetail | undefined): QuaysideError {
  const { Status = "deleted", FailureReason, CertificateArn } = detail ?? {};
  const reason = FailureReason ?? Status;
  return new QuaysideError(
    "certificate-not-usable",
    `ACM does not issue the certificate for ${names.join(", ")}: ${REASONS[reason] ?? `its status is ${reason}`}`,
    {
      facts: { domain: names[0], arn: CertificateArn, status: Status, reason: FailureReason },
      fix: "Fix the reason, then run it again: another certificate is requested.",
    },
  );
}
