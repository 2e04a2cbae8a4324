import type { LaunchTemplateVersion as Description, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { iamArn } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { checkTemplateShape } from "./check-template-shape.js";
import { findTemplate, templateVersion } from "./launch-template-reference.js";
import { mismatch } from "./launch-templates.js";
import { ec2Page, requireEc2 } from "./request.js";
import type { LaunchTemplate, LaunchTemplateVersion } from "./state.js";

type Operations = "createLaunchTemplateVersion" | "describeLaunchTemplateVersions";

export function launchTemplateVersions(account: Account): Pick<Ec2Api, Operations> {
  return {
    async createLaunchTemplateVersion(input) {
      requireEc2(input, ["LaunchTemplateData"]);
      const template = findTemplate(account, input);
      const given = input.LaunchTemplateData ?? {};
      checkTemplateShape(given);
      const source =
        input.SourceVersion === undefined ? {} : templateVersion(template, input.SourceVersion).data;
      const token = input.ClientToken;
      const request = JSON.stringify([input.SourceVersion, given]);
      const before = token === undefined ? undefined : template.tokens.get(token);
      if (before !== undefined) {
        if (before.request !== request) throw mismatch();
        return {
          LaunchTemplateVersion: description(
            account,
            template,
            templateVersion(template, `${before.version}`),
          ),
        };
      }
      const version: LaunchTemplateVersion = {
        number: (template.versions.at(-1)?.number ?? 0) + 1,
        createdAt: new Date(account.clock.now()),
        description: input.VersionDescription,
        data: { ...source, ...given },
      };
      template.versions.push(version);
      if (token !== undefined) template.tokens.set(token, { version: version.number, request });
      return { LaunchTemplateVersion: description(account, template, version) };
    },

    async describeLaunchTemplateVersions(input) {
      if (input.LaunchTemplateId === undefined && input.LaunchTemplateName === undefined) {
        if (!input.Versions?.length) {
          throw new ServiceError(
            "MissingParameter",
            "The request must contain the launch template, or versions of all",
          );
        }
        const found = [...account.ec2.launchTemplates.values()].flatMap(
          (template) =>
            input.Versions?.map((version) =>
              description(account, template, templateVersion(template, version)),
            ) ?? [],
        );
        return { LaunchTemplateVersions: found };
      }
      const template = findTemplate(account, input);
      // Newest first, as EC2 answers.
      const versions = input.Versions?.length
        ? input.Versions.map((version) => templateVersion(template, version))
        : [...template.versions].reverse();
      const inRange = versions.filter(
        ({ number }) =>
          number >= Number(input.MinVersion ?? 0) &&
          number <= Number(input.MaxVersion ?? Number.MAX_SAFE_INTEGER),
      );
      const { items, nextToken } = ec2Page(inRange, input, { min: 1, max: 200 });
      return {
        LaunchTemplateVersions: items.map((version) => description(account, template, version)),
        NextToken: nextToken,
      };
    },
  };
}

const description = (
  account: Account,
  template: LaunchTemplate,
  version: LaunchTemplateVersion,
): Description => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  VersionNumber: version.number,
  VersionDescription: version.description,
  CreateTime: version.createdAt,
  CreatedBy: iamArn(account, "root"),
  DefaultVersion: version.number === template.defaultVersion,
  LaunchTemplateData: version.data as ResponseLaunchTemplateData,
});
