import type { LaunchTemplate as Description } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { iamArn } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { checkTemplateShape } from "./check-template-shape.js";
import { applyFilters } from "./filters.js";
import { findTemplate, noSuchTemplateName, templateNamed } from "./launch-template-reference.js";
import { byIds, ec2Page, invalidValue, requireEc2, specifiedTags } from "./request.js";
import type { LaunchTemplate } from "./state.js";

type Operations = "createLaunchTemplate" | "describeLaunchTemplates" | "deleteLaunchTemplate";

export function launchTemplates(account: Account): Pick<Ec2Api, Operations> {
  return {
    async createLaunchTemplate(input) {
      requireEc2(input, ["LaunchTemplateName", "LaunchTemplateData"]);
      const { LaunchTemplateName: name = "", LaunchTemplateData: data = {} } = input;
      if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) {
        throw new ServiceError(
          "InvalidLaunchTemplateName.MalformedException",
          "Launch template names must be between 3 and 128 characters and may contain letters, numbers, and the following characters: - ( ) . / _",
        );
      }
      checkTemplateShape(data);
      const tags = specifiedTags(input.TagSpecifications, "launch-template");
      const token = input.ClientToken;
      const request = JSON.stringify([name, data, [...tags]]);
      const before = [...account.ec2.launchTemplates.values()].find(
        (one) => token !== undefined && one.tokens.has(token),
      );
      if (before !== undefined && token !== undefined) {
        if (before.tokens.get(token)?.request !== request) throw mismatch();
        return { LaunchTemplate: description(account, before) };
      }
      if (templateNamed(account, name) !== undefined) {
        throw new ServiceError(
          "InvalidLaunchTemplateName.AlreadyExistsException",
          "Launch template name already in use.",
        );
      }
      const createdAt = new Date(account.clock.now());
      const template: LaunchTemplate = {
        id: `lt-${account.hex(17)}`,
        name,
        createdAt,
        tags,
        defaultVersion: 1,
        versions: [{ number: 1, createdAt, description: input.VersionDescription, data }],
        tokens: new Map(token === undefined ? [] : [[token, { version: 1, request }]]),
      };
      account.ec2.launchTemplates.set(template.id, template);
      return { LaunchTemplate: description(account, template) };
    },

    async describeLaunchTemplates(input) {
      let templates = byIds(
        account.ec2.launchTemplates,
        input.LaunchTemplateIds,
        (id) =>
          new ServiceError(
            "InvalidLaunchTemplateId.NotFound",
            `The specified launch template, with template ID ${id}, does not exist.`,
          ),
      );
      if (input.LaunchTemplateNames?.length) {
        if (input.LaunchTemplateIds?.length)
          throw invalidValue("Specify launch template IDs or names, not both.");
        templates = input.LaunchTemplateNames.map((name) => {
          const template = templateNamed(account, name);
          if (template === undefined) throw noSuchTemplateName(name);
          return template;
        });
      }
      const found = applyFilters(
        templates,
        input.Filters,
        {
          "launch-template-name": (template) => [template.name],
          "create-time": (template) => [template.createdAt.toISOString()],
        },
        (template) => template.tags,
      );
      const { items, nextToken } = ec2Page(found, input, { min: 1, max: 200 });
      return {
        LaunchTemplates: items.map((template) => description(account, template)),
        NextToken: nextToken,
      };
    },

    async deleteLaunchTemplate(input) {
      const template = findTemplate(account, input);
      account.ec2.launchTemplates.delete(template.id);
      return { LaunchTemplate: description(account, template) };
    },
  };
}

export const mismatch = (): ServiceError =>
  new ServiceError(
    "IdempotentParameterMismatch",
    "Client token already used before with different parameters.",
  );

const description = (account: Account, template: LaunchTemplate): Description => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  CreateTime: template.createdAt,
  CreatedBy: iamArn(account, "root"),
  DefaultVersionNumber: template.defaultVersion,
  LatestVersionNumber: template.versions.at(-1)?.number ?? 1,
  Tags: tagList(template.tags),
});
