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

  async read(desired, { aws }) {
    const { listenerArn: ListenerArn, certificateArn, tags } = desired;
    if (isUnknown(ListenerArn) || isUnknown(certificateArn)) return undefined;
    const all = await paginate(
      "Marker",
      (next) => ignoreNotFound(aws.elb.describeListenerCertificates({ ListenerArn, ...next })),
      ({ Certificates }) => Certificates,
    );
    const isThere = all.some(({ CertificateArn }) => CertificateArn === certificateArn);
    return isThere ? { state: {}, current: desired, tags } : undefined;
  },

  async create({ listenerArn, certificateArn }, { aws }) {
    // It succeeds for one that is there.
    await aws.elb.addListenerCertificates({
      ListenerArn: listenerArn,
      Certificates: [{ CertificateArn: certificateArn }],
    });
    return {};
  },
};
