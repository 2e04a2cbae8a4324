import type { AwsContext } from "../aws/context.js";
import { AwsError } from "../errors.js";
import type { CertificateSource } from "../spec/listeners.js";

/** The domain that a certificate is for; `undefined` if it is a wildcard, or not in ACM. */
export async function certificateDomain(
  source: CertificateSource | undefined,
  context: AwsContext,
): Promise<string | undefined> {
  const domain = source?.from === "acm" ? source.domain : await describedDomain(source?.arn, context);
  return domain?.startsWith("*") === false ? domain.toLowerCase() : undefined;
}

async function describedDomain(arn: string | undefined, { aws }: AwsContext): Promise<string | undefined> {
  if (arn?.includes(":acm:") !== true) return undefined;
  try {
    return (await aws.acm.describeCertificate({ CertificateArn: arn })).Certificate?.DomainName;
  } catch (error) {
    // Only the URL depends on it.
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
