import type { _InstanceType } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { applyFilters } from "./filters.js";
import { instanceTypesTable, isFreeTierEligible, isOffered } from "./instance-types-table.js";
import { byIds, ec2Page, invalidValue } from "./request.js";

const noTags: ReadonlyMap<string, string> = new Map();

export function instanceTypes(
  account: Account,
): Pick<Ec2Api, "describeInstanceTypes" | "describeInstanceTypeOfferings"> {
  return {
    async describeInstanceTypes(input) {
      if (
        input.MaxResults !== undefined &&
        input.InstanceTypes !== undefined &&
        input.InstanceTypes.length > 0
      ) {
        throw new ServiceError(
          "InvalidParameterCombination",
          "The parameter instanceTypes cannot be used with the parameter maxResults",
        );
      }
      const known = byIds(
        instanceTypesTable,
        input.InstanceTypes,
        (name) =>
          new ServiceError(
            "InvalidInstanceType",
            `The following supplied instance types do not exist: [${name}]`,
          ),
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "instance-type": (type) => [type.name],
          "processor-info.supported-architecture": (type) => [type.architecture],
          "current-generation": (type) => [String(!type.name.startsWith("t2."))],
          "burstable-performance-supported": (type) => [String(type.burstable)],
          "vcpu-info.default-vcpus": (type) => [String(type.vcpus)],
          "memory-info.size-in-mib": (type) => [String(type.memory)],
        },
        () => noTags,
      );
      const { items, nextToken } = ec2Page(found, input, { min: 5, max: 100 });
      return {
        InstanceTypes: items.map((type) => ({
          InstanceType: type.name as _InstanceType,
          CurrentGeneration: true,
          BurstablePerformanceSupported: type.burstable,
          ProcessorInfo: { SupportedArchitectures: [type.architecture] },
          VCpuInfo: { DefaultVCpus: type.vcpus },
          MemoryInfo: { SizeInMiB: type.memory },
          FreeTierEligible: isFreeTierEligible(type.name),
          ...(type.accelerator === "gpu" && {
            GpuInfo: { Gpus: [{ Name: "T4", Manufacturer: "NVIDIA", Count: type.gpus }] },
          }),
          ...(type.accelerator === "neuron" && {
            NeuronInfo: { NeuronDevices: [{ Name: "Inferentia2", Count: 1 }] },
          }),
          NetworkInfo: { MaximumNetworkInterfaces: type.networkInterfaces },
        })),
        NextToken: nextToken,
      };
    },

    async describeInstanceTypeOfferings(input) {
      const zones = [
        ...new Map([...account.ec2.subnets.values()].map((one) => [one.zone, one.zoneId])).entries(),
      ];
      const kind = input.LocationType ?? "region";
      const places: readonly { readonly location: string; readonly zone: string | undefined }[] =
        kind === "region"
          ? [{ location: account.region, zone: undefined }]
          : zones.map(([zone, zoneId]) => ({
              zone,
              location: kind === "availability-zone-id" ? zoneId : zone,
            }));
      if (!["region", "availability-zone", "availability-zone-id"].includes(kind)) {
        throw invalidValue(`Invalid value '${kind}' for LocationType.`);
      }
      const offerings = places.flatMap(({ location, zone }) =>
        [...instanceTypesTable.keys()]
          .filter((type) => zone === undefined || isOffered(type, zone))
          .map((type) => ({ type, location })),
      );
      const found = applyFilters(
        offerings,
        input.Filters,
        { "instance-type": ({ type }) => [type], location: ({ location }) => [location] },
        () => noTags,
      );
      const { items, nextToken } = ec2Page(found, input, { min: 5, max: 1000 });
      return {
        InstanceTypeOfferings: items.map(({ type, location }) => ({
          InstanceType: type as _InstanceType,
          LocationType: kind,
          Location: location,
        })),
        NextToken: nextToken,
      };
    },
  };
}
