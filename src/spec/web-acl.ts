import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";

const WEB_ACL = /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[\w-]{1,128}\/[0-9a-f-]{1,36}$/;

/** The ARN of a regional web ACL. Source: AWS WAF API reference, AssociateWebACL. */
export function parseWebAcl(given: unknown, issues: Issues): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && WEB_ACL.test(given)) return given;
  issues.add(
    "loadBalancer.waf",
    `must be the ARN of a regional web ACL, arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/{id}; got ${formatValue(given)}`,
  );
  return undefined;
}
