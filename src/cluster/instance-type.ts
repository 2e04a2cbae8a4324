import type { InstanceTypeInfo } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { nearestInstanceType } from "../network/nearest-instance-type.js";

export type Architecture = "x86_64" | "arm64";

export interface InstanceTypeDesired extends Tagged {
  readonly instanceType: string;
}

/** The hardware that needs drivers of its own, and so an AMI of its own. */
export type Accelerator = "gpu" | "neuron";

export interface InstanceTypeState {
  readonly architecture: Architecture;
  /** MiB. An instance registers a little less: the agent and the system need some of it. */
  readonly memory: number;
  readonly vcpus: number;
  readonly accelerator: Accelerator | undefined;
  /** The most network interfaces of an instance, the first of which is its own; `undefined` if not known. */
  readonly networkInterfaces: number | undefined;
}

export const instanceTypeKind: Kind<InstanceTypeDesired, InstanceTypeState, AwsContext> = {
  kind: "instance-type",
  isForDeploy: true,
  unknown: {
    architecture: UNKNOWN as Architecture,
    memory: UNKNOWN as never,
    vcpus: UNKNOWN as never,
    accelerator: undefined,
    networkInterfaces: undefined,
  },

  async read(desired, context) {
    const found = await context.aws.ec2
      .describeInstanceTypes({ InstanceTypes: [desired.instanceType] as never })
      .catch((error: unknown) => {
        if (hasErrorCode(error, "InvalidInstanceType", "InvalidParameterValue")) return undefined;
        throw error;
      });
    const info = found?.InstanceTypes?.[0];
    if (info === undefined)
      throw unknownType(desired.instanceType, await nearestInstanceType(desired.instanceType, context));
    const architectures: readonly string[] = info.ProcessorInfo?.SupportedArchitectures ?? [];
    const state: InstanceTypeState = {
      architecture: architectures.includes("arm64") ? "arm64" : "x86_64",
      memory: info.MemoryInfo?.SizeInMiB ?? 0,
      vcpus: info.VCpuInfo?.DefaultVCpus ?? 0,
      accelerator: acceleratorOf(info),
      networkInterfaces: info.NetworkInfo?.MaximumNetworkInterfaces,
    };
    return { state, current: desired, tags: {} };
  },
};

const acceleratorOf = ({ GpuInfo, NeuronInfo }: InstanceTypeInfo): Accelerator | undefined => {
  if (GpuInfo?.Gpus?.some(({ Manufacturer }) => Manufacturer === "NVIDIA")) return "gpu";
  return NeuronInfo === undefined ? undefined : "neuron";
};

const unknownType = (instanceType: string, fix: string): QuaysideError =>
  new QuaysideError(
    "unknown-instance-type",
    `Nothing was changed: EC2 has no instance type ${instanceType} in this region`,
    { facts: { instanceType }, fix: `${fix}.` },
  );
