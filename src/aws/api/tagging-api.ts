import type * as Tagging from "@aws-sdk/client-resource-groups-tagging-api";
import type { Operation } from "../operation.js";

export interface TaggingPort {
  getResources: Operation<Tagging.GetResourcesCommandInput, Tagging.GetResourcesCommandOutput>;
}
