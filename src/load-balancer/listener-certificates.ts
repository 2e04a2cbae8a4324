import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";
import { QuaysideError } from "../errors.js";

/** The certificates that a listener is to have. */
export interface CertificatesDesired {
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: string;
  /** HTTPS and TLS only. */
  readonly certificateArn?: string | undefined;
  /** True if its default certificate is one of those that are requested for domains: any of them serves. */
  readonly anyCertificate?: true;
  /** HTTPS and TLS only: certificates besides that one, which TLS chooses by the client's name. @defaultValue not compared */
  readonly additionalCertificates?: readonly string[];
}

const isSecure = (protocol: string): boolean => protocol === "HTTPS" || protocol === "TLS";

/**
 * The protocol; over TLS with one certificate and the security policy that AWS recommends: TLS 1.2 and 1.3
 * (ELB guides, "Security policies").
 */
export const listenerEndpoint = <Protocol extends string>({
  protocol,
  certificateArn,
}: Pick<CertificatesDesired, "certificateArn"> & { readonly protocol: Protocol }) => ({
  Protocol: protocol,
  ...(isSecure(protocol) && {
    Certificates: [{ CertificateArn: certificateArn }],
    SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  }),
});

/** The certificates of a listener, as far as they are described: those that others have added stay. */
export async function presentCertificates(
  { ListenerArn: arn = "", Certificates = [] }: Listener,
  { anyCertificate, additionalCertificates: wanted }: CertificatesDesired,
  context: AwsContext,
) {
  const present = wanted && (await additionalCertificates(arn, context));
  const isAnyOther = anyCertificate && Certificates.length > 0;
  return {
    // The default one may be another deployment's: it is not compared, neither by the plan nor once the new one is known.
    ...(!isAnyOther && { certificateArn: Certificates[0]?.CertificateArn }),
    ...(wanted && { additionalCertificates: wanted.filter((one) => present?.includes(one)) }),
  };
}

/** Throws if a listener over TLS has no certificate. */
export async function checkListenerCertificate({
  protocol,
  certificateArn,
  loadBalancerArn,
  port,
}: CertificatesDesired): Promise<void> {
  if (!isSecure(protocol) || certificateArn !== undefined) return;
  throw new QuaysideError(
    "no-certificate",
    `Nothing was changed: the ${protocol} listener on port ${port} has no certificate: none is named, and no route has a domain`,
    {
      facts: { port, loadBalancer: loadBalancerArn },
      fix: 'Name a certificate, .https(443, { certificate: "talk.example.com" }), or deploy the load balancer with a deployment that has a domain: .behindAlb(alb, { domain }).',
    },
  );
}

/**
 * Keeps, besides the new default certificate, the one before if quayside has requested it for a deployment: clients of
 * its domains get it until that deployment deletes it.
 */
export async function keepFormerDefault(
  listenerArn: string,
  former: unknown,
  context: AwsContext,
): Promise<void> {
  if (typeof former !== "string" || !former.includes(":acm:")) return;
  const answer = await ignoreNotFound(context.aws.acm.listTagsForCertificate({ CertificateArn: former }));
  if (ownerName(fromTags(answer?.Tags)[OWNER_TAG], "deployment") !== undefined)
    await addCertificates(listenerArn, [former], context);
}

/** The certificates of a listener besides its default one. */
async function additionalCertificates(listenerArn: string, { aws }: AwsContext): Promise<string[]> {
  const found = await paginate(
    "Marker",
    (next) => aws.elb.describeListenerCertificates({ ListenerArn: listenerArn, ...next }),
    ({ Certificates }) => Certificates,
  );
  return found
    .filter(({ IsDefault }) => IsDefault !== true)
    .flatMap(({ CertificateArn }) => CertificateArn ?? []);
}

/** Adds certificates, one with each call: AddListenerCertificates takes no more. */
export async function addCertificates(
  listenerArn: string,
  certificates: readonly string[],
  { aws }: AwsContext,
): Promise<void> {
  for (const CertificateArn of certificates)
    await aws.elb.addListenerCertificates({ ListenerArn: listenerArn, Certificates: [{ CertificateArn }] });
}
