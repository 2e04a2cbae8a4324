export interface MachineImage {
  readonly id: string;
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  /** @defaultValue December 9, 2025 */
  readonly createdAt?: Date;
  /** True if an ECS agent starts with it. */
  readonly runsEcsAgent: boolean;
  /** Names of the public SSM parameters that resolve to it, without their `/image_id`. */
  readonly parameters: readonly string[];
}

const prefix = "/aws/service/ecs/optimized-ami";

/** The current ECS-optimized images, and Bottlerocket's. */
export const machineImages: readonly MachineImage[] = [
  {
    id: "ami-0721038df5273f93a",
    name: "al2023-ami-ecs-hvm-2023.0.20251209-kernel-6.1-x86_64",
    architecture: "x86_64",
    runsEcsAgent: true,
    parameters: [`${prefix}/amazon-linux-2023/recommended`],
  },
  {
    id: "ami-01cc58e5ba23a19aa",
    name: "al2023-ami-ecs-hvm-2023.0.20251209-kernel-6.1-arm64",
    architecture: "arm64",
    runsEcsAgent: true,
    parameters: [`${prefix}/amazon-linux-2023/arm64/recommended`],
  },
  {
    id: "ami-0d5243ceea143fa96",
    name: "al2023-ami-ecs-gpu-hvm-2023.0.20251209-kernel-6.1-x86_64",
    architecture: "x86_64",
    runsEcsAgent: true,
    parameters: [`${prefix}/amazon-linux-2023/gpu/recommended`],
  },
  {
    id: "ami-09d3a1c0b7c1f5a42",
    name: "al2023-ami-ecs-neuron-hvm-2023.0.20251209-kernel-6.1-x86_64",
    architecture: "x86_64",
    runsEcsAgent: true,
    parameters: [`${prefix}/amazon-linux-2023/neuron/recommended`],
  },
  {
    id: "ami-0bffd4002addfc3ad",
    name: "amzn2-ami-ecs-hvm-2.0.20251209-x86_64-ebs",
    architecture: "x86_64",
    runsEcsAgent: true,
    parameters: [`${prefix}/amazon-linux-2/recommended`, `${prefix}/amazon-linux-2/kernel-5.10/recommended`],
  },
  {
    id: "ami-0e8e7d036459f32ac",
    name: "amzn2-ami-ecs-hvm-2.0.20251209-arm64-ebs",
    architecture: "arm64",
    runsEcsAgent: true,
    parameters: [
      `${prefix}/amazon-linux-2/arm64/recommended`,
      `${prefix}/amazon-linux-2/kernel-5.10/arm64/recommended`,
    ],
  },
  {
    id: "ami-020c5a956feee44ed",
    name: "bottlerocket-aws-ecs-2-x86_64-v1.50.0",
    architecture: "x86_64",
    runsEcsAgent: true,
    parameters: ["/aws/service/bottlerocket/aws-ecs-2/x86_64/latest"],
  },
  {
    id: "ami-0d370ad278947b1ba",
    name: "bottlerocket-aws-ecs-2-arm64-v1.50.0",
    architecture: "arm64",
    runsEcsAgent: true,
    parameters: ["/aws/service/bottlerocket/aws-ecs-2/arm64/latest"],
  },
  {
    id: "ami-0c51f8a4e2d97b630",
    name: "bottlerocket-aws-ecs-2-nvidia-x86_64-v1.50.0",
    architecture: "x86_64",
    runsEcsAgent: true,
    parameters: ["/aws/service/bottlerocket/aws-ecs-2-nvidia/x86_64/latest"],
  },
  {
    id: "ami-0f3b7d5c2a9e61847",
    name: "bottlerocket-aws-ecs-2-nvidia-arm64-v1.50.0",
    architecture: "arm64",
    runsEcsAgent: true,
    parameters: ["/aws/service/bottlerocket/aws-ecs-2-nvidia/arm64/latest"],
  },
  {
    id: "ami-07685eff4da371e9f",
    name: "al2023-ami-2023.9.20251208.0-kernel-6.1-x86_64",
    architecture: "x86_64",
    runsEcsAgent: false,
    parameters: ["/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"],
  },
  {
    id: "ami-0376c4657cf4bb5da",
    name: "al2023-ami-2023.9.20251208.0-kernel-6.1-arm64",
    architecture: "arm64",
    runsEcsAgent: false,
    parameters: ["/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"],
  },
];

/**
 * What AWS does every few weeks: the parameters of the ECS-optimized images lead to new ones, and the old ones stay.
 */
export function publishImages(images: readonly MachineImage[], at: Date, hex: (length: number) => string) {
  const date = at.toISOString().slice(0, 10).replaceAll("-", "");
  return images.flatMap((image): MachineImage[] => {
    if (image.parameters.length === 0 || !image.runsEcsAgent) return [image];
    const name = image.name
      .replace(/\d{8}/, date)
      .replace(/v1\.(\d+)\.0/, (_, minor: string) => `v1.${Number(minor) + 1}.0`);
    return [
      { ...image, parameters: [] },
      { ...image, id: `ami-${hex(17)}`, name, createdAt: at },
    ];
  });
}

export const machineImage = (
  { ec2 }: { readonly ec2: { readonly machineImages: readonly MachineImage[] } },
  id: string,
): MachineImage | undefined => ec2.machineImages.find((image) => image.id === id);
