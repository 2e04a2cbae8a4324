import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { isUnknown, type Kind, type Tagged } from "../engine/kind.js";

export interface ListenerCertificateDesired extends Tagged {
  readonly listenerArn: string;
  readonly certificateArn: string;
}

/** That a listener has a certificate, which TLS chooses by the client's name. It ends with the certificate. */
export const listenerCertificateKind: Kind<ListenerCertificateDesired, object, AwsContext> = {
  kind: "listener-certificate",
  unknown: {},

  async read(desired, context) {
    const { listenerArn, certificateArn, tags } = desired;
    if (isUnknown(listenerArn) || isUnknown(certificateArn)) return undefined;
    return (await hasCertificate(desired, context)) ? { state: {}, current: desired, tags } : undefined;
  },

  async create(desired, context) {
    const { listenerArn, certificateArn } = desired;
    // A new listener has it as its default one.
    if (await hasCertificate(desired, context)) return {};
    await context.aws.elb.addListenerCertificates({
      ListenerArn: listenerArn,
      Certificates: [{ CertificateArn: certificateArn }],
    });
    return {};
  },
};

async function hasCertificate(
  { listenerArn: ListenerArn, certificateArn }: ListenerCertificateDesired,
  { aws }: AwsContext,
): Promise<boolean> {
  const all = await paginate(
    "Marker",
    (next) => ignoreNotFound(aws.elb.describeListenerCertificates({ ListenerArn, ...next })),
    ({ Certificates }) => Certificates,
  );
  return all.some(({ CertificateArn }) => CertificateArn === certificateArn);
}
