import type * as Waf from "@aws-sdk/client-wafv2";
import type { Operation } from "../operation.js";

/** AWS WAF. */
export interface WafApi {
  associateWebACL: Operation<Waf.AssociateWebACLCommandInput, Waf.AssociateWebACLCommandOutput>;
  disassociateWebACL: Operation<Waf.DisassociateWebACLCommandInput, Waf.DisassociateWebACLCommandOutput>;
  getWebACLForResource: Operation<
    Waf.GetWebACLForResourceCommandInput,
    Waf.GetWebACLForResourceCommandOutput
  >;
}
