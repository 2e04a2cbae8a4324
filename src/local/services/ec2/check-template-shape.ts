import { ServiceError } from "../../core/service-error.js";
import { requireEc2 } from "./request.js";
import type { LaunchTemplateData } from "./state.js";

/** The checks of a launch template at its creation: its form, not its references. */
export function checkTemplateShape(data: LaunchTemplateData): void {
  if (Object.values(data).every((value) => value === undefined)) {
    requireEc2<{ LaunchTemplateData?: unknown }>({}, ["LaunchTemplateData"]);
  }
  if (data.UserData !== undefined && !isBase64(data.UserData)) {
    throw new ServiceError("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  }
  if (Buffer.from(data.UserData ?? "", "base64").length > 16_384) {
    throw new ServiceError("InvalidParameterValue", "User data is limited to 16384 bytes");
  }
  if (data.ImageId !== undefined && !/^(ami-[0-9a-f]+|resolve:ssm:.+)$/.test(data.ImageId)) {
    throw new ServiceError("InvalidAMIID.Malformed", `Invalid id: "${data.ImageId}" (expecting "ami-...")`);
  }
  if (data.IamInstanceProfile?.Arn !== undefined && data.IamInstanceProfile.Name !== undefined) {
    throw new ServiceError(
      "InvalidParameterCombination",
      "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'",
    );
  }
}

const isBase64 = (text: string): boolean =>
  /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) && text.trim().length % 4 === 0;
