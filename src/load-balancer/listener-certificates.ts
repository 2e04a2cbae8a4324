import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";

/** The certificates of a listener besides its default one. */
export async function additionalCertificates(listenerArn: string, { aws }: AwsContext): Promise<string[]> {
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
