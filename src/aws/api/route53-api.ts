import type * as Route53 from "@aws-sdk/client-route-53";
import type { Operation } from "../operation.js";

export interface Route53Api {
  listHostedZones: Operation<Route53.ListHostedZonesCommandInput, Route53.ListHostedZonesCommandOutput>;
  getHostedZone: Operation<Route53.GetHostedZoneCommandInput, Route53.GetHostedZoneCommandOutput>;
  listResourceRecordSets: Operation<
    Route53.ListResourceRecordSetsCommandInput,
    Route53.ListResourceRecordSetsCommandOutput
  >;
  changeResourceRecordSets: Operation<
    Route53.ChangeResourceRecordSetsCommandInput,
    Route53.ChangeResourceRecordSetsCommandOutput
  >;
  getChange: Operation<Route53.GetChangeCommandInput, Route53.GetChangeCommandOutput>;
}
