import type { CapacityType } from "../capacity-type.js";
import { ENVIRONMENT_FILE, parseFiles } from "./environment-files.js";
import type { Issues } from "../parsing/issues.js";
import type { OptionsReader } from "../parsing/options-reader.js";
import { parseFirelens, type FirelensOptions, type FirelensSpec } from "./firelens.js";
import { parseLinux, type LinuxOptions, type LinuxSpec } from "./linux-settings.js";
import { parseLogDriver, type LogDriverOptions, type LogDriverSpec } from "./log-driver.js";
import { parseMounts, parseVolumesFrom, type MountsOptions, type MountSpec } from "./mounts.js";
import { parseRestart, type RestartOptions, type RestartSpec } from "./restart.js";

/** What a container has beside its process: files, limits, hosts and logs. */
export interface ContainerSettings extends LinuxOptions {
  /**
   * The volumes of the task that the container sees, by path: `{ "/uploads": "uploads" }`, or
   * `{ volume, readOnly }`.
   * @defaultValue none
   */
  readonly mounts?: MountsOptions | undefined;
  /** The containers of the task whose mounts this one has, too, or `{ container, readOnly }`. @defaultValue none */
  readonly volumesFrom?:
    readonly (string | { readonly container: string; readonly readOnly?: boolean | undefined })[] | undefined;
  /** The directory in which the command starts. @defaultValue the image's */
  readonly workingDirectory?: string | undefined;
  /** True to make the container's own files read-only; mounts stay writable. ECS Exec does not work then. @defaultValue `false` */
  readonly readonlyRootFilesystem?: boolean | undefined;
  /** True to give the container all rights of the instance's root user, on EC2. @defaultValue `false` */
  readonly privileged?: boolean | undefined;
  /** True to allocate a terminal. @defaultValue `false` */
  readonly tty?: boolean | undefined;
  /** True to keep the standard input open. @defaultValue `false` */
  readonly interactive?: boolean | undefined;
  /** Docker labels. @defaultValue none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * The ARNs of `.env` files in S3, whose variables the container gets unless `environment` has them. The task
   * execution role permits reading exactly these.
   * @defaultValue none
   */
  readonly environmentFiles?: readonly string[] | undefined;
  /** Entries for `/etc/hosts`: an IP address, or several, by host name; not in the network mode `awsvpc`. @defaultValue none */
  readonly extraHosts?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** The container's host name; not in the network mode `awsvpc`. @defaultValue Docker's */
  readonly hostname?: string | undefined;
  /** The addresses of DNS servers, on EC2; not in the network mode `awsvpc`. @defaultValue the instance's */
  readonly dnsServers?: readonly string[] | undefined;
  /** The DNS search domains, on EC2; not in the network mode `awsvpc`. @defaultValue the instance's */
  readonly dnsSearchDomains?: readonly string[] | undefined;
  /** True for no network, on EC2. @defaultValue `false` */
  readonly disableNetworking?: boolean | undefined;
  /** Labels of SELinux and AppArmor, such as `"no-new-privileges"`, on EC2. @defaultValue none */
  readonly dockerSecurityOptions?: readonly string[] | undefined;
  /**
   * The containers that this one reaches by name, in the network mode `bridge`: `"db"`, or `"db:database"`.
   * @defaultValue for the main container its dependencies and the essential sidecars, for a sidecar its dependencies
   */
  readonly links?: readonly string[] | undefined;
  /** Credential specs for Active Directory: `credentialspec:{ARN}` or `credentialspecdomainless:{ARN}`; at most one. @defaultValue none */
  readonly credentialSpecs?: readonly string[] | undefined;
  /** True to restart the container when it exits, without replacing the task, or how. @defaultValue `false` */
  readonly restart?: boolean | RestartOptions | undefined;
  /** The time in which the containers that it depends on must reach their condition, 2 s to 2 min on Fargate. @defaultValue none */
  readonly startTimeout?: string | undefined;
  /** `"disabled"` to pull a tag for each task anew, instead of the image that it meant when the deployment began. @defaultValue `"enabled"` */
  readonly versionConsistency?: "enabled" | "disabled" | undefined;
  /** Another log driver than that of `.logs`, or `false` for none. @defaultValue that of `.logs` */
  readonly logs?: LogDriverOptions | false | undefined;
  /** Makes this container the task's log router, to which containers with the driver `awsfirelens` write. @defaultValue none */
  readonly firelens?: FirelensOptions | undefined;
}

