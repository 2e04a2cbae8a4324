import fc from "fast-check";
import { REGION, type Registration } from "./round-trip.js";

/*
 * Task definitions of every shape that ECS takes, with each field at random. A few combinations of random fields ECS
 * refuses.
 */

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const record = <T extends object>(
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
  ...requiredKeys: (keyof T)[]
) => fc.record<T, keyof T>(fields, { requiredKeys });
const distinct = <T>(value: fc.Arbitrary<T>, key: (item: T) => unknown) =>
  fc.uniqueArray(value, { selector: key, maxLength: 3 });
const whole = (min: number, max: number) => fc.integer({ min, max });
const oneOf = fc.constantFrom;
const path = (root: string) => word.map((each) => `${root}${each}`);
const FILE_SYSTEM = "fs-0123456789abcdef0";
const S3_FILES = `arn:aws:s3files:${REGION}:123456789012:file-system/${FILE_SYSTEM}`;
const secretArn = path(`arn:aws:secretsmanager:${REGION}:123456789012:secret:`).map((arn) => `${arn}-AbCdEf`);
const secret = fc.oneof(path("/"), path(`arn:aws:ssm:${REGION}:123456789012:parameter/`), secretArn);
const secrets = distinct(
  record({ name: word.map((each) => each.toUpperCase()), valueFrom: secret }, "name", "valueFrom"),
  ({ name }) => name,
);

const NAMES = ["web", "db", "agent"] as const;

/** Where a container stands in its task. */
interface Place {
  readonly index: number;
  readonly isFargate: boolean;
  readonly networkMode: string;
  readonly isRouted: boolean;
}

const kernel = (isFargate: boolean) =>
  record<object>({
    capabilities: record<object>({
      add: isFargate ? fc.constant(["SYS_PTRACE"]) : fc.constant(["IPC_LOCK", "SYS_ADMIN"]),
      drop: fc.constant(["NET_RAW"]),
    }),
    initProcessEnabled: fc.boolean(),
    ...(!isFargate && {
      devices: distinct(
        record(
          {
            hostPath: path("/dev/"),
            containerPath: path("/dev/"),
            permissions: fc.subarray(["read", "write", "mknod"], { minLength: 1 }),
          },
          "hostPath",
        ),
        ({ hostPath }) => hostPath,
      ),
      sharedMemorySize: whole(1, 512),
      tmpfs: distinct(
        record(
          {
            containerPath: path("/"),
            size: whole(1, 512),
            mountOptions: fc.subarray(["noexec", "nosuid", "ro"]),
          },
          "containerPath",
          "size",
        ),
        ({ containerPath }) => containerPath,
      ),
      maxSwap: whole(0, 512),
      swappiness: whole(0, 100),
    }),
    // Without maxSwap, ECS ignores it.
  }).map((each) => ("maxSwap" in each ? each : { ...each, swappiness: undefined }));

const awslogs = (isFargate: boolean) =>
  fc.tuple(oneOf("/ecs/one", "/ecs/two"), oneOf(undefined, "ecs")).map(([group, prefix]) => ({
    logDriver: "awslogs",
    options: {
      "awslogs-group": group,
      "awslogs-region": REGION,
      // Fargate requires one.
      ...((prefix ?? isFargate) && { "awslogs-stream-prefix": prefix ?? "app" }),
    },
  }));

const logs = ({ isFargate, isRouted, index }: Place): fc.Arbitrary<unknown> => {
  const others = [
    awslogs(isFargate),
    record(
      {
        logDriver: fc.constant("splunk"),
        options: fc.constant({ "splunk-url": "https://splunk.example.com:8088" }),
        secretOptions: secret.map((valueFrom) => [{ name: "splunk-token", valueFrom }]),
      },
      "logDriver",
      "options",
      "secretOptions",
    ),
    ...(isFargate ? [] : [fc.constant({ logDriver: "json-file", options: { "max-size": "10m" } })]),
  ];
  const routed = record(
    {
      logDriver: fc.constant("awsfirelens"),
      options: fc.constant({ Name: "datadog", TLS: "on" }),
      secretOptions: secrets,
    },
    "logDriver",
    "options",
  );
  // A router routes the logs of one container at least.
  return isRouted && index === 0 ? routed : fc.oneof(...others);
};

