import type * as sts from "@aws-sdk/client-sts";
import type { Operation } from "../operation.js";

export interface StsApi {
  getCallerIdentity: Operation<sts.GetCallerIdentityRequest, sts.GetCallerIdentityResponse>;
}
