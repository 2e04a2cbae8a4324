import type * as Ssm from "@aws-sdk/client-ssm";
import type { Operation } from "../operation.js";

export interface SsmApi {
  getParameter: Operation<Ssm.GetParameterCommandInput, Ssm.GetParameterCommandOutput>;
}
