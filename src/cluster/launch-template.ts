import type { RequestLaunchTemplateData, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { fromTags, HASH_TAG, KIND_TAG, OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges, sortLike } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { stableHash } from "../engine/stable-hash.js";

export interface LaunchTemplateDesired extends Tagged {
  readonly launchTemplateName: string;
  readonly imageId: string;
  /** `false`: the AMI is chosen when the template is created, and kept when ECS recommends a newer one. */
  readonly pinImage: boolean;
  readonly instanceType: string;
  readonly keyName?: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly profileName: string;
  /** The script as plain text; at most 16 KB. */
  readonly userData: string;
  readonly spot: boolean;
  readonly detailedMonitoring: boolean;
}

export interface LaunchTemplateState {
  readonly id: string;
  readonly launchTemplateName: string;
  readonly version: string;
}

export const launchTemplateKind: Kind<LaunchTemplateDesired, LaunchTemplateState, AwsContext> = {
  kind: "launch-template",
  unknown: { id: UNKNOWN, launchTemplateName: UNKNOWN, version: UNKNOWN },
  dependsOn: ["security-group", "instance-profile", "iam-role", "key-pair"],
  immutable: ["launchTemplateName"],
  changesOnUpdate: ["version"],
  // ECS recommends a new AMI every few weeks: following it would replace all instances on a deploy.
  createOnly: ({ pinImage }) => (pinImage ? [] : ["imageId"]),

  async read(desired, { aws }) {
    const found = await ignoreNotFound(
      aws.ec2.describeLaunchTemplates({ LaunchTemplateNames: [desired.launchTemplateName] }),
    );
    const template = found?.LaunchTemplates?.[0];
    if (template?.LaunchTemplateId === undefined) return undefined;
    const { LaunchTemplateVersions } = await aws.ec2.describeLaunchTemplateVersions({
      LaunchTemplateId: template.LaunchTemplateId,
      Versions: ["$Latest"],
    });
    const latest = LaunchTemplateVersions?.[0];
    return {
      state: {
        id: template.LaunchTemplateId,
        launchTemplateName: desired.launchTemplateName,
        version: String(latest?.VersionNumber ?? template.LatestVersionNumber),
      },
      current: currentOf(desired, latest?.LaunchTemplateData ?? {}),
      tags: fromTags(template.Tags),
    };
  },

  async create(desired, context) {
    const { LaunchTemplate } = await context.aws.ec2.createLaunchTemplate({
      LaunchTemplateName: desired.launchTemplateName,
      LaunchTemplateData: launchTemplateData(desired),
      TagSpecifications: [{ ResourceType: "launch-template", Tags: toTagList(desired.tags) }],
      ClientToken: clientToken(desired, context),
    });
    return {
      id: LaunchTemplate!.LaunchTemplateId!,
      launchTemplateName: desired.launchTemplateName,
      version: String(LaunchTemplate!.LatestVersionNumber ?? 1),
    };
  },

  async update(desired, { state, current }, changes, context) {
    const { ec2 } = context.aws;
    if (hasChanges(changes, "tags")) {
      await ec2.createTags({ Resources: [state.id], Tags: toTagList(desired.tags) });
    }
    if (changes.every(({ path }) => path.startsWith("tags"))) return state;
    const imageId = desired.pinImage
      ? desired.imageId
      : ((current.imageId as string | undefined) ?? desired.imageId);
    const { LaunchTemplateVersion } = await ec2.createLaunchTemplateVersion({
      LaunchTemplateId: state.id,
      LaunchTemplateData: launchTemplateData({ ...desired, imageId }),
      ClientToken: clientToken({ ...desired, imageId }, context),
    });
    return { ...state, version: String(LaunchTemplateVersion!.VersionNumber) };
  },

  alreadyExists: (error) => hasErrorCode(error, "InvalidLaunchTemplateName.AlreadyExistsException"),

  async delete({ id }, { aws }) {
    await ignoreNotFound(aws.ec2.deleteLaunchTemplate({ LaunchTemplateId: id }));
  },

  async findOwned(owner, { aws }) {
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

/** The same token for a repeated request; another one in the next run, which may follow a deletion. */
const clientToken = (desired: LaunchTemplateDesired, { startedAt }: AwsContext): string =>
  `quayside-${stableHash({ data: launchTemplateData(desired), name: desired.launchTemplateName, startedAt })}`;

function currentOf(desired: LaunchTemplateDesired, data: ResponseLaunchTemplateData) {
  return {
    launchTemplateName: desired.launchTemplateName,
    imageId: data.ImageId,
    pinImage: desired.pinImage,
    instanceType: data.InstanceType,
    keyName: data.KeyName,
    securityGroupIds: sortLike(desired.securityGroupIds, data.SecurityGroupIds ?? []),
    profileName: data.IamInstanceProfile?.Name,
    userData: Buffer.from(data.UserData ?? "", "base64").toString("utf8"),
    spot: data.InstanceMarketOptions?.MarketType === "spot",
    detailedMonitoring: data.Monitoring?.Enabled ?? false,
  };
}

/** The launch template's data, as EC2's input. */
export function launchTemplateData(desired: LaunchTemplateDesired): RequestLaunchTemplateData {
  // These two tags describe the template, not its instances.
  const { [KIND_TAG]: _kind, [HASH_TAG]: _hash, ...tags } = desired.tags;
  const Tags = toTagList(tags);
  return {
    ImageId: desired.imageId,
    InstanceType: desired.instanceType as NonNullable<RequestLaunchTemplateData["InstanceType"]>,
    ...(desired.keyName === undefined ? {} : { KeyName: desired.keyName }),
    SecurityGroupIds: [...desired.securityGroupIds],
    IamInstanceProfile: { Name: desired.profileName },
    UserData: Buffer.from(desired.userData, "utf8").toString("base64"),
    // One hop: the agent can reach the metadata service, containers on the bridge network cannot; they have
    // task roles.
    MetadataOptions: { HttpTokens: "required", HttpEndpoint: "enabled", HttpPutResponseHopLimit: 1 },
    Monitoring: { Enabled: desired.detailedMonitoring },
    ...(desired.spot ? { InstanceMarketOptions: { MarketType: "spot" } } : {}),
    ...(Tags.length === 0
      ? {}
      : {
          TagSpecifications: [
            { ResourceType: "instance", Tags },
            { ResourceType: "volume", Tags },
          ],
        }),
  };
}
/**
 * The script that an instance runs at its first boot. Without `ECS_CLUSTER`, the agent would register with a
 * cluster named `default`.
 */
export function userData(clusterName: string, lines?: string): string {
  const script = ["#!/bin/bash", `echo ECS_CLUSTER=${clusterName} >> /etc/ecs/ecs.config`];
  if (lines !== undefined && lines.trim() !== "") script.push(lines.trim());
  return `${script.join("\n")}\n`;
}
