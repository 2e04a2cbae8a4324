import type { CapacityType } from "../capacity-type.js";
import { nameProblem, ECS_NAME } from "../names.js";
import { formatValue } from "../parsing/format-value.js";
import type { Issues } from "../parsing/issues.js";
import { mergeOptions } from "../parsing/merge-options.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { parseEbs, type EbsOptions, type EbsSpec } from "./ebs.js";

/**
 * A volume of the task, which containers mount by its name. `{}` is empty at the start of every task and deleted
 * with it.
 */
export interface VolumeOptions {
  /** The id of an Amazon EFS file system, `fs-…`, with a mount target in each zone of the tasks, which admits them to port 2049. */
  readonly efs?: string | undefined;
  /**
   * The EFS access point, `fsap-…`, or the ARN of an S3 Files access point. `rootDirectory` is then the access
   * point's.
   * @defaultValue none
   */
  readonly accessPoint?: string | undefined;
  /** The directory of the file system that is mounted. @defaultValue `"/"` */
  readonly rootDirectory?: string | undefined;
  /**
   * True if EFS checks the task role: quayside's role then permits mounting, and writing unless every mount is
   * read-only.
   * @defaultValue `false`
   */
  readonly iam?: boolean | undefined;
  /** True to encrypt the connection to EFS. @defaultValue `true` */
  readonly transitEncryption?: boolean | undefined;
  /** The port of the encrypted connection, 1 to 65535. @defaultValue chosen by the EFS mount helper */
  readonly transitEncryptionPort?: number | undefined;
  /** A directory of the instance, on EC2: it stays when the task has ended. */
  readonly host?: string | undefined;
  /** A Docker volume, on EC2. */
  readonly docker?: DockerVolumeOptions | undefined;
  /**
   * An Amazon EBS volume that ECS creates for each task, and deletes with it. A task can have one.
   * Source: Amazon ECS Developer Guide, "Use Amazon EBS volumes with Amazon ECS".
   */
  readonly ebs?: EbsOptions | undefined;
  /** The ARN of an S3 Files file system. */
  readonly s3files?: string | undefined;
}

