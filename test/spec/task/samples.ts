import { REGION, type Registration } from "./round-trip.js";

const role = "arn:aws:iam::123456789012:role/task";
const awslogs = {
  logDriver: "awslogs" as const,
  options: {
    "awslogs-group": "/ecs/talk",
    "awslogs-region": REGION,
    "awslogs-stream-prefix": "ecs",
    mode: "blocking",
  },
};

/** A task on instances in the network mode `bridge`, with everything that only such a task can have. */
const bridge: Registration = {
  family: "talk",
  taskRoleArn: role,
  executionRoleArn: "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
  networkMode: "bridge",
  cpu: "1 vCPU",
  memory: "2GB",
  pidMode: "host",
  ipcMode: "task",
  placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ t3.*" }],
  runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
  tags: [{ key: "team", value: "talks" }],
  volumes: [
    { name: "empty" },
    { name: "host", host: { sourcePath: "/srv/cache" } },
    {
      name: "docker",
      dockerVolumeConfiguration: {
        scope: "shared",
        autoprovision: true,
        driver: "local",
        driverOpts: { type: "tmpfs" },
        labels: { team: "talks" },
      },
    },
    {
      name: "efs",
      efsVolumeConfiguration: {
        fileSystemId: "fs-0123456789abcdef0",
        rootDirectory: "/",
        transitEncryption: "ENABLED",
        transitEncryptionPort: 2999,
        authorizationConfig: { accessPointId: "fsap-0123456789abcdef0", iam: "ENABLED" },
      },
    },
    {
      name: "s3files",
      s3filesVolumeConfiguration: {
        fileSystemArn: `arn:aws:s3files:${REGION}:123456789012:file-system/fs-0123456789abcdef0`,
        rootDirectory: "/",
        transitEncryptionPort: 2998,
        accessPointArn: `arn:aws:s3files:${REGION}:123456789012:file-system/fs-0123456789abcdef0/access-point/fsap-1`,
      },
    },
    { name: "ebs", configuredAtLaunch: true },
  ],
  containerDefinitions: [
    {
      name: "web",
      image: "registry.example.com/talk:1",
      repositoryCredentials: {
        credentialsParameter: `arn:aws:secretsmanager:${REGION}:123456789012:secret:registry-AbCdEf`,
      },
      cpu: 128,
      memory: 512,
      memoryReservation: 256,
      links: ["db:database"],
      portMappings: [
        { containerPort: 8080, hostPort: 80, protocol: "tcp", name: "web", appProtocol: "http2" },
        { containerPort: 5353, hostPort: 53, protocol: "udp" },
        { containerPortRange: "9000-9010", protocol: "tcp" },
      ],
      essential: true,
      restartPolicy: { enabled: true, ignoredExitCodes: [0, 143], restartAttemptPeriod: 60 },
      entryPoint: ["node"],
      command: ["server.mjs"],
      environment: [{ name: "LEVEL", value: "debug" }],
      environmentFiles: [{ type: "s3", value: "arn:aws:s3:::config/talk.env" }],
      mountPoints: [
        { sourceVolume: "efs", containerPath: "/uploads", readOnly: false },
        { sourceVolume: "host", containerPath: "/cache", readOnly: true },
      ],
      volumesFrom: [{ sourceContainer: "db", readOnly: true }],
      linuxParameters: {
        capabilities: { add: ["SYS_PTRACE"], drop: ["NET_RAW"] },
        devices: [{ hostPath: "/dev/fuse", containerPath: "/dev/fuse", permissions: ["read", "write"] }],
        initProcessEnabled: true,
        sharedMemorySize: 256,
        tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["noexec"] }],
        maxSwap: 128,
        swappiness: 10,
      },
      secrets: [{ name: "PASSWORD", valueFrom: "/talk/password" }],
      dependsOn: [{ containerName: "db", condition: "HEALTHY" }],
      startTimeout: 60,
      stopTimeout: 45,
      versionConsistency: "disabled",
      hostname: "talk",
      user: "1000:1000",
      workingDirectory: "/app",
      disableNetworking: false,
      privileged: true,
      readonlyRootFilesystem: true,
      dnsServers: ["10.0.0.2"],
      dnsSearchDomains: ["example.com"],
      extraHosts: [
        { hostname: "db.internal", ipAddress: "10.0.0.7" },
        { hostname: "db.internal", ipAddress: "10.0.0.8" },
      ],
      dockerSecurityOptions: ["no-new-privileges"],
      interactive: true,
      pseudoTerminal: true,
      dockerLabels: { "com.example.team": "talks" },
      ulimits: [
        { name: "nofile", softLimit: 65_536, hardLimit: 65_536 },
        { name: "core", softLimit: 0, hardLimit: -1 },
      ],
      logConfiguration: awslogs,
      healthCheck: {
        command: ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"],
        interval: 10,
        timeout: 3,
        retries: 2,
        startPeriod: 20,
      },
      systemControls: [{ namespace: "net.core.somaxconn", value: "1024" }],
      resourceRequirements: [{ type: "GPU", value: "1" }],
      credentialSpecs: ["credentialspec:arn:aws:s3:::config/gmsa.json"],
    },
    {
      name: "db",
      image: "postgres:17",
      memoryReservation: 128,
      essential: false,
      healthCheck: { command: ["CMD", "pg_isready"] },
      mountPoints: [{ sourceVolume: "ebs", containerPath: "/var/lib/postgresql" }],
      resourceRequirements: [
        { type: "GPU", sharingStrategy: { nvidiaMps: { memory: 4096, maxComputePercent: 50 } } },
      ],
      logConfiguration: { logDriver: "json-file", options: { "max-size": "10m" } },
    },
  ],
};

