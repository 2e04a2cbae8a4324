import type * as Tagging from "@aws-sdk/client-resource-groups-tagging-api";
import type { Operation } from "../operation.js";

export interface TaggingApi {
  getResources: Operation<Tagging.GetResourcesCommandInput, Tagging.GetResourcesCommandOutput>;
}
