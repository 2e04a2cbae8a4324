import { formatValue } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";

/** What the Linux kernel gives a container. */
export interface LinuxOptions {
  /**
   * The resource limits, by name: one number for both, or `{ soft, hard }`; -1 is unlimited.
   * @defaultValue Docker's; on Fargate `nofile` is 65535
   */
  readonly ulimits?:
    | Readonly<Partial<Record<UlimitName, number | { readonly soft: number; readonly hard: number }>>>
    | undefined;
  /** True to run an init process, which forwards signals and reaps processes. @defaultValue `false`, or `true` with ECS Exec */
  readonly init?: boolean | undefined;
  /** The Linux capabilities to add and drop, such as `"SYS_PTRACE"`, which is the only one that Fargate adds. @defaultValue Docker's */
  readonly capabilities?:
    | { readonly add?: readonly string[] | undefined; readonly drop?: readonly string[] | undefined }
    | undefined;
  /** The MiB of `/dev/shm`, on EC2. @defaultValue 64, Docker's */
  readonly sharedMemory?: number | undefined;
  /** File systems in memory: the MiB by path, or `{ size, mountOptions }`. @defaultValue none */
  readonly tmpfs?:
    | Readonly<
        Record<
          string,
          number | { readonly size: number; readonly mountOptions?: readonly string[] | undefined }
        >
      >
    | undefined;
  /** The MiB of swap that the container may use, on EC2; 0 is none. @defaultValue twice its memory */
  readonly maxSwap?: number | undefined;
  /** How much the kernel swaps, 0 to 100, on EC2; needs `maxSwap`. @defaultValue 60 */
  readonly swappiness?: number | undefined;
  /** Devices of the instance, on EC2. @defaultValue none */
  readonly devices?: readonly DeviceOptions[] | undefined;
  /**
   * The number of the instance's GPUs that the container has to itself, `"all"` of them, or a share of one; on EC2
   * instances that have some. @defaultValue none
   */
  readonly gpus?: number | "all" | GpuShareOptions | undefined;
  /** Kernel parameters of the container's namespaces. @defaultValue none */
  readonly systemControls?: Readonly<Record<string, string>> | undefined;
}

/** A share of a GPU, with NVIDIA's Multi-Process Service. */
export interface GpuShareOptions {
  /** The MiB of the GPU's memory. */
  readonly memory: number;
  /** The most that the container uses of the GPU's compute capacity, 1 to 100. @defaultValue 100 */
  readonly computePercent?: number | undefined;
}

export interface DeviceOptions {
  /** The path on the instance. */
  readonly hostPath: string;
  /** @defaultValue `hostPath` */
  readonly containerPath?: string | undefined;
  /** @defaultValue all three */
  readonly permissions?: readonly ("read" | "write" | "mknod")[] | undefined;
}

export type UlimitName =
  | "core"
  | "cpu"
  | "data"
  | "fsize"
  | "locks"
  | "memlock"
  | "msgqueue"
  | "nice"
  | "nofile"
  | "nproc"
  | "rss"
  | "rtprio"
  | "rttime"
  | "sigpending"
  | "stack";

/** Source: Amazon ECS API reference, Ulimit. */
const ULIMITS: readonly UlimitName[] =
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(
    " ",
  ) as UlimitName[];

export interface LinuxSpec {
  readonly ulimits: readonly { readonly name: UlimitName; readonly soft: number; readonly hard: number }[];
  readonly init: boolean | undefined;
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly sharedMemory: number | undefined;
  readonly tmpfs: readonly {
    readonly path: string;
    readonly size: number;
    readonly mountOptions: readonly string[];
  }[];
  readonly maxSwap: number | undefined;
  readonly swappiness: number | undefined;
  readonly devices: readonly {
    readonly hostPath: string;
    readonly containerPath: string | undefined;
    readonly permissions: readonly ("read" | "write" | "mknod")[];
  }[];
  readonly gpus: number | "all" | GpuShareOptions | undefined;
  readonly systemControls: Readonly<Record<string, string>>;
}

export function parseLinux(options: OptionsReader<LinuxOptions>, issues: Issues): LinuxSpec {
  const maxSwap = options.integer("maxSwap", { min: 0 }, " (MiB)");
  const swappiness = options.integer("swappiness", { min: 0, max: 100 });
  if (swappiness !== undefined && options.raw("maxSwap") === undefined)
    options.issue("swappiness", "needs maxSwap, without which ECS ignores it");
  return {
    ulimits: parseUlimits(options, issues),
    init: options.boolean("init"),
    capabilities: parseCapabilities(options, issues),
    sharedMemory: options.integer("sharedMemory", { min: 1 }, " (MiB)"),
    tmpfs: parseTmpfs(options, issues),
    maxSwap,
    swappiness,
    devices: parseDevices(options, issues),
    gpus: parseGpus(options, issues),
    systemControls: options.map("systemControls") ?? {},
  };
}

