import { parseArn } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { toTagList } from "../aws/tags.js";
import type { Tags } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";

/**
 * Refuses a web ACL of another region, to which AWS WAF can associate no load balancer.
 *
 * @throws QuaysideError `no-web-acl`
 */
export function assertWebAclInRegion(
  { name, webAcl }: Pick<LoadBalancerSpec, "name" | "webAcl">,
  { region }: Pick<AwsContext, "region">,
): void {
  if (webAcl === undefined) return;
  const other = parseArn(webAcl).region;
  if (other === region) return;
  throw new QuaysideError(
    "no-web-acl",
    `Nothing was changed: load balancer ${name} is in ${region}, and its web ACL is in ${other}: AWS WAF associates a web ACL only with resources of its own region`,
    {
      facts: { loadBalancer: name, webAcl, region },
      fix: `Create a web ACL in ${region}, and pass its ARN to .waf(...).`,
    },
  );
}

/** The tag with the web ACL that quayside has associated: one that is no longer described is disassociated. */
const WEB_ACL_TAG = "quayside:web-acl";

/**
 * The web ACL of AWS WAF that protects a load balancer, if the chain describes one or quayside has associated it;
 * `undefined` if there is none, or if it is another one's.
 */
export async function presentWebAcl(
  arn: string,
  described: string | undefined,
  tags: Tags,
  { aws }: AwsContext,
): Promise<string | undefined> {
  const associated = tags[WEB_ACL_TAG];
  if (described === undefined && associated === undefined) return undefined;
  const answer = await ignoreNotFound(aws.waf.getWebACLForResource({ ResourceArn: arn }));
  const present = answer?.WebACL?.ARN;
  return described === undefined && present !== associated ? undefined : present;
}

/** Associates the described web ACL, in place of any other, or disassociates the one that quayside has associated. */
export async function setWebAcl(
  arn: string,
  described: string | undefined,
  { aws: { elb, waf } }: AwsContext,
): Promise<void> {
  if (described === undefined) {
    await ignoreNotFound(waf.disassociateWebACL({ ResourceArn: arn }));
    await elb.removeTags({ ResourceArns: [arn], TagKeys: [WEB_ACL_TAG] });
    return;
  }
  // The tag comes first, so that an interrupted run is continued.
  await elb.addTags({ ResourceArns: [arn], Tags: toTagList({ [WEB_ACL_TAG]: described }) });
  await waf.associateWebACL({ WebACLArn: described, ResourceArn: arn });
}
