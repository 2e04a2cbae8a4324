import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The EBS volume of an instance: its root volume; on Bottlerocket the one with images and containers. */
export interface HostVolumeOptions {
  /**
   * GiB, 1 to 16,384; at least the size of the AMI's snapshot: 30 with the ECS-optimized AMIs, 20 with Bottlerocket.
   * @defaultValue that of the AMI
   */
  readonly size?: number | undefined;
  /** @defaultValue `"gp3"` */
  readonly type?: "gp3" | "gp2" | "io1" | "io2" | undefined;
  /** Operations a second; required with `io1` and `io2`. @defaultValue 3,000 with `gp3` */
  readonly iops?: number | undefined;
  /** MiB a second, 125 to 2,000; `gp3` only. @defaultValue 125 */
  readonly throughput?: number | undefined;
  /** @defaultValue the account's setting for new volumes; `true` with `kmsKey` */
  readonly encrypted?: boolean | undefined;
  /**
   * The ARN of a KMS key. A customer managed key must be granted to the service-linked role
   * `AWSServiceRoleForAutoScaling`, which launches the instances. @defaultValue AWS's own key
   */
  readonly kmsKey?: string | undefined;
}

export interface HostVolumeSpec {
  readonly size: number | undefined;
  readonly type: "gp3" | "gp2" | "io1" | "io2";
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly encrypted: boolean | undefined;
  readonly kmsKey: string | undefined;
}

const KMS_KEY = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/.+$/;

/** @param smallest - the size of the AMI's snapshot; `undefined` if it is not known */
export function parseHostVolume(
  value: unknown,
  path: string,
  smallest: number | undefined,
  issues: Issues,
): HostVolumeSpec | undefined {
  if (value === undefined) return undefined;
  const options = new OptionsReader<HostVolumeOptions>(value, path, issues);
  const size = options.integer(
    "size",
    { min: smallest ?? 1, max: 16_384 },
    " GiB (the AMI's snapshot is the least)",
  );
  const type = options.oneOf("type", ["gp3", "gp2", "io1", "io2"]) ?? "gp3";
  const iops = options.integer("iops", { min: 100, max: 256_000 });
  const throughput = options.integer("throughput", { min: 125, max: 2_000 }, " MiB a second");
  const encrypted = options.boolean("encrypted");
  const kmsKey = options.string("kmsKey");
  if (kmsKey !== undefined && !KMS_KEY.test(kmsKey))
    options.issue("kmsKey", "must be the ARN of a KMS key, arn:aws:kms:{region}:{account}:key/{id}");
  if (kmsKey !== undefined && encrypted === false) options.issue("kmsKey", "needs encrypted, which is false");
  if ((type === "io1" || type === "io2") && iops === undefined)
    options.issue("iops", `is required with type ${type}`);
  if (type === "gp2" && iops !== undefined)
    options.issue("iops", "is not supported with type gp2, whose operations follow from its size");
  if (type !== "gp3" && throughput !== undefined)
    options.issue("throughput", "is supported with type gp3 only");
  options.close();
  return { size, type, iops, throughput, encrypted: kmsKey === undefined ? encrypted : true, kmsKey };
}