const ports = ({ index, networkMode }: Place) =>
  distinct(
    fc.record({
      containerPort: whole(1, 65_000),
      protocol: oneOf("tcp", "udp"),
      hostPort: optional(whole(1, 65_000)),
      name: optional(word),
      appProtocol: optional(oneOf("http", "http2", "grpc")),
      isRange: networkMode === "bridge" || networkMode === "awsvpc" ? fc.boolean() : fc.constant(false),
    }),
    ({ containerPort }) => containerPort,
  ).map((list) => {
    if (networkMode === "none") return [];
    // Each container has ports of its own.
    const own = (port: number) => port - (port % 4) + index + 1;
    const mappings = list.map(({ containerPort, hostPort, isRange, name, appProtocol, protocol }) => {
      const port = own(containerPort);
      const isFixed = networkMode === "bridge" && hostPort !== undefined && !isRange;
      return {
        at: isFixed ? own(hostPort) : port,
        name,
        mapping: {
          protocol,
          ...(isRange ? { containerPortRange: `${port}-${port}` } : { containerPort: port }),
          ...(name !== undefined && !isRange && { name: `${NAMES[index]}-${name}` }),
          ...(name !== undefined && !isRange && protocol === "tcp" && appProtocol && { appProtocol }),
          ...(isFixed && { hostPort: own(hostPort) }),
        },
      };
    });
    const byPort = [...new Map(mappings.map((each) => [each.at, each])).values()];
    const byName = new Map(byPort.map((each) => [each.name ?? each.at, each]));
    return [...byName.values()].map(({ mapping }) => mapping);
  });

/** The fields that a container has on instances only, or in one network mode only. */
const onInstances = ({ networkMode, index }: Place): Record<string, fc.Arbitrary<unknown>> => ({
  privileged: fc.boolean(),
  dockerSecurityOptions: fc.array(word, { maxLength: 2 }),
  resourceRequirements: oneOf(
    [{ type: "GPU", value: "1" }],
    [{ type: "GPU", sharingStrategy: { nvidiaMps: { memory: 4096, maxComputePercent: 50 } } }],
  ),
  credentialSpecs: path("credentialspec:arn:aws:s3:::config/").map((each) => [each]),
  ...(networkMode === "host"
    ? {}
    : {
        systemControls: distinct(
          record({ namespace: path("net."), value: word }, "namespace", "value"),
          ({ namespace }) => namespace,
        ),
        dnsServers: fc.array(fc.ipV4(), { maxLength: 2 }),
        dnsSearchDomains: fc.array(word, { maxLength: 2 }),
      }),
  ...(networkMode === "bridge" && {
    hostname: word,
    extraHosts: fc.array(record({ hostname: word, ipAddress: fc.ipV4() }, "hostname", "ipAddress"), {
      maxLength: 3,
    }),
    disableNetworking: fc.boolean(),
    links: fc.subarray(NAMES.slice(0, index).map((name) => `${name}:${name}alias`)),
  }),
});

/** What a container says of those before it. */
const others = ({ index }: Place): Record<string, fc.Arbitrary<unknown>> =>
  index === 0
    ? {}
    : {
        volumesFrom: distinct(
          record(
            { sourceContainer: oneOf(...NAMES.slice(0, index)), readOnly: fc.boolean() },
            "sourceContainer",
          ),
          ({ sourceContainer }) => sourceContainer,
        ),
        dependsOn: distinct(
          record(
            { containerName: oneOf(...NAMES.slice(0, index)), condition: fc.constant("START") },
            "containerName",
            "condition",
          ),
          ({ containerName }) => containerName,
        ),
      };

