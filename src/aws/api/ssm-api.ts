import type * as Ssm from "@aws-sdk/client-ssm";
import type { Operation } from "../operation.js";

export interface SsmPort {
  getParameter: Operation<Ssm.GetParameterCommandInput, Ssm.GetParameterCommandOutput>;
}
