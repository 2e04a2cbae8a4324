import type { Instance } from "@aws-sdk/client-auto-scaling";
import type { Image, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { isDeepStrictEqual } from "node:util";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { paginate } from "../aws/paginate.js";
import type { Ec2CapacitySpec } from "../spec/ec2.js";
import { amiKind } from "./ami.js";
import { instanceTypeKind } from "./instance-type.js";

/** The members of a launch template, in words. */
const WORDS: Readonly<Partial<Record<keyof ResponseLaunchTemplateData, string>>> = Object.freeze({
  InstanceType: "instance type",
  UserData: "user data",
  KeyName: "key pair",
  SecurityGroupIds: "security groups",
  NetworkInterfaces: "network interface",
  IamInstanceProfile: "instance profile",
  InstanceMarketOptions: "spot",
  Monitoring: "monitoring",
  MetadataOptions: "metadata options",
  BlockDeviceMappings: "volume",
  TagSpecifications: "tags",
});

/** What instances are compared with. */
export interface HostTarget {
  /** The present launch template. */
  readonly data: ResponseLaunchTemplateData;
  /** The AMI that a refresh would bring; `undefined` if it cannot be found out. */
  readonly imageId: string | undefined;
  /** The described types. */
  readonly instanceTypes: readonly string[];
}

/** What an instance differs by from what a refresh would make of it: `["AMI", "instance type"]`. */
export function outdatedBy(
  target: HostTarget,
  launchedFrom: ResponseLaunchTemplateData | undefined,
  { InstanceType: type }: Pick<Instance, "InstanceType">,
): readonly string[] {
  if (launchedFrom === undefined) return ["launch template"];
  const { data, imageId, instanceTypes } = target;
  const found: string[] = [];
  if (imageId !== undefined && launchedFrom.ImageId !== imageId) found.push("AMI");
  if (type !== undefined && !instanceTypes.includes(type)) found.push("instance type");
  for (const key of Object.keys({ ...data, ...launchedFrom }) as (keyof ResponseLaunchTemplateData)[]) {
    if (key === "ImageId" || key === "InstanceType") continue;
    if (!isDeepStrictEqual(data[key], launchedFrom[key])) found.push(WORDS[key] ?? key);
  }
  return found;
}

/** The data of a launch template's versions, by their numbers; with `$Latest` also the latest one. */
export async function templateVersions(
  LaunchTemplateId: string,
  versions: readonly string[],
  { aws }: AwsContext,
): Promise<ReadonlyMap<string, ResponseLaunchTemplateData>> {
  const Versions = [...new Set(versions)];
  const found = await paginate(
    "NextToken",
    (next) => aws.ec2.describeLaunchTemplateVersions({ LaunchTemplateId, Versions, ...next }),
    ({ LaunchTemplateVersions }) => LaunchTemplateVersions,
  );
  return new Map(
    found.map(({ VersionNumber, LaunchTemplateData = {} }) => [String(VersionNumber), LaunchTemplateData]),
  );
}

/** The AMI that a refresh would bring; `undefined` if it cannot be found out. */
export async function wantedAmi(
  { ami, instanceType, os }: Pick<Ec2CapacitySpec, "ami" | "instanceType" | "os">,
  launchTemplateName: string,
  context: AwsContext,
): Promise<string | undefined> {
  if (ami !== undefined) return ami;
  try {
    const type = await instanceTypeKind.read({ instanceType, tags: {} }, context);
    const { architecture, accelerator } = type!.state;
    const asked = {
      instanceType,
      architecture,
      accelerator,
      os,
      launchTemplateName,
      isFollowed: true,
      tags: {},
    };
    return (await amiKind.read(asked, context))?.state.imageId;
  } catch (error) {
    // It is only for information.
    if (hasErrorCode(error, "AccessDeniedException", "AccessDenied", "UnauthorizedOperation"))
      return undefined;
    throw error;
  }
}

/** The AMIs, as far as they still exist and the caller may see them. */
export async function imagesOf(
  ids: readonly (string | undefined)[],
  { aws }: AwsContext,
): Promise<ReadonlyMap<string, Image>> {
  const Values = [...new Set(ids.filter((id) => id !== undefined))];
  if (Values.length === 0) return new Map();
  // By a filter: an AMI that was deregistered is then only missing.
  const { Images = [] } = await aws.ec2.describeImages({ Filters: [{ Name: "image-id", Values }] });
  return new Map(Images.map((image) => [image.ImageId!, image]));
}
