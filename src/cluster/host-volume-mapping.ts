import type {
  LaunchTemplateBlockDeviceMappingRequest,
  ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import type { HostVolumeSpec } from "../spec/host-volume.js";
import type { HostSystem } from "./user-data.js";

/** A volume, and the device of the AMI that it is. */
export type HostVolume = HostVolumeSpec & { readonly device: string };

/** The root device of Amazon Linux; on Bottlerocket, the device of the data. Source: the AMIs' block devices. */
export const volumeDevice = (system: HostSystem): string =>
  system === "bottlerocket" ? "/dev/xvdb" : "/dev/xvda";

export const volumeMapping = ({
  device,
  size,
  type,
  iops,
  throughput,
  encrypted,
  kmsKey,
}: HostVolume): LaunchTemplateBlockDeviceMappingRequest => ({
  DeviceName: device,
  Ebs: {
    VolumeType: type,
    DeleteOnTermination: true,
    ...(size !== undefined && { VolumeSize: size }),
    ...(iops !== undefined && { Iops: iops }),
    ...(throughput !== undefined && { Throughput: throughput }),
    ...(encrypted !== undefined && { Encrypted: encrypted }),
    ...(kmsKey !== undefined && { KmsKeyId: kmsKey }),
  },
});

/** The volume of a launch template, in the shape of the description. */
export function presentVolume({ BlockDeviceMappings }: ResponseLaunchTemplateData) {
  const mapping = BlockDeviceMappings?.[0];
  if (mapping === undefined) return undefined;
  const { VolumeSize, VolumeType, Iops, Throughput, Encrypted, KmsKeyId } = mapping.Ebs ?? {};
  return {
    device: mapping.DeviceName,
    size: VolumeSize,
    type: VolumeType,
    iops: Iops,
    throughput: Throughput,
    encrypted: Encrypted,
    kmsKey: KmsKeyId,
  };
}
