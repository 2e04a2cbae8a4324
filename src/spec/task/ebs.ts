import type { CapacityType } from "../capacity-type.js";
import { formatValue } from "../parsing/format-value.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { ROLE_ARN, roleArnProblem } from "../role-arn.js";

/** An Amazon EBS volume for each task. Source: Amazon ECS API reference, ServiceManagedEBSVolumeConfiguration. */
export interface EbsOptions {
  /** GiB. Required without `snapshot`. @defaultValue the snapshot's size */
  readonly size?: number | undefined;
  /** @defaultValue `"gp3"` */
  readonly type?: "gp2" | "gp3" | "io1" | "io2" | "sc1" | "st1" | "standard" | undefined;
  /** True to encrypt it. @defaultValue `true` */
  readonly encrypted?: boolean | undefined;
  /** The ARN of the KMS key. @defaultValue the account's key for EBS */
  readonly kmsKey?: string | undefined;
  /** I/O operations a second, for `gp3`, `io1` and `io2`; required for the last two. @defaultValue 3000 with `gp3` */
  readonly iops?: number | undefined;
  /** MiB a second, 125 to 1000, for `gp3`. @defaultValue 125 */
  readonly throughput?: number | undefined;
  /** The id of the snapshot that it begins with, `snap-…`. @defaultValue none: it is empty */
  readonly snapshot?: string | undefined;
  /** The rate in MiB a second at which a snapshot's data is fetched, 100 to 300. @defaultValue EBS's */
  readonly initializationRate?: number | undefined;
  /** The file system that ECS creates on it. @defaultValue `"xfs"` */
  readonly filesystem?: "ext3" | "ext4" | "xfs" | undefined;
  /**
   * The ARN of an existing ECS infrastructure role, with which ECS creates the volumes.
   * @defaultValue a role that quayside creates and owns (`{name}-infrastructure-role`)
   */
  readonly role?: string | undefined;
}

export interface EbsSpec {
  readonly size: number | undefined;
  readonly volumeType: NonNullable<EbsOptions["type"]>;
  readonly encrypted: boolean;
  readonly kmsKey: string | undefined;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly snapshot: string | undefined;
  readonly initializationRate: number | undefined;
  readonly filesystem: NonNullable<EbsOptions["filesystem"]>;
  /** `undefined`: quayside's. */
  readonly role: string | undefined;
}

/** GiB by volume type. Source: Amazon ECS API reference, `sizeInGiB`. */
const SIZES: Readonly<Record<EbsSpec["volumeType"], readonly [min: number, max: number]>> = {
  gp2: [1, 16_384],
  gp3: [1, 16_384],
  io1: [4, 16_384],
  io2: [4, 16_384],
  st1: [125, 16_384],
  sc1: [125, 16_384],
  standard: [1, 1_024],
};

/** Source: Amazon ECS API reference, `iops`. */
const IOPS: Partial<Record<EbsSpec["volumeType"], readonly [min: number, max: number]>> = {
  gp3: [3_000, 16_000],
  io1: [100, 64_000],
  io2: [100, 256_000],
};

export function parseEbs(given: unknown, path: string, capacity: CapacityType, issues: Issues): EbsSpec {
  const options = new OptionsReader<EbsOptions>(given, path, issues);
  const volumeType = options.oneOf("type", ["gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"]) ?? "gp3";
  const [min, max] = SIZES[volumeType];
  const size = options.integer("size", { min, max }, " (GiB)");
  const snapshot = options.string("snapshot");
  if (snapshot !== undefined && !/^snap-[0-9a-f]{8,17}$/.test(snapshot))
    options.issue(
      "snapshot",
      `must be the id of a snapshot, such as "snap-0123456789abcdef0"; got ${formatValue(snapshot)}`,
    );
  if (options.raw("size") === undefined && snapshot === undefined)
    options.issue("size", "is required, in GiB, unless the volume begins with a snapshot");
  const range = IOPS[volumeType];
  const iops =
    range === undefined
      ? unsupported(options, "iops", volumeType)
      : options.integer("iops", { min: range[0], max: range[1] });
  if ((volumeType === "io1" || volumeType === "io2") && options.raw("iops") === undefined)
    options.issue("iops", `is required for ${volumeType}`);
  const throughput =
    volumeType === "gp3"
      ? options.integer("throughput", { min: 125, max: 1_000 }, " (MiB a second)")
      : unsupported(options, "throughput", volumeType);
  const initializationRate = options.integer("initializationRate", { min: 100, max: 300 }, " (MiB a second)");
  if (initializationRate !== undefined && snapshot === undefined)
    options.issue("initializationRate", "needs a snapshot, whose data it fetches");
  if (capacity === "fargate" && volumeType === "standard")
    options.issue("type", "must not be standard on Fargate, which does not support it");
  const encrypted = options.boolean("encrypted") ?? true;
  const kmsKey = options.string("kmsKey");
  if (kmsKey !== undefined && !encrypted) options.issue("kmsKey", "needs encrypted, which is false");
  const filesystem = options.oneOf("filesystem", ["ext3", "ext4", "xfs"]) ?? "xfs";
  const role = options.string("role");
  if (role !== undefined && !ROLE_ARN.test(role)) options.issue("role", roleArnProblem(role));
  options.close();
  return {
    size,
    volumeType,
    encrypted,
    kmsKey,
    iops,
    throughput,
    snapshot,
    initializationRate,
    filesystem,
    role,
  };
}

function unsupported(
  options: OptionsReader<EbsOptions>,
  key: "iops" | "throughput",
  type: string,
): undefined {
  if (options.raw(key) !== undefined) options.issue(key, `is not supported for ${type} volumes: remove it`);
  return undefined;
}
