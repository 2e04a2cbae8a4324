import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import type { Architecture } from "./instance-type.js";

export interface AmiDesired extends Tagged {
  /** The user's own AMI; `undefined`: the one that ECS recommends. */
  readonly ami?: string | undefined;
  readonly architecture: Architecture;
}

export interface AmiState {
  readonly imageId: string;
}

/** AWS's public parameters with the current ECS-optimized Amazon Linux 2023. */
const PARAMETERS: Readonly<Record<Architecture, string>> = Object.freeze({
  x86_64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
  arm64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
});

export const amiKind: Kind<AmiDesired, AmiState, AwsContext> = {
  kind: "ami",
  unknown: { imageId: UNKNOWN },

  async read(desired, { aws }) {
    if (desired.ami !== undefined) return { state: { imageId: desired.ami }, current: desired, tags: {} };
    if (isUnknown(desired.architecture)) return undefined;
    const found = await ignoreNotFound(aws.ssm.getParameter({ Name: PARAMETERS[desired.architecture] }));
    const imageId = found?.Parameter?.Value;
    return imageId === undefined ? undefined : { state: { imageId }, current: desired, tags: {} };
  },

  notFoundError: ({ architecture }) =>
    new QuaysideError(
      "ami-not-found",
      `Nothing was changed: this region has no ECS-optimized Amazon Linux 2023 AMI for ${architecture}`,
      { facts: { parameter: PARAMETERS[architecture] }, fix: 'Set an AMI: .ec2({ ami: "ami-…" }).' },
    ),
};
