import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import type { PendingDeletions } from "../engine/kind.js";

interface Use {
  readonly listener: Listener;
  readonly isDefault: boolean;
  /** The certificates of the listener besides this one. */
  readonly others: readonly string[];
}

/** Takes a certificate from the listeners that have it; a listener whose default one it is gets another one of its own. */
export async function leaveListeners(arn: string, context: AwsContext): Promise<void> {
  const { elb } = context.aws;
  for (const { listener, isDefault, others } of await usesOf(arn, context)) {
    const { ListenerArn } = listener;
    if (!isDefault) {
      await ignoreNotFound(
        elb.removeListenerCertificates({ ListenerArn, Certificates: [{ CertificateArn: arn }] }),
      );
    } else if (others.length > 0) {
      await ignoreNotFound(
        elb.modifyListener({ ListenerArn, Certificates: [{ CertificateArn: others[0] }] }),
      );
      // One that was added before it became the default one is still among the others.
      await ignoreNotFound(
        elb.removeListenerCertificates({ ListenerArn, Certificates: [{ CertificateArn: arn }] }),
      );
    }
  }
}

/** The listeners that have no other certificate, and are not deleted. */
export async function listenersThatNeed(
  arn: string,
  pending: PendingDeletions,
  context: AwsContext,
): Promise<string[]> {
  const uses = await usesOf(arn, context);
  return uses
    .filter(({ isDefault, others }) => isDefault && others.length === 0)
    .map(({ listener: { ListenerArn = "", Port = 0 } }) => `${loadBalancerName(ListenerArn)}:${Port}`)
    .filter((name) => !pending.has("listener", name))
    .map((name) => `listener ${name}, which has no other certificate`);
}

async function usesOf(arn: string, { aws }: AwsContext): Promise<Use[]> {
  const answer = await ignoreNotFound(aws.acm.describeCertificate({ CertificateArn: arn }));
  const balancers = (answer?.Certificate?.InUseBy ?? []).filter((user) => user.includes(":loadbalancer/"));
  const uses = await Promise.all(
    balancers.map(async (LoadBalancerArn) => {
      const listeners = await paginate(
        "Marker",
        (next) => ignoreNotFound(aws.elb.describeListeners({ LoadBalancerArn, ...next })),
        ({ Listeners }) => Listeners,
      );
      const secure = listeners.filter(({ Protocol }) => Protocol === "HTTPS" || Protocol === "TLS");
      return Promise.all(secure.map((listener) => useOf(arn, listener)));
    }),
  );
  return uses.flat(2);

  async function useOf(certificate: string, listener: Listener): Promise<Use[]> {
    const { ListenerArn = "" } = listener;
    const all = await paginate(
      "Marker",
      (next) => ignoreNotFound(aws.elb.describeListenerCertificates({ ListenerArn, ...next })),
      ({ Certificates }) => Certificates,
    );
    const own = all.filter(({ CertificateArn }) => CertificateArn === certificate);
    if (own.length === 0) return [];
    const others = all.flatMap(({ CertificateArn }) =>
      CertificateArn === undefined || CertificateArn === certificate ? [] : [CertificateArn],
    );
    return [{ listener, isDefault: own.some(({ IsDefault }) => IsDefault === true), others }];
  }
}
