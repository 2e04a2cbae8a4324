import type { LaunchTemplateSpecification, AutoScalingInstanceDetails } from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import { findTemplate, templateVersion } from "../ec2/launch-template-reference.js";
import type { LaunchTemplateData } from "../ec2/state.js";
import { validationError } from "./request.js";
import type { GroupInstance, LaunchConfiguration, LaunchConfigurationRecord } from "./state.js";

type Source = Pick<LaunchConfiguration, "from" | "id" | "name" | "version">;

/** What is launched: the data of a launch template's version, or of a launch configuration. */
export function launchData(
  account: Account,
  { from, id, name, version }: Source,
): { readonly data: LaunchTemplateData; readonly launched: Source } {
  if (from === "configuration") {
    const { data } = findLaunchConfiguration(account, name);
    return { data, launched: { from, id, name, version } };
  }
  const template = findTemplate(account, { LaunchTemplateId: id });
  const { number, data } = templateVersion(template, version);
  return { data, launched: { from, id, name: template.name, version: String(number) } };
}

export function findLaunchConfiguration({ autoScaling }: Account, name: string): LaunchConfigurationRecord {
  const found = autoScaling.launchConfigurations.get(name);
  if (found !== undefined) return found;
  throw validationError(
    `Launch configuration name not found - A launch configuration with the name: ${name} does not exist`,
  );
}

/** What a member of a group was launched from, as Auto Scaling describes it. */
export function describeLaunched({ launched: { from, id, name, version } }: GroupInstance): {
  readonly LaunchTemplate?: LaunchTemplateSpecification;
} & Pick<AutoScalingInstanceDetails, "LaunchConfigurationName"> {
  return from === "configuration"
    ? { LaunchConfigurationName: name }
    : { LaunchTemplate: { LaunchTemplateId: id, LaunchTemplateName: name, Version: version } };
}