const container = (place: Place) => {
  const { index, isFargate } = place;
  const router = index === 1 && place.isRouted;
  const fields: Record<string, fc.Arbitrary<unknown>> = {
    name: fc.constant(NAMES[index]),
    image: word.map((each) => `registry.example.com/${each}:1`),
    repositoryCredentials: secretArn.map((credentialsParameter) => ({ credentialsParameter })),
    memoryReservation: fc.constant(64),
    memory: whole(65, 128),
    cpu: whole(0, 64),
    essential: index === 0 ? fc.constant(true) : fc.boolean(),
    environment: distinct(record({ name: word, value: fc.string() }, "name", "value"), ({ name }) => name),
    environmentFiles: fc.array(
      path("arn:aws:s3:::config/").map((value) => ({ type: "s3", value: `${value}.env` })),
      { maxLength: 2 },
    ),
    secrets: secrets,
    command: fc.array(word, { maxLength: 3 }),
    entryPoint: fc.array(word, { maxLength: 2 }),
    workingDirectory: path("/"),
    user: router ? fc.constant("0") : word,
    readonlyRootFilesystem: fc.boolean(),
    interactive: fc.boolean(),
    pseudoTerminal: fc.boolean(),
    dockerLabels: fc.dictionary(word, fc.string(), { maxKeys: 2 }),
    stopTimeout: whole(1, 120),
    startTimeout: whole(2, 120),
    versionConsistency: oneOf("enabled", "disabled"),
    restartPolicy: record(
      {
        enabled: fc.boolean(),
        restartAttemptPeriod: whole(60, 1800),
        ignoredExitCodes: fc.array(whole(0, 255), { maxLength: 3 }),
      },
      "enabled",
    ),
    ulimits: distinct(
      record(
        { name: oneOf("nofile", "nproc", "core"), softLimit: whole(0, 10), hardLimit: whole(10, 20) },
        "name",
        "softLimit",
        "hardLimit",
      ),
      ({ name }) => name,
    ),
    linuxParameters: kernel(isFargate),
    healthCheck: record(
      {
        command: fc.constant(["CMD-SHELL", "test -f /ready"]),
        interval: whole(5, 300),
        timeout: whole(2, 60),
        retries: whole(1, 10),
        startPeriod: whole(0, 300),
      },
      "command",
    ),
    logConfiguration: logs(place),
    portMappings: ports(place),
    mountPoints: distinct(
      record(
        {
          sourceVolume: oneOf("scratch", "efs", "given"),
          containerPath: path("/mnt/"),
          readOnly: fc.boolean(),
        },
        "sourceVolume",
        "containerPath",
      ),
      ({ containerPath }) => containerPath,
    ),
    ...others(place),
    ...(!isFargate && onInstances(place)),
    ...(router && {
      firelensConfiguration: record(
        {
          type: oneOf("fluentbit", "fluentd"),
          options: record<object>({ "enable-ecs-log-metadata": oneOf("true", "false") }),
        },
        "type",
      ),
    }),
  };
  const required = ["name", "image", "memoryReservation", ...(router ? ["firelensConfiguration"] : [])];
  const isRouted = place.isRouted && index === 0;
  return fc.record(fields, { requiredKeys: [...required, ...(isRouted ? ["logConfiguration"] : [])] });
};

const efs = record(
  {
    fileSystemId: fc.constant(FILE_SYSTEM),
    rootDirectory: fc.constant("/"),
    transitEncryption: fc.constant("ENABLED"),
    transitEncryptionPort: whole(1, 65_535),
    authorizationConfig: record<object>({
      accessPointId: fc.constant("fsap-0123456789abcdef0"),
      iam: oneOf("ENABLED", "DISABLED"),
    }),
  },
  "fileSystemId",
  "transitEncryption",
);

