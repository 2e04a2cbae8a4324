import type { RequestLaunchTemplateData, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { parseOwner } from "../aws/owner.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges, sortLike } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { stableHash } from "../engine/stable-hash.js";
import type { HostVolumeSpec } from "../spec/host-volume.js";
import { presentVolume, volumeMapping } from "./host-volume-mapping.js";
import { withoutOverride } from "./overridden-template.js";

export interface LaunchTemplateDesired extends Tagged {
  readonly launchTemplateName: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly keyName?: string | undefined;
  readonly securityGroupIds: readonly string[];
  /** True if instances get a public IPv4 address; `undefined`: the subnet decides (`MapPublicIpOnLaunch`). */
  readonly publicIp: boolean | undefined;
  /** The volume, and the device of the AMI that it is; `undefined`: that of the AMI. */
  readonly volume?: (HostVolumeSpec & { readonly device: string }) | undefined;
  readonly metadataHopLimit: number;
  readonly profileName: string;
  /** The script as plain text; at most 16 KB. */
  readonly userData: string;
  readonly spot: boolean;
  readonly detailedMonitoring: boolean;
  /** The tags of the instances, and of their volumes and network interfaces. */
  readonly instanceTags: Tags;
}

export interface LaunchTemplateState {
  readonly id: string;
  readonly launchTemplateName: string;
  readonly version: string;
}

export const launchTemplateKind: Kind<LaunchTemplateDesired, LaunchTemplateState, AwsContext> = {
  kind: "launch-template",
  unknown: { id: UNKNOWN, launchTemplateName: UNKNOWN, version: UNKNOWN },
  // It only names what its instances get.
  deletedBeside: ["security-group", "instance-profile", "iam-role", "key-pair"],
  immutable: ["launchTemplateName"],
  changesOnUpdate: ["version"],

  async read(desired, context) {
    const { launchTemplateName } = desired;
    // Without an AMI, nothing is compared: its version says enough.
    const isCompared = !isUnknown(desired.imageId);
    const found = await latestTemplateData(launchTemplateName, context, isCompared);
    if (found === undefined) return undefined;
    const { id, version, tags } = found;
    const state = { id, launchTemplateName, version };
    if (!isCompared) return { state, current: desired, tags };
    return {
      state,
      ...overriddenCurrent(desired, found, context),
      tags,
    };
  },

  async create(desired, context) {
    const { LaunchTemplate } = await context.aws.ec2.createLaunchTemplate({
      ...createInput(desired),
      TagSpecifications: [{ ResourceType: "launch-template", Tags: toTagList(desired.tags) }],
      ClientToken: clientToken(desired, context),
    });
    return {
      id: LaunchTemplate!.LaunchTemplateId!,
      launchTemplateName: desired.launchTemplateName,
      version: String(LaunchTemplate!.LatestVersionNumber ?? 1),
    };
  },

  async update(desired, { state }, changes, context) {
    const { ec2 } = context.aws;
    if (hasChanges(changes, "tags")) {
      await ec2.createTags({ Resources: [state.id], Tags: toTagList(desired.tags) });
    }
    if (changes.every(({ path }) => path.startsWith("tags"))) return state;
    const { LaunchTemplateVersion } = await ec2.createLaunchTemplateVersion({
      LaunchTemplateId: state.id,
      // An override of the template applies to its later versions, too.
      LaunchTemplateData: createdData(desired, context),
      ClientToken: clientToken(desired, context),
    });
    return { ...state, version: String(LaunchTemplateVersion!.VersionNumber) };
  },

  alreadyExists: (error) => hasErrorCode(error, "InvalidLaunchTemplateName.AlreadyExistsException"),

  async delete({ id }, { aws }) {
    await ignoreNotFound(aws.ec2.deleteLaunchTemplate({ LaunchTemplateId: id }));
  },

  async findOwned(owner, { aws }) {
    // Only clusters have instances.
    if (parseOwner(owner)?.type !== "cluster") return [];
    const { LaunchTemplates = [] } = await aws.ec2.describeLaunchTemplates({
      Filters: [{ Name: `tag:${OWNER_TAG}`, Values: [owner] }],
    });
    return LaunchTemplates.map((template) => {
      const name = template.LaunchTemplateName ?? "";
      const version = String(template.LatestVersionNumber);
      const state = { id: template.LaunchTemplateId ?? "", launchTemplateName: name, version };
      return { name, state, tags: fromTags(template.Tags) };
    });
  },
};

/** A launch template by name, with its latest version. */
export async function latestTemplateData(
  launchTemplateName: string,
  { aws }: AwsContext,
  isCompared = true,
): Promise<
  | {
      readonly id: string;
      readonly version: string;
      readonly data: ResponseLaunchTemplateData;
      readonly tags: Tags;
    }
  | undefined
> {
  const found = await ignoreNotFound(
    aws.ec2.describeLaunchTemplates({ LaunchTemplateNames: [launchTemplateName] }),
  );
  const template = found?.LaunchTemplates?.[0];
  if (template?.LaunchTemplateId === undefined) return undefined;
  const { LaunchTemplateVersions } = !isCompared
    ? {}
    : await aws.ec2.describeLaunchTemplateVersions({
        LaunchTemplateId: template.LaunchTemplateId,
        Versions: ["$Latest"],
      });
  const latest = LaunchTemplateVersions?.[0];
  return {
    id: template.LaunchTemplateId,
    version: String(latest?.VersionNumber ?? template.LatestVersionNumber),
    data: latest?.LaunchTemplateData ?? {},
    tags: fromTags(template.Tags),
  };
}

/** The data as CreateLaunchTemplate sends it. */
const createdData = (desired: LaunchTemplateDesired, context: AwsContext): RequestLaunchTemplateData =>
  context.overridden("createLaunchTemplate", createInput(desired)).LaunchTemplateData ?? {};

const createInput = (desired: LaunchTemplateDesired) => ({
  LaunchTemplateName: desired.launchTemplateName,
  LaunchTemplateData: launchTemplateData(desired),
});

/** The present values, and what of the user's override is not part of them. */
function overriddenCurrent(
  desired: LaunchTemplateDesired,
  { version, data }: { readonly version: string; readonly data: ResponseLaunchTemplateData },
  context: AwsContext,
) {
  const created = createdData(desired, context);
  const sent =
    version === "1"
      ? created
      : (context.overridden("createLaunchTemplateVersion", { LaunchTemplateData: created })
          .LaunchTemplateData ?? {});
  const present = withoutOverride(launchTemplateData(desired), sent, data);
  return {
    current: currentOf(desired, present.data),
    unapplied: present.unapplied,
  };
}

/** The same token for a repeated request; another one in the next run, which may follow a deletion. */
const clientToken = (desired: LaunchTemplateDesired, context: AwsContext): string =>
  `quayside-${stableHash({ data: createdData(desired, context), name: desired.launchTemplateName, startedAt: context.startedAt })}`;

function currentOf(desired: LaunchTemplateDesired, data: ResponseLaunchTemplateData) {
  return {
    launchTemplateName: desired.launchTemplateName,
    imageId: data.ImageId,
    instanceType: data.InstanceType,
    keyName: data.KeyName,
    securityGroupIds: sortLike(desired.securityGroupIds, securityGroupIdsOf(data)),
    publicIp: data.NetworkInterfaces?.[0]?.AssociatePublicIpAddress ?? undefined,
    volume: presentVolume(data),
    metadataHopLimit: data.MetadataOptions?.HttpPutResponseHopLimit ?? 1,
    profileName: data.IamInstanceProfile?.Name,
    userData: Buffer.from(data.UserData ?? "", "base64").toString("utf8"),
    spot: data.InstanceMarketOptions?.MarketType === "spot",
    detailedMonitoring: data.Monitoring?.Enabled ?? false,
    instanceTags: currentInstanceTags(desired, data),
  };
}

/** The types of resources that a launch tags, as far as quayside describes them. Source: EC2 API, TagSpecification. */
const LAUNCHED = ["instance", "volume", "network-interface"] as const;

/** The tags that all launched resources have; those of a type that differs from the others are shown under it. */
function currentInstanceTags(
  { instanceTags }: LaunchTemplateDesired,
  data: ResponseLaunchTemplateData,
): unknown {
  const ofType = LAUNCHED.map((type) => {
    const specification = data.TagSpecifications?.find(({ ResourceType }) => ResourceType === type);
    return fromTags(specification?.Tags);
  });
  const other = ofType.find((tags) => stableHash(tags) !== stableHash(instanceTags));
  return other ?? instanceTags;
}

/** The security groups, which are at either place of the data. */
export const securityGroupIdsOf = ({
  NetworkInterfaces,
  SecurityGroupIds,
}: ResponseLaunchTemplateData): string[] => NetworkInterfaces?.[0]?.Groups ?? SecurityGroupIds ?? [];

/** Only a network interface can ask for a public address, and then has the security groups (EC2's rule). */
const networkOf = ({ publicIp, securityGroupIds }: LaunchTemplateDesired): RequestLaunchTemplateData =>
  publicIp === undefined
    ? { SecurityGroupIds: [...securityGroupIds] }
    : {
        NetworkInterfaces: [
          { DeviceIndex: 0, AssociatePublicIpAddress: publicIp, Groups: [...securityGroupIds] },
        ],
      };

/** The launch template's data, as EC2's input. */
export function launchTemplateData(desired: LaunchTemplateDesired): RequestLaunchTemplateData {
  const Tags = toTagList(desired.instanceTags);
  return {
    ImageId: desired.imageId,
    InstanceType: desired.instanceType as NonNullable<RequestLaunchTemplateData["InstanceType"]>,
    ...(desired.keyName === undefined ? {} : { KeyName: desired.keyName }),
    ...networkOf(desired),
    IamInstanceProfile: { Name: desired.profileName },
    UserData: Buffer.from(desired.userData, "utf8").toString("base64"),
    // With one hop the agent reaches the metadata service, and containers on the bridge network, which have task
    // roles, do not.
    MetadataOptions: {
      HttpTokens: "required",
      HttpEndpoint: "enabled",
      HttpPutResponseHopLimit: desired.metadataHopLimit,
    },
    ...(desired.volume === undefined ? {} : { BlockDeviceMappings: [volumeMapping(desired.volume)] }),
    Monitoring: { Enabled: desired.detailedMonitoring },
    ...(desired.spot ? { InstanceMarketOptions: { MarketType: "spot" } } : {}),
    ...(Tags.length === 0
      ? {}
      : {
          TagSpecifications: LAUNCHED.map((ResourceType) => ({ ResourceType, Tags })),
        }),
  };
}
