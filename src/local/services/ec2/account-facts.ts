import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { dnsSuffixOf } from "../../core/partition.js";
import { ServiceError } from "../../core/service-error.js";
import { zoneIdOf } from "./default-network.js";
import { applyFilters } from "./filters.js";
import { byIds } from "./request.js";

const ZONES = ["a", "b", "c"];

/** Regions that every account has enabled. Source: EC2 User Guide, "Available Regions". */
const REGIONS = [
  ...["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
  ...["ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"],
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
];

/** What the account finds before it has made anything. */
export const accountFacts = (account: Account) => ({
  async describeAvailabilityZones(
    input: Ec2.DescribeAvailabilityZonesCommandInput,
  ): Answer<Ec2.DescribeAvailabilityZonesCommandOutput> {
    const { region } = account;
    const all = new Map(ZONES.map((letter) => [`${region}${letter}`, letter]));
    const named = byIds(
      all,
      input.ZoneNames,
      (name) => new ServiceError("InvalidParameterValue", `Invalid availability zone: [${name}]`),
    );
    const zones = applyFilters(
      named,
      input.Filters,
      {
        "zone-name": (letter) => [`${region}${letter}`],
        "zone-id": (letter) => [zoneIdOf(region, letter)],
        "region-name": () => [region],
        "zone-type": () => ["availability-zone"],
        "opt-in-status": () => ["opt-in-not-required"],
        state: () => ["available"],
      },
      () => new Map(),
    ).filter((letter) => input.ZoneIds?.includes(zoneIdOf(region, letter)) ?? true);
    return {
      AvailabilityZones: zones.map((letter) => ({
        ZoneName: `${region}${letter}`,
        ZoneId: zoneIdOf(region, letter),
        RegionName: region,
        GroupName: region,
        NetworkBorderGroup: region,
        ZoneType: "availability-zone",
        OptInStatus: "opt-in-not-required",
        State: "available",
        Messages: [],
      })),
    };
  },

  async describeRegions(input: Ec2.DescribeRegionsCommandInput): Answer<Ec2.DescribeRegionsCommandOutput> {
    const all = [...new Set([...REGIONS, account.region])].sort();
    const names = byIds(
      new Map(all.map((name) => [name, name])),
      input.RegionNames,
      (name) => new ServiceError("InvalidParameterValue", `Invalid region: [${name}]`),
    );
    return {
      Regions: names.map((name) => ({
        RegionName: name,
        Endpoint: `ec2.${name}.${dnsSuffixOf(name)}`,
        OptInStatus: "opt-in-not-required",
      })),
    };
  },

  async describeAccountAttributes(
    input: Ec2.DescribeAccountAttributesCommandInput,
  ): Answer<Ec2.DescribeAccountAttributesCommandOutput> {
    const vpc = [...account.ec2.vpcs.values()].find(({ isDefault }) => isDefault)?.id ?? "none";
    const attributes: Readonly<Record<string, string>> = {
      "supported-platforms": "VPC",
      "default-vpc": vpc,
      "max-instances": "20",
      "vpc-max-security-groups-per-interface": "5",
      "max-elastic-ips": "5",
      "vpc-max-elastic-ips": "5",
    };
    return {
      AccountAttributes: Object.entries(attributes)
        .filter(([name]) => input.AttributeNames?.includes(name as Ec2.AccountAttributeName) ?? true)
        .map(([name, value]) => ({ AttributeName: name, AttributeValues: [{ AttributeValue: value }] })),
    };
  },
});
