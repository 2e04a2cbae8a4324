import type { Image } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import type { ErrorCode } from "../error-codes.js";
import { QuaysideError } from "../errors.js";
import type { Accelerator, Architecture } from "./instance-type.js";
import { latestTemplateData } from "./launch-template.js";
import type { HostSystem } from "./user-data.js";

export interface AmiDesired extends Tagged {
  /** The user's own AMI; `undefined`: the one that ECS recommends. */
  readonly ami?: string | undefined;
  readonly instanceType: string;
  readonly architecture: Architecture;
  readonly accelerator: Accelerator | undefined;
  /** The described operating system; `undefined`: Amazon Linux 2023 with the drivers that the type needs. */
  readonly os?: "al2023" | "al2023-gpu" | "bottlerocket" | undefined;
  /** True if the AMI is the one that ECS recommends now: the run replaces the instances. */
  readonly isFollowed?: boolean | undefined;
  /** The launch template, whose AMI is kept as long as the instance type can boot from it. */
  readonly launchTemplateName: string;
}

export interface AmiState {
  readonly imageId: string;
  readonly system: HostSystem;
}

const RECOMMENDED = "/aws/service/ecs/optimized-ami/amazon-linux-2023";

/**
 * AWS's public parameters with the current ECS-optimized Amazon Linux 2023. There is none for arm64 with GPUs.
 * Source: ECS Developer Guide, "Retrieving Amazon ECS-optimized Linux AMI metadata"; aws/amazon-ecs-ami#220.
 */
function parameterOf({ architecture, accelerator, os }: AmiDesired): string | undefined {
  if (os === "bottlerocket") {
    const variant = accelerator === "gpu" ? "aws-ecs-2-nvidia" : "aws-ecs-2";
    return `/aws/service/bottlerocket/${variant}/${architecture}/latest/image_id`;
  }
  if (os === "al2023-gpu")
    return architecture === "arm64" ? undefined : `${RECOMMENDED}/gpu/recommended/image_id`;
  if (os === "al2023" && accelerator !== "neuron") accelerator = undefined;
  if (accelerator !== undefined)
    return architecture === "arm64" ? undefined : `${RECOMMENDED}/${accelerator}/recommended/image_id`;
  return `${RECOMMENDED}/${architecture === "arm64" ? "arm64/" : ""}recommended/image_id`;
}

/**
 * The AMI of a cluster's instances. ECS recommends a new one every few weeks; following it would replace all
 * instances on a deploy. So the launch template's AMI is kept, until it no longer suits the instance type, or the
 * instances are refreshed.
 */
export const amiKind: Kind<AmiDesired, AmiState, AwsContext> = {
  kind: "ami",
  isForDeploy: true,
  unknown: { imageId: UNKNOWN, system: "amazon-linux" },

  async read(desired, context) {
    if (isUnknown(desired.architecture)) return undefined;
    const found = (imageId: string, image?: Image) => ({
      state: { imageId, system: systemOf(image) },
      current: desired,
      tags: {},
    });
    if (desired.ami !== undefined) return found(desired.ami, await usable(desired.ami, desired, context));
    const template = await latestTemplateData(desired.launchTemplateName, context);
    const present = template?.data.ImageId;
    if (present !== undefined && desired.isFollowed !== true) {
      const image = await imageOf(present, context);
      if (image === "unknown") return found(present);
      if (image !== undefined && suits(image, desired)) return found(present, image);
    }
    const Name = parameterOf(desired);
    const recommended = Name && (await ignoreNotFound(context.aws.ssm.getParameter({ Name })));
    const imageId = recommended && recommended.Parameter?.Value;
    if (!imageId) return undefined;
    const system: HostSystem = desired.os === "bottlerocket" ? "bottlerocket" : "amazon-linux";
    return { state: { imageId, system }, current: desired, tags: {} };
  },

  notFoundError: (desired) =>
    new QuaysideError(
      "ami-not-found",
      `Nothing was changed: this region has no ECS-optimized Amazon Linux 2023 AMI for ${wordsOf(desired)}`,
      { facts: { parameter: parameterOf(desired) }, fix: 'Set an AMI: .ec2({ ami: "ami-…" }).' },
    ),
};

const wordsOf = ({ architecture, accelerator, instanceType }: AmiDesired): string =>
  accelerator === undefined
    ? architecture
    : `${architecture} with ${accelerator === "gpu" ? "GPUs" : "Neuron devices"} (${instanceType})`;

/** The user's AMI, which must exist and suit the instance type. */
async function usable(ami: string, desired: AmiDesired, context: AwsContext): Promise<Image | undefined> {
  const { architecture, instanceType } = desired;
  const image = await imageOf(ami, context);
  if (image === "unknown") return undefined;
  const refused = (code: ErrorCode, why: string, fix: string) =>
    new QuaysideError(code, `Nothing was changed: AMI ${ami} ${why}`, { facts: { ami, instanceType }, fix });
  if (image === undefined)
    throw refused(
      "ami-not-found",
      "does not exist in this region, or this account cannot use it",
      "AMI ids differ by region: use the id of this region, or omit `ami` for the one that ECS recommends.",
    );
  if (image.Architecture !== undefined && image.Architecture !== architecture)
    throw refused(
      "ami-architecture",
      `is for ${image.Architecture}, but ${instanceType} is ${architecture}`,
      `Use an AMI for ${architecture}, or an instance type of the AMI's architecture.`,
    );
  if (image.Platform !== undefined && /windows/i.test(image.Platform))
    throw refused("ami-platform", "is a Windows AMI", "Use a Linux AMI: quayside starts Linux containers.");
  return image;
}

/** The image; `undefined` if there is none, `"unknown"` if the caller may not ask, or it is no id (`resolve:ssm:…`). */
async function imageOf(id: string, { aws }: AwsContext): Promise<Image | "unknown" | undefined> {
  if (!id.startsWith("ami-")) return "unknown";
  try {
    const { Images = [] } = await aws.ec2.describeImages({ ImageIds: [id] });
    return Images[0];
  } catch (error) {
    if (hasErrorCode(error, "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable")) return undefined;
    if (hasErrorCode(error, "UnauthorizedOperation", "AccessDenied")) return "unknown";
    throw error;
  }
}

/** An image of ECS's for other hardware boots, but without the drivers. Any other image was the user's choice. */
function suits({ Architecture, Name = "" }: Image, { architecture, accelerator, os }: AmiDesired): boolean {
  if (Architecture !== undefined && Architecture !== architecture) return false;
  if (os !== undefined) return OF_SYSTEM[os].test(Name);
  const [isEcs, variant] = /^al2023-ami-ecs-(?:(gpu|neuron)-)?hvm-/.exec(Name) ?? [];
  return isEcs === undefined || variant === accelerator;
}

/** The names of the AMIs of an operating system. */
const OF_SYSTEM = {
  al2023: /^al2023-ami-ecs-(?:neuron-)?hvm-/,
  "al2023-gpu": /^al2023-ami-ecs-gpu-hvm-/,
  bottlerocket: /^bottlerocket-aws-ecs-/,
} as const;

const systemOf = (image: Image | undefined): HostSystem =>
  /^bottlerocket-/.test(image?.Name ?? "") ? "bottlerocket" : "amazon-linux";
