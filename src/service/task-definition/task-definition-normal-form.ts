import type {
  ContainerDefinition,
  PortMapping,
  RegisterTaskDefinitionCommandInput,
  TaskDefinition,
  Volume,
} from "@aws-sdk/client-ecs";

/** The names of all members of a type, at any depth; maps have none. */
type Members<T> = T extends readonly (infer Item)[]
  ? Members<Item>
  : T extends object
    ? string extends keyof T
      ? never
      : (keyof T & string) | { [K in keyof T]-?: Members<NonNullable<T[K]>> }[keyof T]
    : never;

/**
 * Every member of a registration. Other members of a described task definition are AWS's own, today's
 * (`registeredAt`) or those that it will add.
 */
// prettier-ignore
const MEMBERS: Readonly<Record<Exclude<Members<RegisterTaskDefinitionCommandInput>, "tags" | "$unknown">, true>> = {
  accessPointArn: true, accessPointId: true, add: true, appProtocol: true, authorizationConfig: true,
  autoprovision: true, capabilities: true, command: true, condition: true, configuredAtLaunch: true,
  containerDefinitions: true, containerName: true, containerPath: true, containerPort: true,
  containerPortRange: true, cpu: true, cpuArchitecture: true, credentialSpecs: true,
  credentialsParameter: true, dependsOn: true, deviceName: true, deviceType: true, devices: true,
  disableNetworking: true, dnsSearchDomains: true, dnsServers: true, dockerLabels: true,
  dockerSecurityOptions: true, dockerVolumeConfiguration: true, domain: true, driver: true,
  driverOpts: true, drop: true, efsVolumeConfiguration: true, enableFaultInjection: true, enabled: true,
  entryPoint: true, environment: true, environmentFiles: true, ephemeralStorage: true, essential: true,
  executionRoleArn: true, expression: true, extraHosts: true, family: true, fileSystemArn: true,
  fileSystemId: true, firelensConfiguration: true, fsxWindowsFileServerVolumeConfiguration: true,
  hardLimit: true, healthCheck: true, host: true, hostPath: true, hostPort: true, hostname: true,
  iam: true, ignoredExitCodes: true, image: true, inferenceAccelerators: true, initProcessEnabled: true,
  interactive: true, interval: true, ipAddress: true, ipcMode: true, key: true, labels: true, links: true,
  linuxParameters: true, logConfiguration: true, logDriver: true, maxComputePercent: true, maxSwap: true, memory: true,
  memoryReservation: true, mountOptions: true, mountPoints: true, name: true, namespace: true,
  networkMode: true, nvidiaMps: true, operatingSystemFamily: true, options: true, permissions: true, pidMode: true,
  placementConstraints: true, portMappings: true, privileged: true, properties: true, protocol: true,
  proxyConfiguration: true, pseudoTerminal: true, readOnly: true, readonlyRootFilesystem: true,
  repositoryCredentials: true, requiresCompatibilities: true, resourceRequirements: true,
  restartAttemptPeriod: true, restartPolicy: true, retries: true, rootDirectory: true,
  runtimePlatform: true, s3filesVolumeConfiguration: true, scope: true, secretOptions: true, secrets: true,
  sharedMemorySize: true, sharingStrategy: true, size: true, sizeInGiB: true, softLimit: true, sourceContainer: true,
  sourcePath: true, sourceVolume: true, startPeriod: true, startTimeout: true, stopTimeout: true,
  swappiness: true, systemControls: true, taskRoleArn: true, timeout: true, tmpfs: true,
  transitEncryption: true, transitEncryptionPort: true, type: true, ulimits: true, user: true, value: true,
  valueFrom: true, versionConsistency: true, volumes: true, volumesFrom: true, workingDirectory: true,
};

/** The members that are maps with keys of the user's. */
const MAPS: ReadonlySet<string> = new Set(["options", "dockerLabels", "driverOpts", "labels"]);

type Plain = { readonly [key: string]: unknown };

/**
 * A task definition with AWS's defaults filled in, sets in one order, and nothing empty: two definitions that
 * mean the same have the same normal form, whether sent or described.
 */
export function taskDefinitionNormalForm(
  definition: RegisterTaskDefinitionCommandInput | TaskDefinition,
): Plain {
  const fargate = definition.requiresCompatibilities?.includes("FARGATE") === true;
  const networkMode = definition.networkMode ?? (fargate ? "awsvpc" : "bridge");
  return withoutEmpty({
    ...definition,
    networkMode,
    cpu: vcpus(definition.cpu),
    memory: mebibytes(definition.memory),
    requiresCompatibilities: sorted(definition.requiresCompatibilities),
    placementConstraints: sorted(definition.placementConstraints),
    volumes: sorted(definition.volumes?.map((each) => each && volume(each))),
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

/** EFS's defaults, which AWS fills in or not. */
function volume(definition: Volume): Volume {
  const { efsVolumeConfiguration: efs } = definition;
  if (efs === undefined) return definition;
  const { authorizationConfig } = efs;
  return {
    ...definition,
    efsVolumeConfiguration: {
      ...efs,
      rootDirectory: efs.rootDirectory ?? "/",
      transitEncryption: efs.transitEncryption ?? "DISABLED",
      authorizationConfig: { ...authorizationConfig, iam: authorizationConfig?.iam ?? "DISABLED" },
    },
  };
}

function container(definition: ContainerDefinition, networkMode: string): Plain {
  const { healthCheck, logConfiguration } = definition;
  return {
    ...definition,
    cpu: definition.cpu ?? 0,
    essential: definition.essential ?? true,
    versionConsistency: definition.versionConsistency ?? "enabled",
    environment: sorted(definition.environment),
    environmentFiles: sorted(definition.environmentFiles),
    secrets: sorted(definition.secrets),
    mountPoints: sorted(definition.mountPoints),
    volumesFrom: sorted(definition.volumesFrom),
    dependsOn: sorted(definition.dependsOn),
    links: sorted(definition.links),
    ulimits: sorted(definition.ulimits),
    systemControls: sorted(definition.systemControls),
    resourceRequirements: sorted(definition.resourceRequirements),
    extraHosts: sorted(definition.extraHosts),
    portMappings: sorted(
      definition.portMappings?.map((mapping: PortMapping | undefined) => ({
        ...mapping,
        protocol: mapping?.protocol ?? "tcp",
        hostPort: mapping?.hostPort || (networkMode === "bridge" ? 0 : mapping?.containerPort),
      })),
    ),
    // AWS runs a log router as root.
    user: definition.user ?? (definition.firelensConfiguration === undefined ? undefined : "0"),
    healthCheck: healthCheck && { interval: 30, timeout: 5, retries: 3, ...defined(healthCheck) },
    logConfiguration: logConfiguration && {
      ...logConfiguration,
      secretOptions: sorted(logConfiguration.secretOptions),
    },
  };
}

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

/**
 * Without members that AWS adds, and without undefined values, flags that are false (the default of every flag
 * but `essential`, which is filled in), empty lists and empty objects.
 */
function withoutEmpty(value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutEmpty(item));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isMap || Object.hasOwn(MEMBERS, key))
      .map(([key, member]) => [key, withoutEmpty(member, MAPS.has(key))] as const)
      .filter(([, member]) => !isEmpty(member)),
  );
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
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
