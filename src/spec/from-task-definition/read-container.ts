import { defined } from "./defined.js";
import type { JsonReader } from "./json-reader.js";
import { readFirelens } from "./read-firelens.js";
import { readLinux } from "./read-linux.js";
import { readLogConfiguration, secretReference, type ReadLogs } from "./read-logs.js";

export interface ReadContainer {
  readonly name: string;
  readonly image: string;
  readonly credentials: string | undefined;
  readonly essential: boolean;
  /** The options that main containers and sidecars have in common. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly logs: ReadLogs | undefined;
}

export function readContainer(reader: JsonReader): ReadContainer {
  const name = reader.text("name");
  const image = reader.text("image");
  if (name === undefined) reader.issue("name", "is required");
  if (image === undefined) reader.issue("image", "is required");
  return {
    name: name ?? "",
    image: image ?? "",
    credentials: reader.object("repositoryCredentials", (each) => each.text("credentialsParameter")),
    essential: reader.flag("essential") ?? true,
    options: defined({
      ...readPorts(reader),
      ...readProcess(reader),
      ...readSettings(reader),
      ...readLinux(reader),
    }),
    logs: readLogConfiguration(reader),
  };
}

function readPorts(reader: JsonReader): Readonly<Record<string, unknown>> {
  const ports = reader.list("portMappings", (each) =>
    defined({
      port: each.number("containerPort") ?? each.text("containerPortRange"),
      hostPort: each.number("hostPort") || undefined,
      protocol: each.text("protocol"),
      name: each.text("name"),
      appProtocol: each.text("appProtocol"),
    }),
  );
  const main = ports.find(({ port, protocol = "tcp" }) => typeof port === "number" && protocol === "tcp");
  return { port: main?.port, ports: ports.length === 0 ? undefined : ports };
}

/** A size of 0 is ECS's default, which the chain leaves out. */
const readProcess = (reader: JsonReader): Readonly<Record<string, unknown>> => ({
  cpu: reader.number("cpu") || undefined,
  memory: reader.number("memory"),
  memoryReservation: reader.number("memoryReservation"),
  command: reader.texts("command"),
  entryPoint: reader.texts("entryPoint"),
  environment: reader.named("environment", "name", (each) => each.text("value") ?? ""),
  secrets: reader.named("secrets", "name", (each) => secretReference(each.text("valueFrom") ?? "")),
  healthCheck: reader.object("healthCheck", (each) =>
    defined({
      command: each.texts("command"),
      interval: each.seconds("interval"),
      timeout: each.seconds("timeout"),
      retries: each.number("retries"),
      startPeriod: each.seconds("startPeriod"),
    }),
  ),
  dependsOn: reader.named("dependsOn", "containerName", (each) => each.text("condition") ?? ""),
  stopTimeout: reader.seconds("stopTimeout"),
  user: reader.text("user"),
});

function readSettings(reader: JsonReader): Readonly<Record<string, unknown>> {
  return {
    mounts: reader.named("mountPoints", "containerPath", (each) =>
      defined({ volume: each.text("sourceVolume"), readOnly: each.flag("readOnly") }),
    ),
    volumesFrom: listOrNone(
      reader.list("volumesFrom", (each) =>
        defined({ container: each.text("sourceContainer"), readOnly: each.flag("readOnly") }),
      ),
    ),
    workingDirectory: reader.text("workingDirectory"),
    readonlyRootFilesystem: reader.flag("readonlyRootFilesystem"),
    privileged: reader.flag("privileged"),
    tty: reader.flag("pseudoTerminal"),
    interactive: reader.flag("interactive"),
    labels: reader.map("dockerLabels"),
    environmentFiles: listOrNone(
      reader.list("environmentFiles", (each) => {
        const type = each.text("type");
        if (type !== "s3") each.issue("type", 'must be "s3", which is ECS\'s only one');
        return each.text("value") ?? "";
      }),
    ),
    extraHosts: hosts(reader),
    hostname: reader.text("hostname"),
    dnsServers: reader.texts("dnsServers"),
    dnsSearchDomains: reader.texts("dnsSearchDomains"),
    disableNetworking: reader.flag("disableNetworking"),
    dockerSecurityOptions: reader.texts("dockerSecurityOptions"),
    // None is not the chain's default.
    links: reader.texts("links") ?? [],
    credentialSpecs: reader.texts("credentialSpecs"),
    restart: reader.object("restartPolicy", (each) =>
      defined({
        enabled: each.flag("enabled"),
        ignoredExitCodes: each.raw("ignoredExitCodes"),
        attemptPeriod: each.seconds("restartAttemptPeriod"),
      }),
    ),
    startTimeout: reader.seconds("startTimeout"),
    versionConsistency: reader.text("versionConsistency"),
    firelens: readFirelens(reader),
  };
}

function hosts(reader: JsonReader): Readonly<Record<string, readonly string[]>> | undefined {
  const all = new Map<string, string[]>();
  for (const [host, address] of reader.list("extraHosts", (each) => [
    each.text("hostname") ?? "",
    each.text("ipAddress") ?? "",
  ]))
    all.set(host!, [...(all.get(host!) ?? []), address!]);
  return all.size === 0 ? undefined : Object.fromEntries(all);
}

const listOrNone = <T>(list: readonly T[]): readonly T[] | undefined =>
  list.length === 0 ? undefined : list;
