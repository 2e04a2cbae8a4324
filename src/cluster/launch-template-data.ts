import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { HASH_TAG, KIND_TAG, toTagList } from "../aws/tags.js";
import type { LaunchTemplateDesired } from "./launch-template.js";

/** What instances are made from, as EC2 takes it. */
export function launchTemplateData(desired: LaunchTemplateDesired): RequestLaunchTemplateData {
  // These two speak of the template, not of its instances.
  const { [KIND_TAG]: _kind, [HASH_TAG]: _hash, ...tags } = desired.tags;
  const Tags = toTagList(tags);
  return {
    ImageId: desired.imageId,
    InstanceType: desired.instanceType as NonNullable<RequestLaunchTemplateData["InstanceType"]>,
    ...(desired.keyName === undefined ? {} : { KeyName: desired.keyName }),
    SecurityGroupIds: [...desired.securityGroupIds],
    IamInstanceProfile: { Name: desired.profileName },
    UserData: Buffer.from(desired.userData, "utf8").toString("base64"),
    // One hop: the agent reaches it, containers on the bridge network do not; they have task roles.
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
