import type {
  ContainerDefinition,
  RegisterTaskDefinitionCommandInput,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

/** The fields of a registration; all others in a described task definition are AWS's own. */
const DESCRIBED = [
  "family",
  "taskRoleArn",
  "executionRoleArn",
  "networkMode",
  "containerDefinitions",
  "volumes",
  "placementConstraints",
  "requiresCompatibilities",
  "cpu",
  "memory",
  "pidMode",
  "ipcMode",
  "proxyConfiguration",
  "inferenceAccelerators",
  "ephemeralStorage",
  "runtimePlatform",
  "enableFaultInjection",
] as const;

type Plain = { readonly [key: string]: unknown };

/**
 * A task definition with AWS's defaults filled in, sets in one order, and nothing empty: two definitions that
 * mean the same have the same normal form, whether sent or described.
 */
export function taskDefinitionNormalForm(
  definition: RegisterTaskDefinitionCommandInput | TaskDefinition,
): Plain {
  const described = Object.fromEntries(DESCRIBED.map((key) => [key, definition[key]]));
  const fargate = definition.requiresCompatibilities?.includes("FARGATE") === true;
  const networkMode = definition.networkMode ?? (fargate ? "awsvpc" : "bridge");
  return withoutEmpty({
    ...described,
    networkMode,
    cpu: vcpus(definition.cpu),
    memory: mebibytes(definition.memory),
    requiresCompatibilities: sorted(definition.requiresCompatibilities),
    placementConstraints: sorted(definition.placementConstraints),
    volumes: sorted(definition.volumes),
    runtimePlatform:
      fargate || definition.runtimePlatform !== undefined
        ? { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX", ...definition.runtimePlatform }
        : undefined,
    containerDefinitions: sorted(
      definition.containerDefinitions?.map((each) =>
        each === undefined ? undefined : container(each, networkMode),
      ),
    ),
  }) as Plain;
}

function container(definition: ContainerDefinition, networkMode: string): Plain {
  const { healthCheck, logConfiguration } = definition;
  return {
    ...withoutFalse(definition),
    cpu: definition.cpu ?? 0,
    essential: definition.essential ?? true,
    versionConsistency: definition.versionConsistency ?? "enabled",
    environment: sorted(definition.environment),
    environmentFiles: sorted(definition.environmentFiles),
    secrets: sorted(definition.secrets),
    mountPoints: sorted(definition.mountPoints?.map((mount) => ({ readOnly: false, ...defined(mount) }))),
    volumesFrom: sorted(definition.volumesFrom?.map((volume) => ({ readOnly: false, ...defined(volume) }))),
    dependsOn: sorted(definition.dependsOn),
    links: sorted(definition.links),
    ulimits: sorted(definition.ulimits),
    systemControls: sorted(definition.systemControls),
    resourceRequirements: sorted(definition.resourceRequirements),
    extraHosts: sorted(definition.extraHosts),
    portMappings: sorted(
      definition.portMappings?.map((mapping) => ({
        ...mapping,
        protocol: mapping.protocol ?? "tcp",
        hostPort: mapping.hostPort ?? (networkMode === "bridge" ? 0 : mapping.containerPort),
      })),
    ),
    healthCheck: healthCheck && { interval: 30, timeout: 5, retries: 3, ...defined(healthCheck) },
    logConfiguration: logConfiguration && {
      ...logConfiguration,
      secretOptions: sorted(logConfiguration.secretOptions),
    },
  };
}

/** Without flags that are false, which is their default; `essential` is set separately. */
const withoutFalse = (definition: ContainerDefinition): Plain =>
  Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== false));

const defined = (value: object): Plain =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));

/** Sorts items by name, if they have one. */
function sorted<T>(list: readonly T[] | undefined): T[] | undefined {
  return list?.filter((item) => item !== undefined).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(item: unknown): string {
  const text = JSON.stringify(withoutEmpty(item), (_, value: unknown) =>
    isPlain(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  return isPlain(item) && typeof item.name === "string" ? `${item.name}\n${text}` : text;
}

/** Without undefined values, empty lists and empty objects. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, withoutEmpty(member)] as const)
      .filter(([, member]) => !isEmpty(member)),
  );
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isPlain(value) && Object.keys(value).length === 0);

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `"0.5 vCPU"` is returned as `"512"`. */
function vcpus(cpu: string | undefined): string | undefined {
  const match = /^([\d.]+)\s*vcpu$/i.exec(cpu ?? "");
  return match === null ? cpu : String(Number(match[1]) * 1024);
}

/** `"1GB"` is returned as `"1024"`. */
function mebibytes(memory: string | undefined): string | undefined {
  const match = /^([\d.]+)\s*gb$/i.exec(memory ?? "");
  return match === null ? memory : String(Number(match[1]) * 1024);
}
