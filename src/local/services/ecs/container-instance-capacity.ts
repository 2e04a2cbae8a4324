/** GiB of memory by size, of the burstable families; and vCPUs where they are not 2. */
const burstableGib: Readonly<Record<string, number>> = {
  nano: 0.5,
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

/** What the operating system and the agent keep: the tutorial's t2.micro registers 957 of its 1,024 MiB. */
const registeredShare = 0.935;

/** CPU units and MiB that an instance of a type registers with its cluster. */
export function capacityOf(instanceType: string): { readonly cpu: number; readonly memory: number } {
  const [family = "", size = ""] = instanceType.split(".");
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  const step =
    size === "large" ? 2 : size === "xlarge" ? 4 : times !== undefined ? 4 * Number(times) : undefined;
  const isSmallT2 = family === "t2" && ["nano", "micro", "small"].includes(size);
  const vcpus = isSmallT2 ? 1 : (step ?? (size === "medium" && !family.startsWith("t") ? 1 : 2));
  const gib = family.startsWith("t") ? (burstableGib[size] ?? 4) : vcpus * gibPerVcpu(family);
  return { cpu: vcpus * 1024, memory: Math.floor(gib * 1024 * registeredShare) };
}

const gibPerVcpu = (family: string): number => (family.startsWith("c") ? 2 : family.startsWith("r") ? 8 : 4);
