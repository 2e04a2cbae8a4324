import { isDirectory } from "../image.js";
import { parseImageReference } from "../image-reference.js";
import { formatValue } from "../parsing/format-value.js";
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

/** @param images - those that the user gives in place of the task definition's, by container */
export function readContainer(reader: JsonReader, images: Readonly<Record<string, string>>): ReadContainer {
  const name = reader.text("name");
  if (name === undefined) reader.issue("name", "is required");
  const given = name !== undefined && Object.hasOwn(images, name) ? images[name] : undefined;
  const credentials = reader.object("repositoryCredentials", (each) => each.text("credentialsParameter"));
  return {
    name: name ?? "",
    image: readImage(reader, name, given),
    // The image of a directory is in ECR, which takes the task's own credentials.
    credentials: given !== undefined && isDirectory(given) ? undefined : credentials,
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

/** Templates have a placeholder, such as CodeDeploy's `<IMAGE1_NAME>`, or no image. */
function readImage(reader: JsonReader, name = "", given: string | undefined): string {
  const image = reader.text("image");
  if (given !== undefined) return given;
  const fix = `give one with { images: { ${JSON.stringify(name)}: … } }`;
  if (image === undefined) reader.issue("image", `is required: ${fix}`);
  else if (parseImageReference(image) === undefined)
    reader.issue("image", `must be an image reference; got ${formatValue(image)}: ${fix}`);
  return image ?? "";
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