/** A Docker volume on an instance. */
export interface DockerVolumeOptions {
  /** `"task"`: as long as the task; `"shared"`: it stays on the instance. @defaultValue `"task"` */
  readonly scope?: "task" | "shared" | undefined;
  /** True to create a shared volume that does not exist; only with `scope: "shared"`. @defaultValue `false` */
  readonly autoprovision?: boolean | undefined;
  /** The volume driver, as Docker names it. @defaultValue `"local"` */
  readonly driver?: string | undefined;
  /** The driver's options. @defaultValue none */
  readonly driverOptions?: Readonly<Record<string, string>> | undefined;
  /** The volume's Docker labels. @defaultValue none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export type VolumeSpec = { readonly name: string } & (
  | { readonly type: "empty" }
  | { readonly type: "host"; readonly path: string }
  | {
      readonly type: "efs";
      readonly fileSystem: string;
      readonly accessPoint: string | undefined;
      readonly rootDirectory: string | undefined;
      readonly iam: boolean;
      readonly transitEncryption: boolean;
      readonly transitEncryptionPort: number | undefined;
    }
  | {
      readonly type: "s3files";
      readonly fileSystem: string;
      readonly accessPoint: string | undefined;
      readonly rootDirectory: string | undefined;
      readonly transitEncryptionPort: number | undefined;
    }
  | ({ readonly type: "docker" } & DockerVolumeOptions)
  | ({ readonly type: "ebs" } & EbsSpec)
);

const KINDS = ["efs", "host", "docker", "ebs", "s3files"] as const;
type VolumeKind = (typeof KINDS)[number];

/** The options of each kind, beside its own. */
const OPTIONS: Readonly<Record<VolumeKind, readonly (keyof VolumeOptions)[]>> = {
  efs: ["accessPoint", "rootDirectory", "iam", "transitEncryption", "transitEncryptionPort"],
  s3files: ["accessPoint", "rootDirectory", "transitEncryptionPort"],
  host: [],
  docker: [],
  ebs: [],
};

/** Parses the volumes, in the order in which they were first named. */
export function parseVolumes(
  calls: readonly { readonly name: unknown; readonly options: unknown }[],
  capacity: CapacityType,
  issues: Issues,
): readonly VolumeSpec[] {
  const byName = new Map<string, unknown[]>();
  for (const { name, options } of calls) {
    const problem = nameProblem(ECS_NAME, name);
    if (problem !== undefined) issues.add("volume", `the name ${problem}`);
    else byName.set(name as string, [...(byName.get(name as string) ?? []), options]);
  }
  const volumes = [...byName].flatMap(
    ([name, options]) => parseVolume(name, options, capacity, issues) ?? [],
  );
  const ebs = volumes.filter(({ type }) => type === "ebs");
  if (ebs.length > 1)
    issues.add(
      `volume.${ebs[1]!.name}.ebs`,
      `must not be set: ${ebs[0]!.name} is an EBS volume already, and ECS attaches one to a task`,
    );
  return volumes;
}

function parseVolume(
  name: string,
  calls: readonly unknown[],
  capacity: CapacityType,
  issues: Issues,
): VolumeSpec | undefined {
  const path = `volume.${name}`;
  const options = new OptionsReader<VolumeOptions>(mergeOptions(calls, path, issues), path, issues);
  const kinds = KINDS.filter((key) => options.raw(key) !== undefined);
  const [kind] = kinds;
  if (kinds.length > 1) {
    issues.add(path, `must be one kind of volume; got ${kinds.join(" and ")}`);
    return undefined;
  }
  for (const key of new Set(Object.values(OPTIONS).flat())) {
    const owners = KINDS.filter((each) => OPTIONS[each].includes(key));
    if (options.raw(key) !== undefined && (kind === undefined || !owners.includes(kind)))
      options.issue(key, `needs ${owners.join(" or ")}, to which it applies`);
  }
  const volume = readVolume(name, kind, options, capacity, issues);
  options.close();
  return volume;
}

function readVolume(
  name: string,
  kind: VolumeKind | undefined,
  options: OptionsReader<VolumeOptions>,
  capacity: CapacityType,
  issues: Issues,
): VolumeSpec {
  switch (kind) {
    case undefined:
      return { name, type: "empty" };
    case "efs":
      return { name, type: "efs", ...parseEfs(options) };
    case "s3files":
      return { name, type: "s3files", ...parseS3Files(options) };
    case "ebs":
      return { name, type: "ebs", ...parseEbs(options.raw("ebs"), options.pathOf("ebs"), capacity, issues) };
    case "host": {
      if (capacity !== "ec2") reportInstances(options, "host", capacity, "an empty volume is { }");
      const path = options.string("host", "the path of a directory of the instance") ?? "";
      if (path !== "" && !path.startsWith("/"))
        options.issue("host", `must be an absolute path, such as "/srv/cache"; got ${formatValue(path)}`);
      return { name, type: "host", path };
    }
    case "docker": {
      if (capacity !== "ec2") reportInstances(options, "docker", capacity, "use efs for files that stay");
      return {
        name,
        type: "docker",
        ...parseDocker(options.raw("docker"), options.pathOf("docker"), issues),
      };
    }
  }
}

const reportInstances = (
  options: OptionsReader<VolumeOptions>,
  key: "host" | "docker",
  capacity: CapacityType,
  instead: string,
): void =>
  options.issue(
    key,
    capacity === "fargate"
      ? `is not supported on Fargate, which has no instances: ${instead}`
      : `is not supported on Managed Instances, whose files belong to ECS: ${instead}`,
  );

function parseRoot(
  options: OptionsReader<VolumeOptions>,
  accessPoint: string | undefined,
): string | undefined {
  const root = options.string("rootDirectory");
  if (root !== undefined && !root.startsWith("/"))
    options.issue("rootDirectory", `must be an absolute path, such as "/uploads"; got ${formatValue(root)}`);
  if (root !== undefined && root !== "/" && accessPoint !== undefined)
    options.issue(
      "rootDirectory",
      'must be "/" or left out with an access point, which has a root directory of its own',
    );
  return root;
}

const PORT = { min: 1, max: 65_535 };

function parseEfs(options: OptionsReader<VolumeOptions>) {
  const fileSystem = options.string("efs") ?? "";
  if (fileSystem !== "" && !/^fs-[0-9a-f]{8,40}$/.test(fileSystem))
    options.issue(
      "efs",
      `must be the id of a file system, such as "fs-0123456789abcdef0"; got ${formatValue(fileSystem)}`,
    );
  const accessPoint = options.string("accessPoint");
  if (accessPoint !== undefined && !/^fsap-[0-9a-f]{8,40}$/.test(accessPoint))
    options.issue(
      "accessPoint",
      `must be the id of an access point, such as "fsap-0123456789abcdef0"; got ${formatValue(accessPoint)}`,
    );
  const rootDirectory = parseRoot(options, accessPoint);
  const iam = options.boolean("iam") ?? false;
  const transitEncryption = options.boolean("transitEncryption") ?? true;
  const transitEncryptionPort = options.integer("transitEncryptionPort", PORT);
  if (!transitEncryption && (iam || accessPoint !== undefined))
    options.issue(
      "transitEncryption",
      `must not be false with ${iam ? "iam" : "an access point"}, for which EFS requires it`,
    );
  if (!transitEncryption && transitEncryptionPort !== undefined)
    options.issue("transitEncryptionPort", "needs transitEncryption, which is false");
  return { fileSystem, accessPoint, rootDirectory, iam, transitEncryption, transitEncryptionPort };
}

function parseS3Files(options: OptionsReader<VolumeOptions>) {
  const fileSystem = options.string("s3files") ?? "";
  const accessPoint = options.string("accessPoint");
  for (const [key, arn] of [["s3files", fileSystem] as const, ["accessPoint", accessPoint] as const])
    if (
      arn !== undefined &&
      arn !== "" &&
      !/^arn:aws[a-z-]*:s3files:[a-z0-9-]+:\d{12}:file-system\/.+$/.test(arn)
    )
      options.issue(
        key,
        `must be the ARN of S3 Files, arn:aws:s3files:{region}:{account}:file-system/…; got ${formatValue(arn)}`,
      );
  const rootDirectory = parseRoot(options, accessPoint);
  const transitEncryptionPort = options.integer("transitEncryptionPort", PORT);
  return { fileSystem, accessPoint, rootDirectory, transitEncryptionPort };
}

function parseDocker(given: unknown, path: string, issues: Issues): DockerVolumeOptions {
  const options = new OptionsReader<DockerVolumeOptions>(given, path, issues);
  const scope = options.oneOf("scope", ["task", "shared"]);
  const autoprovision = options.boolean("autoprovision");
  if (autoprovision === true && scope !== "shared")
    options.issue("autoprovision", 'needs scope: "shared": a volume of a task is always created');
  const driver = options.string("driver");
  const driverOptions = options.map("driverOptions");
  const labels = options.map("labels");
  options.close();
  return { scope, autoprovision, driver, driverOptions, labels };
}
