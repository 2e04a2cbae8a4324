import type * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { arnOf, nameOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { instanceTypesTable } from "../ec2/instance-types-table.js";
import { machineImage } from "../ec2/machine-images.js";
import { defaultVpc } from "../ec2/security-group-reference.js";
import type { LaunchTemplateData } from "../ec2/state.js";
import { autoScalingPage, requireAutoScaling, validationError } from "./request.js";

type Input = AutoScaling.CreateLaunchConfigurationCommandInput;

/** Quota: launch configurations of an account in a region. */
const MOST = 200;

/** Launch configurations, which launch templates have replaced. They cannot be changed. */
export const createLaunchConfigurations = (account: Account) => ({
  async createLaunchConfiguration(input: Input): Answer<AutoScaling.CreateLaunchConfigurationCommandOutput> {
    requireAutoScaling(input, ["LaunchConfigurationName"]);
    const { LaunchConfigurationName: name = "" } = input;
    const { launchConfigurations: all } = account.autoScaling;
    if (all.has(name))
      throw new ServiceError(
        "AlreadyExists",
        `Launch Configuration by this name already exists - A launch configuration already exists with the name ${name}`,
      );
    if (all.size >= MOST)
      throw new ServiceError("LimitExceeded", `Only ${MOST} launch configurations are allowed.`);
    const given = { ...ofInstance(account, input.InstanceId), ...input };
    check(account, given);
    all.set(name, { description: describe(account, given), data: dataOf(account, given) });
    return {};
  },

  async describeLaunchConfigurations(
    input: AutoScaling.DescribeLaunchConfigurationsCommandInput,
  ): Answer<AutoScaling.DescribeLaunchConfigurationsCommandOutput> {
    const names = input.LaunchConfigurationNames ?? [];
    const found = [...account.autoScaling.launchConfigurations.values()]
      .map(({ description }) => description)
      .filter(({ LaunchConfigurationName: name = "" }) => names.length === 0 || names.includes(name));
    const { items, nextToken } = autoScalingPage(found, input);
    return { LaunchConfigurations: items, NextToken: nextToken };
  },

  async deleteLaunchConfiguration(
    input: AutoScaling.DeleteLaunchConfigurationCommandInput,
  ): Answer<AutoScaling.DeleteLaunchConfigurationCommandOutput> {
    requireAutoScaling(input, ["LaunchConfigurationName"]);
    const { LaunchConfigurationName: name = "" } = input;
    const { groups, launchConfigurations } = account.autoScaling;
    if (!launchConfigurations.has(name))
      throw validationError(`Launch configuration name not found - Launch configuration ${name} not found`);
    const user = [...groups.values()].find(
      ({ launchTemplate: { from, name: used } }) => from === "configuration" && used === name,
    );
    if (user !== undefined)
      throw new ServiceError(
        "ResourceInUse",
        `Cannot delete launch configuration ${name} because it is attached to AutoScalingGroup ${user.name}`,
      );
    launchConfigurations.delete(name);
    return {};
  },
});

/** The attributes of an instance, for a launch configuration that is created from it. */
function ofInstance({ ec2 }: Account, id: string | undefined): Partial<Input> {
  if (id === undefined) return {};
  const found = ec2.instances.get(id);
  if (found === undefined) throw validationError(`The instance ID '${id}' does not exist`);
  const { imageId, instanceType, keyName, groupIds, profileName } = found;
  return {
    ImageId: imageId,
    InstanceType: instanceType,
    SecurityGroups: [...groupIds],
    ...(keyName !== undefined && { KeyName: keyName }),
    ...(profileName !== undefined && { IamInstanceProfile: profileName }),
  };
}

function check(account: Account, { ImageId, InstanceType, KeyName, IamInstanceProfile }: Input): void {
  if (ImageId === undefined || InstanceType === undefined)
    throw validationError(
      "Valid requests must contain either the InstanceID parameter or both the ImageId and InstanceType parameters.",
    );
  if (machineImage(account, ImageId) === undefined)
    throw validationError(`AMI ${ImageId} is invalid: The image id '[${ImageId}]' does not exist`);
  if (!instanceTypesTable.has(InstanceType))
    throw validationError(`Invalid instance type: '${InstanceType}'`);
  if (KeyName !== undefined && ![...account.ec2.keyPairs.values()].some(({ name }) => name === KeyName))
    throw validationError(`The key pair '${KeyName}' does not exist`);
  const profile = IamInstanceProfile && nameOf(IamInstanceProfile).toLowerCase();
  if (profile !== undefined && !account.iam.instanceProfiles.has(profile))
    throw validationError(`Invalid IamInstanceProfile: ${IamInstanceProfile}`);
}

/** Source: Auto Scaling API reference, CreateLaunchConfiguration: detailed monitoring is the default. */
function describe(account: Account, input: Input): AutoScaling.LaunchConfiguration {
  const { LaunchConfigurationName: name = "", InstanceId: _, ...given } = input;
  const id = account.hex(8);
  return {
    ...{ KeyName: "", UserData: "", KernelId: "", RamdiskId: "", EbsOptimized: false },
    ...{ SecurityGroups: [], ClassicLinkVPCSecurityGroups: [], BlockDeviceMappings: [] },
    InstanceMonitoring: { Enabled: true },
    ...given,
    // Both are required by then.
    ...{ ImageId: input.ImageId ?? "", InstanceType: input.InstanceType ?? "" },
    LaunchConfigurationName: name,
    LaunchConfigurationARN: arnOf(
      account,
      "autoscaling",
      `launchConfiguration:${id}:launchConfigurationName/${name}`,
    ),
    CreatedTime: new Date(account.clock.now()),
  };
}

function dataOf(account: Account, input: Input): LaunchTemplateData {
  const { AssociatePublicIpAddress: isPublic, IamInstanceProfile: profile } = input;
  const groups = (input.SecurityGroups ?? []).map((group) => groupId(account, group));
  const data = {
    ImageId: input.ImageId,
    InstanceType: input.InstanceType as LaunchTemplateData["InstanceType"],
    KeyName: input.KeyName,
    UserData: input.UserData,
    IamInstanceProfile: profile && (profile.startsWith("arn:") ? { Arn: profile } : { Name: profile }),
    Monitoring: input.InstanceMonitoring ?? { Enabled: true },
    BlockDeviceMappings: input.BlockDeviceMappings as LaunchTemplateData["BlockDeviceMappings"],
    InstanceMarketOptions: input.SpotPrice && { MarketType: "spot" },
    // A public address belongs to a network interface, which then has the security groups.
    ...(isPublic === undefined
      ? { SecurityGroupIds: groups.length > 0 ? groups : undefined }
      : {
          NetworkInterfaces: [
            {
              DeviceIndex: 0,
              AssociatePublicIpAddress: isPublic,
              ...(groups.length > 0 && { Groups: groups }),
            },
          ],
        }),
  };
  return Object.fromEntries(
    Object.entries(data).filter(([, value]) => value !== undefined),
  ) as LaunchTemplateData;
}

/** A security group by its ID, or by its name in the default VPC. */
function groupId(account: Account, group: string): string {
  if (group.startsWith("sg-")) return group;
  const { id } = defaultVpc(account);
  const found = [...account.ec2.securityGroups.values()].find(
    ({ name, vpcId }) => name === group && vpcId === id,
  );
  if (found === undefined)
    throw validationError(`The security group '${group}' does not exist in default VPC '${id}'`);
  return found.id;
}