/** A task on Fargate whose logs go through FireLens. */
const fargate: Registration = {
  family: "talk",
  executionRoleArn: "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
  networkMode: "awsvpc",
  requiresCompatibilities: ["EC2", "FARGATE"],
  cpu: "512",
  memory: "1024",
  pidMode: "task",
  ephemeralStorage: { sizeInGiB: 50 },
  runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
  enableFaultInjection: true,
  containerDefinitions: [
    {
      name: "app",
      image: "registry.example.com/talk:1",
      portMappings: [{ containerPort: 8080 }],
      logConfiguration: {
        logDriver: "awsfirelens",
        options: { Name: "datadog", TLS: "on" },
        secretOptions: [
          { name: "apikey", valueFrom: `arn:aws:ssm:${REGION}:123456789012:parameter/datadog/key` },
        ],
      },
    },
    {
      name: "log_router",
      image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable",
      essential: true,
      user: "0",
      firelensConfiguration: {
        type: "fluentbit",
        options: {
          "enable-ecs-log-metadata": "true",
          "config-file-type": "file",
          "config-file-value": "/fluent-bit/configs/parse-json.conf",
        },
      },
      logConfiguration: awslogs,
    },
  ],
};

/** As `aws ecs describe-task-definition` returns it, with AWS's defaults and its own members. */
const described = {
  taskDefinitionArn: `arn:aws:ecs:${REGION}:123456789012:task-definition/talk:7`,
  family: "talk",
  revision: 7,
  status: "ACTIVE",
  compatibilities: ["EC2"],
  requiresAttributes: [{ name: "ecs.capability.execution-role-awslogs" }],
  registeredAt: "2026-01-01T00:00:00.000Z",
  registeredBy: "arn:aws:iam::123456789012:user/x",
  volumes: [{ name: "scratch", host: {} }],
  placementConstraints: [],
  networkMode: "host",
  containerDefinitions: [
    {
      name: "web",
      image: "nginx:1.29",
      cpu: 0,
      memoryReservation: 128,
      portMappings: [{ containerPort: 80, hostPort: 80, protocol: "tcp" }],
      essential: true,
      environment: [],
      mountPoints: [{ sourceVolume: "scratch", containerPath: "/scratch" }],
      volumesFrom: [],
      systemControls: [],
      entryPoint: [],
      command: null,
    },
  ],
} as unknown as Registration;

export const SAMPLES: Readonly<Record<string, Registration>> = { bridge, fargate, described };