export interface ContainerSettingsSpec extends LinuxSpec {
  readonly mounts: readonly MountSpec[];
  readonly volumesFrom: readonly { readonly container: string; readonly readOnly: boolean }[];
  readonly workingDirectory: string | undefined;
  readonly readonlyRootFilesystem: boolean | undefined;
  readonly privileged: boolean | undefined;
  readonly tty: boolean | undefined;
  readonly interactive: boolean | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly environmentFiles: readonly string[];
  /** The addresses by host name. */
  readonly extraHosts: Readonly<Record<string, readonly string[]>>;
  readonly hostname: string | undefined;
  readonly dnsServers: readonly string[];
  readonly dnsSearchDomains: readonly string[];
  readonly disableNetworking: boolean | undefined;
  readonly dockerSecurityOptions: readonly string[];
  /** `undefined`: chosen by quayside. */
  readonly links: readonly string[] | undefined;
  readonly credentialSpecs: readonly string[];
  readonly restart: RestartSpec | undefined;
  /** Seconds. */
  readonly startTimeout: number | undefined;
  readonly versionConsistency: "enabled" | "disabled" | undefined;
  /** `undefined`: that of the deployment; `false`: none. */
  readonly logs: LogDriverSpec | false | undefined;
  readonly firelens: FirelensSpec | undefined;
}

/** The options with maps as values, which several calls merge key by key. */
export const SETTINGS_MAPS = Object.freeze([
  "mounts",
  "ulimits",
  "labels",
  "extraHosts",
  "systemControls",
  "tmpfs",
]);

/** Source: Amazon ECS API reference, ContainerDefinition `startTimeout`. */
const START_TIMEOUT = { min: 2, max: 120 };

export function parseSettings(
  options: OptionsReader<ContainerSettings>,
  capacity: CapacityType,
  issues: Issues,
): ContainerSettingsSpec {
  const logs = options.raw("logs");
  return {
    ...parseLinux(options, issues),
    mounts: parseMounts(options.raw("mounts"), options.pathOf("mounts"), issues),
    volumesFrom: parseVolumesFrom(options.raw("volumesFrom"), options.pathOf("volumesFrom"), issues),
    workingDirectory: options.string("workingDirectory", "a directory of the container"),
    readonlyRootFilesystem: options.boolean("readonlyRootFilesystem"),
    privileged: options.boolean("privileged"),
    tty: options.boolean("tty"),
    interactive: options.boolean("interactive"),
    labels: options.map("labels") ?? {},
    environmentFiles: parseFiles(options, "environmentFiles", ENVIRONMENT_FILE),
    extraHosts: parseHosts(options),
    hostname: options.string("hostname", "a host name"),
    dnsServers: options.strings("dnsServers") ?? [],
    dnsSearchDomains: options.strings("dnsSearchDomains") ?? [],
    disableNetworking: options.boolean("disableNetworking"),
    dockerSecurityOptions: options.strings("dockerSecurityOptions") ?? [],
    links: options.strings("links"),
    credentialSpecs: parseCredentialSpecs(options),
    restart: parseRestart(options.raw("restart"), options.pathOf("restart"), issues),
    startTimeout: options.duration("startTimeout", capacity === "fargate" ? START_TIMEOUT : { min: 1 }),
    versionConsistency: options.oneOf("versionConsistency", ["enabled", "disabled"]),
    logs: logs === false ? false : parseLogDriver(logs, options.pathOf("logs"), issues),
    firelens: parseFirelens(options.raw("firelens"), options.pathOf("firelens"), capacity, issues),
  };
}

function parseHosts(options: OptionsReader<ContainerSettings>): ContainerSettingsSpec["extraHosts"] {
  const hosts = Object.entries(options.object("extraHosts") ?? {}).map(([host, given]) => {
    const addresses: readonly unknown[] = Array.isArray(given) ? given : [given];
    const isList = addresses.length > 0 && addresses.every((each) => typeof each === "string" && each !== "");
    if (!isList || host === "")
      options.issue(
        "extraHosts",
        `must be an IP address, or several, for each host name, such as { "db.internal": "10.0.0.7" }`,
      );
    return [host, isList ? (addresses as readonly string[]) : []] as const;
  });
  return Object.fromEntries(hosts);
}

function parseCredentialSpecs(options: OptionsReader<ContainerSettings>): readonly string[] {
  const specs = options.strings("credentialSpecs") ?? [];
  if (specs.length > 1)
    options.issue("credentialSpecs", `must be at most one, which is ECS's limit; got ${specs.length}`);
  if (!specs.every((each) => /^credentialspec(?:domainless)?:arn:/.test(each)))
    options.issue(
      "credentialSpecs",
      'must begin with "credentialspec:" or "credentialspecdomainless:", and the ARN of the file',
    );
  return specs;
}