function parseGpus(options: OptionsReader<LinuxOptions>, issues: Issues): LinuxSpec["gpus"] {
  const given = options.raw("gpus");
  if (given === undefined || given === "all") return given;
  if (!isPlainObject(given)) return options.integer("gpus", { min: 1 }, ', or "all", or { memory }');
  const share = new OptionsReader<GpuShareOptions>(given, options.pathOf("gpus"), issues);
  const memory = share.integer("memory", { min: 1 }, " (MiB)");
  if (share.raw("memory") === undefined) share.issue("memory", "is required, in MiB");
  const computePercent = share.integer("computePercent", { min: 1, max: 100 });
  share.close();
  return memory === undefined ? undefined : { memory, computePercent };
}

const UNLIMITED = -1;

function parseUlimits(options: OptionsReader<LinuxOptions>, issues: Issues): LinuxSpec["ulimits"] {
  return Object.entries(options.object("ulimits") ?? {}).flatMap(([name, value]) => {
    const path = `${options.pathOf("ulimits")}.${name}`;
    const known = ULIMITS.find((each) => each === name);
    if (known === undefined) {
      issues.add(path, `is not a resource limit: use one of ${ULIMITS.join(", ")}`);
      return [];
    }
    const limits = new OptionsReader<{ soft: number; hard: number }>(
      typeof value === "number" ? { soft: value, hard: value } : value,
      path,
      issues,
    );
    const soft = limits.integer("soft", { min: UNLIMITED });
    const hard = limits.integer("hard", { min: UNLIMITED });
    for (const key of ["soft", "hard"] as const)
      if (limits.raw(key) === undefined) limits.issue(key, "is required: a number, or -1 for unlimited");
    limits.close();
    if (soft === undefined || hard === undefined) return [];
    if (hard !== UNLIMITED && (soft > hard || soft === UNLIMITED))
      limits.issue("soft", `must be at most the hard limit, ${hard}; got ${soft}`);
    return [{ name: known, soft, hard }];
  });
}

function parseCapabilities(options: OptionsReader<LinuxOptions>, issues: Issues): LinuxSpec["capabilities"] {
  const given = options.object("capabilities");
  if (given === undefined) return { add: [], drop: [] };
  const lists = new OptionsReader<{ add: string[]; drop: string[] }>(
    given,
    options.pathOf("capabilities"),
    issues,
  );
  const [add, drop] = (["add", "drop"] as const).map((key) => {
    const names = lists.strings(key) ?? [];
    const wrong = names.find((each) => !/^[A-Z][A-Z0-9_]*$/.test(each) || each.startsWith("CAP_"));
    if (wrong !== undefined)
      lists.issue(key, `must be capabilities without CAP_, such as "SYS_PTRACE"; got ${formatValue(wrong)}`);
    return names;
  });
  lists.close();
  return { add: add ?? [], drop: drop ?? [] };
}

function parseTmpfs(options: OptionsReader<LinuxOptions>, issues: Issues): LinuxSpec["tmpfs"] {
  return Object.entries(options.object("tmpfs") ?? {}).flatMap(([path, value]) => {
    const at = `${options.pathOf("tmpfs")}.${path}`;
    const each = new OptionsReader<{ size: number; mountOptions?: string[] }>(
      isPlainObject(value) ? value : { size: value },
      at,
      issues,
    );
    if (!path.startsWith("/")) issues.add(at, "must be an absolute path in the container, such as /tmp");
    const size = each.integer("size", { min: 1 }, " (MiB)");
    if (each.raw("size") === undefined) each.issue("size", "is required, in MiB");
    const mountOptions = each.strings("mountOptions") ?? [];
    each.close();
    return size === undefined ? [] : [{ path, size, mountOptions }];
  });
}

const PERMISSIONS = ["read", "write", "mknod"] as const;

function parseDevices(options: OptionsReader<LinuxOptions>, issues: Issues): LinuxSpec["devices"] {
  const given = options.raw("devices");
  if (given === undefined) return [];
  if (!Array.isArray(given)) {
    options.issue(
      "devices",
      `must be an array of devices, such as [{ hostPath: "/dev/fuse" }]; got ${formatValue(given)}`,
    );
    return [];
  }
  return given.flatMap((value: unknown, index) => {
    const device = new OptionsReader<DeviceOptions>(value, `${options.pathOf("devices")}.${index}`, issues);
    const hostPath = device.string("hostPath", "a path on the instance");
    if (device.raw("hostPath") === undefined) device.issue("hostPath", "is required: a path on the instance");
    const containerPath = device.string("containerPath", "a path in the container");
    const listed = device.strings("permissions") ?? [];
    const permissions = PERMISSIONS.filter((each) => listed.includes(each));
    if (permissions.length !== listed.length)
      device.issue("permissions", "must be some of read, write and mknod, each once");
    device.close();
    return hostPath === undefined ? [] : [{ hostPath, containerPath, permissions }];
  });
}
