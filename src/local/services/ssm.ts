import type { Parameter } from "@aws-sdk/client-ssm";
import type { SsmApi } from "../../aws/api.js";
import type { Account } from "../core/account.js";
import { requireMembers } from "../core/required-members.js";
import { ServiceError } from "../core/service-error.js";
import type { MachineImage } from "./ec2/machine-images.js";
import { createParameters } from "./ssm-parameters.js";

/** Systems Manager: AWS's public parameters for the current machine images. */
export function createSsm(account: Account): SsmApi {
  const parameters = createParameters(account, (name) => describePublic(account, name));
  return {
    ...parameters.handlers,

    async getParameter(input) {
      requireMembers(
        input,
        ["Name"],
        () =>
          new ServiceError(
            "ValidationException",
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
          ),
      );
      const name = input.Name ?? "";
      const found =
        parameters.find(name) ?? (input.WithDecryption === true ? secret(account, name) : undefined);
      if (found === undefined) throw new ServiceError("ParameterNotFound", `Parameter ${name} not found.`);
      return { Parameter: found };
    },
  };
}

/** The parameters that tasks may refer to exist for others as well; their values are nobody's. */
function secret(account: Account, name: string): Parameter | undefined {
  if (account.secrets?.has(name) === false || name.startsWith("/aws/")) return undefined;
  return {
    Name: name,
    Type: "SecureString",
    Value: `value of ${name}`,
    Version: 1,
    DataType: "text",
    ARN: `arn:${account.partition}:ssm:${account.region}:${account.accountId}:parameter/${name.replace(/^\//, "")}`,
  };
}

function describePublic(account: Account, name: string): Parameter | undefined {
  const found = account.ec2.machineImages.find(({ parameters }) =>
    parameters.includes(name.replace(/\/image_id$/, "")),
  );
  const value = found && publicValue(found, name);
  if (value === undefined) return undefined;
  return {
    Name: name,
    Type: "String",
    Value: value,
    Version: 1,
    DataType: name.endsWith("/image_id") ? "aws:ec2:image" : "text",
    ARN: `arn:${account.partition}:ssm:${account.region}::parameter${name}`,
    LastModifiedDate: found?.createdAt ?? new Date(Date.UTC(2025, 11, 9)),
  };
}

/** The image's id, or, for a name without `/image_id`, ECS's JSON description of the image. */
function publicValue(image: MachineImage, name: string): string | undefined {
  const base = name.replace(/\/image_id$/, "");
  // The plain Amazon Linux names have no /image_id, and resolve to the id itself.
  if (!image.runsEcsAgent) return name === base ? image.id : undefined;
  if (name !== base) return image.id;
  if (name.startsWith("/aws/service/bottlerocket")) return undefined;
  return JSON.stringify({
    schema_version: 1,
    image_name: image.name,
    image_id: image.id,
    os: "Amazon Linux",
    ecs_agent_version: "1.99.1",
    ecs_runtime_version: "Docker version 25.0.13",
  });
}
