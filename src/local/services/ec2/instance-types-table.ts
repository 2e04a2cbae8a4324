export interface InstanceTypeFacts {
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  readonly vcpus: number;
  /** MiB. */
  readonly memory: number;
  readonly networkInterfaces: number;
  readonly burstable: boolean;
  readonly accelerator: "gpu" | "neuron" | undefined;
  readonly gpus: number;
}

/** Size -> [vCPUs, GiB, network interfaces, GPUs if several], from AWS's page of each family. */
type Sizes = Readonly<Record<string, readonly [number, number, number, number?]>>;

const t2: Sizes = {
  nano: [1, 0.5, 2],
  micro: [1, 1, 2],
  small: [1, 2, 3],
  medium: [2, 4, 3],
  large: [2, 8, 3],
  xlarge: [4, 16, 3],
  "2xlarge": [8, 32, 3],
};

const t3: Sizes = {
  nano: [2, 0.5, 2],
  micro: [2, 1, 2],
  small: [2, 2, 3],
  medium: [2, 4, 3],
  large: [2, 8, 3],
  xlarge: [4, 16, 4],
  "2xlarge": [8, 32, 4],
};

const general: Sizes = {
  large: [2, 8, 3],
  xlarge: [4, 16, 4],
  "2xlarge": [8, 32, 4],
  "4xlarge": [16, 64, 8],
};

const compute: Sizes = {
  large: [2, 4, 3],
  xlarge: [4, 8, 4],
  "2xlarge": [8, 16, 4],
  "4xlarge": [16, 32, 8],
};

const memory: Sizes = {
  large: [2, 16, 3],
  xlarge: [4, 32, 4],
  "2xlarge": [8, 64, 4],
  "4xlarge": [16, 128, 8],
};

/** Adds the size that only Graviton has: one vCPU. */
const withMedium = (sizes: Sizes, gib: number): Sizes => ({ medium: [1, gib, 2], ...sizes });

const families: readonly (readonly [string, InstanceTypeFacts["architecture"], Sizes])[] = [
  ["t2", "x86_64", t2],
  ["t3", "x86_64", t3],
  ["t3a", "x86_64", t3],
  ["t4g", "arm64", t3],
  ["m5", "x86_64", general],
  ["m5a", "x86_64", general],
  ["m6i", "x86_64", general],
  ["m6a", "x86_64", general],
  ["m7i", "x86_64", general],
  ["m6g", "arm64", withMedium(general, 4)],
  ["m7g", "arm64", withMedium(general, 4)],
  ["c5", "x86_64", compute],
  ["c6i", "x86_64", compute],
  ["c7i", "x86_64", compute],
  ["c6g", "arm64", withMedium(compute, 2)],
  ["c7g", "arm64", withMedium(compute, 2)],
  ["r5", "x86_64", memory],
  ["r6i", "x86_64", memory],
  ["r6g", "arm64", withMedium(memory, 8)],
  ["g4dn", "x86_64", { xlarge: [4, 16, 3], "2xlarge": [8, 32, 3], "12xlarge": [48, 192, 8, 4] }],
  ["g5", "x86_64", { xlarge: [4, 16, 4], "2xlarge": [8, 32, 4], "12xlarge": [48, 192, 15, 4] }],
  ["g5g", "arm64", { xlarge: [4, 8, 4], "2xlarge": [8, 16, 4], "16xlarge": [64, 128, 15, 2] }],
  ["inf2", "x86_64", { xlarge: [4, 16, 4] }],
  ["c7i-flex", "x86_64", { large: [2, 4, 3] }],
  ["m7i-flex", "x86_64", { large: [2, 8, 3] }],
];

/** The common instance types, keyed by name. */
export const instanceTypesTable: ReadonlyMap<string, InstanceTypeFacts> = new Map(
  families.flatMap(([family, architecture, sizes]) =>
    Object.entries(sizes).map(
      ([size, [vcpus, gib, networkInterfaces, several = 1]]): [string, InstanceTypeFacts] => {
        const name = `${family}.${size}`;
        const burstable = family.startsWith("t");
        const accelerator = /^g\d/.test(family) ? "gpu" : family.startsWith("inf") ? "neuron" : undefined;
        return [
          name,
          {
            ...{ name, architecture, vcpus, memory: gib * 1024, networkInterfaces, burstable, accelerator },
            gpus: accelerator === "gpu" ? several : 0,
          },
        ];
      },
    ),
  ),
);

/**
 * The types that an account on the free plan may launch. Source: EC2 User Guide, "Track your Free Tier usage for
 * Amazon EC2".
 */
export const isFreeTierEligible = (instanceType: string): boolean =>
  ["t3.micro", "t3.small", "t4g.micro", "t4g.small", "c7i-flex.large", "m7i-flex.large"].includes(
    instanceType,
  );

/** Old zones never got newer hardware; the best-known one is us-east-1e. */
export const isOffered = (instanceType: string, zone: string): boolean =>
  zone !== "us-east-1e" || /^(t2|m5|c5)\./.test(instanceType);