/** A volume of each kind; those of the host and of Docker are for instances. */
const volume = (isFargate: boolean): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constant({ configuredAtLaunch: true }),
    record<object>(
      {
        s3filesVolumeConfiguration: record(
          {
            fileSystemArn: fc.constant(S3_FILES),
            rootDirectory: fc.constant("/"),
            transitEncryptionPort: whole(1, 65_535),
            accessPointArn: fc.constant(`${S3_FILES}/access-point/fsap-0123456789abcdef0`),
          },
          "fileSystemArn",
        ),
      },
      "s3filesVolumeConfiguration" as never,
    ),
    ...(isFargate
      ? []
      : [
          path("/srv/").map((sourcePath) => ({ host: { sourcePath } })),
          record<object>({
            autoprovision: fc.boolean(),
            driver: fc.constant("local"),
            driverOpts: fc.dictionary(word, word, { minKeys: 1, maxKeys: 2 }),
            labels: fc.dictionary(word, word, { minKeys: 1, maxKeys: 2 }),
          }).map((each) => ({
            dockerVolumeConfiguration: { scope: "autoprovision" in each ? "shared" : "task", ...each },
          })),
        ]),
  );

export const definitions: fc.Arbitrary<Registration> = fc
  .record({
    isFargate: fc.boolean(),
    mode: oneOf("bridge", "host", "awsvpc", "none"),
    count: whole(1, 3),
    hasRouter: fc.boolean(),
  })
  .chain(({ isFargate, mode, count, hasRouter }) => {
    const networkMode = isFargate ? "awsvpc" : mode;
    const isRouted = hasRouter && count > 1;
    const fields: Record<string, fc.Arbitrary<unknown>> = {
      family: word,
      networkMode: fc.constant(networkMode),
      executionRoleArn: fc.constant("arn:aws:iam::123456789012:role/ecsTaskExecutionRole"),
      taskRoleArn: path("arn:aws:iam::123456789012:role/"),
      cpu: isFargate ? fc.constant("1 vCPU") : oneOf("256", "0.5 vCPU"),
      memory: isFargate ? fc.constant("2GB") : oneOf("1024", "0.5 GB"),
      pidMode: isFargate ? fc.constant("task") : oneOf("task", "host"),
      // Its endpoints answer tasks of these network modes.
      ...((networkMode === "awsvpc" || networkMode === "host") && { enableFaultInjection: fc.boolean() }),
      tags: distinct(record({ key: word, value: word }, "key", "value"), ({ key }) => key),
      runtimePlatform: record(
        { cpuArchitecture: oneOf("ARM64", "X86_64"), operatingSystemFamily: fc.constant("LINUX") },
        "cpuArchitecture",
      ),
      volumes: fc
        .tuple(efs, volume(isFargate))
        .map(([efsVolumeConfiguration, given]) => [
          { name: "scratch" },
          { name: "efs", efsVolumeConfiguration },
          { name: "given", ...given },
        ]),
      containerDefinitions: fc.tuple(
        ...NAMES.slice(0, count).map((_, index) => container({ index, isFargate, networkMode, isRouted })),
      ),
      ...(isFargate
        ? {
            requiresCompatibilities: oneOf(["FARGATE"], ["EC2", "FARGATE"]),
            ephemeralStorage: fc.record({ sizeInGiB: whole(21, 200) }),
          }
        : {
            ipcMode: oneOf("task", "none"),
            // Every host of the test meets them.
            placementConstraints: fc
              .subarray([
                "attribute:ecs.os-type == linux",
                "attribute:ecs.instance-type =~ (t3|t4g|g4dn|g5g).*",
                "attribute:ecs.availability-zone exists",
                "attribute:ecs.cpu-architecture in [x86_64, arm64] and attribute:retired !exists",
              ])
              .map((list) => list.map((expression) => ({ type: "memberOf", expression }))),
          }),
    };
    const always = ["family", "networkMode", "executionRoleArn", "volumes", "containerDefinitions"];
    const onFargate = isFargate ? ["cpu", "memory", "requiresCompatibilities"] : [];
    return fc.record(fields, { requiredKeys: [...always, ...onFargate] });
  }) as unknown as fc.Arbitrary<Registration>;
