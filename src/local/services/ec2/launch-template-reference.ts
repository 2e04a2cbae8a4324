import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import type { LaunchTemplate, LaunchTemplateVersion } from "./state.js";

interface Reference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

export const templateNamed = (account: Account, name: string): LaunchTemplate | undefined =>
  [...account.ec2.launchTemplates.values()].find((template) => template.name === name);

export const noSuchTemplateName = (name: string): ServiceError =>
  new ServiceError(
    "InvalidLaunchTemplateName.NotFoundException",
    `The specified launch template, with template name ${name}, does not exist.`,
  );

/** The template that a request refers to: by id or by name, never both. */
export function findTemplate(
  account: Account,
  { LaunchTemplateId: id, LaunchTemplateName: name }: Reference,
): LaunchTemplate {
  if ((id === undefined) === (name === undefined)) {
    throw new ServiceError(
      id === undefined ? "MissingParameter" : "InvalidParameterCombination",
      "Either the launch template ID or the launch template name must be specified, and not both.",
    );
  }
  if (id === undefined) {
    const template = templateNamed(account, name ?? "");
    if (template === undefined) throw noSuchTemplateName(name ?? "");
    return template;
  }
  if (!/^lt-[0-9a-f]+$/.test(id)) {
    throw new ServiceError("InvalidLaunchTemplateId.Malformed", `Invalid launch template ID: ${id}`);
  }
  const template = account.ec2.launchTemplates.get(id);
  if (template === undefined) {
    throw new ServiceError(
      "InvalidLaunchTemplateId.NotFound",
      `The specified launch template, with template ID ${id}, does not exist.`,
    );
  }
  return template;
}

/** The version that a number, `$Latest` or `$Default` refers to. */
export function templateVersion(template: LaunchTemplate, version: string): LaunchTemplateVersion {
  const number =
    version === "$Latest"
      ? template.versions.at(-1)?.number
      : version === "$Default"
        ? template.defaultVersion
        : Number(version);
  const found = template.versions.find((one) => one.number === number);
  if (found === undefined) {
    throw new ServiceError(
      "InvalidLaunchTemplateId.VersionNotFound",
      `Could not find launch template version ${version} for template ${template.id}.`,
    );
  }
  return found;
}
