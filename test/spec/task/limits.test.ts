import { expect, test } from "vitest";
import { Cluster, Deployment, Job } from "../../../src/index.js";
import { issuesOf as issuesOfUntyped, untyped } from "../issues-of.js";

const issuesOf = (chain: object) => issuesOfUntyped(untyped(chain));
const fargate = new Cluster("c").fargate();
const ec2 = new Cluster("c").ec2();
const talk = (cluster: Cluster) => new Deployment("talk").image("talk:1").cluster(cluster);

test("what Fargate lacks is refused with the reason, for every container", () => {
  const lacking = {
    privileged: true,
    disableNetworking: true,
    sharedMemory: 64,
    maxSwap: 0,
    gpus: 1,
    devices: [{ hostPath: "/dev/fuse" }],
    dockerSecurityOptions: ["no-new-privileges"],
    capabilities: { add: ["SYS_PTRACE", "NET_ADMIN"] },
    logs: { driver: "json-file" },
  } as const;
  expect(
    issuesOf(
      talk(fargate)
        .container({ ...lacking, ports: [{ port: 80, hostPort: 8080 }] })
        .sidecar("proxy", { image: "proxy:1", privileged: true })
        .task({ ipcMode: "host", pidMode: "host", networkMode: "bridge", placementConstraints: ["a == b"] })
        .volume("host", { host: "/srv" })
        .volume("docker", { docker: { driver: "local" } })
        .volume("magnetic", { ebs: { size: 1, type: "standard" } }),
    ),
  ).toMatchInlineSnapshot(`
    [
      "task.networkMode: must be awsvpc on Fargate, which has no other; got "bridge"",
      "task.ipcMode: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "task.pidMode: must be "task" on Fargate; got "host"",
      "task.placementConstraints: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "volume.host.host: is not supported on Fargate, which has no instances: an empty volume is { }",
      "volume.docker.docker: is not supported on Fargate, which has no instances: use efs for files that stay",
      "volume.magnetic.ebs.type: must not be standard on Fargate, which does not support it",
      "container.ports.0.hostPort: must be the container's port, 80, in the network mode awsvpc: remove it; got 8080",
      "container.privileged: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "container.disableNetworking: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "container.sharedMemory: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "container.maxSwap: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "container.gpus: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "container.devices: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "container.dockerSecurityOptions: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
      "container.capabilities: must add no other capability than SYS_PTRACE on Fargate; got "NET_ADMIN"",
      "container.logs: must have one of Fargate's drivers, awslogs, awsfirelens or splunk; got "json-file"",
      "sidecar.proxy.privileged: is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()",
    ]
  `);
});

test("what a network mode does not allow is refused with the reason", () => {
  const hosts = { hostname: "talk", extraHosts: { db: "10.0.0.7" }, dnsServers: ["10.0.0.2"] };
  const inMode = (networkMode: "awsvpc" | "bridge" | "host" | "none") =>
    issuesOf(
      talk(ec2)
        .container({
          ...hosts,
          port: 80,
          ports: [{ port: 80, hostPort: 8080 }, { port: "90-95" }],
          links: ["proxy"],
        })
        .sidecar("proxy", { image: "proxy:1", port: 80, ports: [{ port: 81, hostPort: 8080 }] })
        .task({ networkMode }),
    );
  expect({
    awsvpc: inMode("awsvpc"),
    bridge: inMode("bridge"),
    host: inMode("host"),
    none: inMode("none"),
  }).toMatchInlineSnapshot(`
    {
      "awsvpc": [
        "container.ports.0.hostPort: must be the container's port, 80, in the network mode awsvpc: remove it; got 8080",
        "sidecar.proxy.ports.0.hostPort: must be the container's port, 81, in the network mode awsvpc: remove it; got 8080",
        "sidecar.proxy.port: 80 is already used by talk: in the network mode awsvpc, the containers of a task share its ports",
        "container.links: need the network mode bridge; in the mode awsvpc, containers reach each other at localhost",
        "container.hostname: is not supported in the network mode awsvpc: remove it, or use the mode bridge",
        "container.extraHosts: is not supported in the network mode awsvpc: remove it, or use the mode bridge",
        "container.dnsServers: is not supported in the network mode awsvpc: remove it, or use the mode bridge",
      ],
      "bridge": [
        "sidecar.proxy.ports: must not have the host port 8080/tcp, which talk has already",
      ],
      "host": [
        "container.ports.0.hostPort: must be the container's port, 80, in the network mode host: remove it; got 8080",
        "container.ports.1.port: must not be a range in the network mode host: list the ports",
        "sidecar.proxy.ports.0.hostPort: must be the container's port, 81, in the network mode host: remove it; got 8080",
        "sidecar.proxy.port: 80 is already used by talk: in the network mode host, the containers of a task share its ports",
        "container.links: need the network mode bridge; in the mode host, containers reach each other at localhost",
      ],
      "none": [
        "container.ports.0.hostPort: must be the container's port, 80, in the network mode none: remove it; got 8080",
        "container.ports: are not supported with the network mode none, in which a container has no network: remove the ports, or use another mode",
        "sidecar.proxy.ports.0.hostPort: must be the container's port, 81, in the network mode none: remove it; got 8080",
        "sidecar.proxy.ports: are not supported with the network mode none, in which a container has no network: remove the ports, or use another mode",
        "container.links: need the network mode bridge; in the mode none, containers have no network",
      ],
    }
  `);
});

test("options of a task, its volumes and its logs are validated together", () => {
  const bad = untyped(talk(ec2));
  expect(
    issuesOf(
      untyped(
        untyped(
          untyped(
            bad["container"]!({
              mounts: { cache: "cache", "/a": "unknown", "/b": {} },
              volumesFrom: ["nobody"],
              ulimits: { nofiles: 1, nofile: { soft: 2, hard: 1 } },
              tmpfs: { tmp: 0 },
              restart: { attemptPeriod: "10s" },
              environmentFiles: ["s3://config/talk.txt"],
              capabilities: { add: ["CAP_NET_ADMIN"] },
              credentialSpecs: ["a", "b"],
              gpus: { computePercent: 0 },
              logs: { driver: "awslogs" },
              ports: ["1-0", { port: 1, appProtocol: "http" }],
            }),
          )["task"]!({
            cpu: 1,
            memory: 1,
            architecture: "arm",
            ephemeralStorage: 30,
            executionRole: "role",
            compatibilities: ["K8S"],
          }),
        )["volume"]!("efs", {
          efs: "fs",
          accessPoint: "fsap-0123456789abcdef0",
          rootDirectory: "/a",
          transitEncryption: false,
        }),
      )["volume"]!("both", { efs: "fs-0123456789abcdef0", host: "/srv" }),
    ),
  ).toMatchInlineSnapshot(`
    [
      "task.cpu: must be a whole number from 128 to 196608 (1024 = 1 vCPU); got 1",
      "task.memory: must be a whole number of 6 or more (MiB); got 1",
      "task.architecture: must be "x86_64" or "arm64"; got "arm"",
      "task.executionRole: must be the ARN of an IAM role, arn:aws:iam::{account}:role/role: permissions() needs its account and path, which a name does not have; got "role"",
      "task.compatibilities: must be some of EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES; got "K8S"",
      "task.ephemeralStorage: is only supported on Fargate: on EC2, a task uses the instance's volume, or .volume(name, { ebs: { size } })",
      "volume.efs.efs: must be the id of a file system, such as "fs-0123456789abcdef0"; got "fs"",
      "volume.efs.rootDirectory: must be "/" or left out with an access point, which has a root directory of its own",
      "volume.efs.transitEncryption: must not be false with an access point, for which EFS requires it",
      "volume.both: must be one kind of volume; got efs and host",
      "container.ports.0.port: must be a port from 1 to 65535, or a range such as "8000-8010"; got "1-0"",
      "container.ports.1.appProtocol: needs a name, by which Service Connect refers to the port",
      "container.ulimits.nofiles: is not a resource limit: use one of core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending, stack",
      "container.ulimits.nofile.soft: must be at most the hard limit, 1; got 2",
      "container.capabilities.add: must be capabilities without CAP_, such as "SYS_PTRACE"; got "CAP_NET_ADMIN"",
      "container.tmpfs.tmp: must be an absolute path in the container, such as /tmp",
      "container.tmpfs.tmp.size: must be a whole number of 1 or more (MiB); got 0",
      "container.gpus.memory: is required, in MiB",
      "container.gpus.computePercent: must be a whole number from 1 to 100; got 0",
      "container.mounts.cache: must be an absolute path in the container, such as /uploads",
      "container.mounts./b.volume: is required: the name of a volume",
      "container.environmentFiles: must be ARNs of files in S3 whose names end with .env, such as "arn:aws:s3:::config/talk.env"; got "s3://config/talk.txt"",
      "container.credentialSpecs: must be at most one, which is ECS's limit; got 2",
      "container.credentialSpecs: must begin with "credentialspec:" or "credentialspecdomainless:", and the ARN of the file",
      "container.restart.attemptPeriod: must be a duration from 1m to 30m, such as "60s", "5m", "1h" or "3d"; got "10s"",
      "container.logs.options: must have awslogs-group and awslogs-region, which the driver awslogs requires",
      "container.mounts.cache: refers to the volume cache; the task has efs",
      "container.mounts./a: refers to the volume unknown; the task has efs",
      "container.volumesFrom: refers to the container nobody, which is not another one of the task's",
    ]
  `);
});

test("log drivers and routers need each other", () => {
  const routed = { driver: "awsfirelens", options: { Name: "datadog" } } as const;
  expect(issuesOf(talk(fargate).logs(routed))).toMatchInlineSnapshot(`
    [
      "logs.router: needs a log router, to which the driver awsfirelens writes: set router: { type: "fluentbit" }, or firelens in one of the containers",
    ]
  `);
  expect(issuesOf(talk(fargate).sidecar("router", { image: "fluent-bit:1", firelens: {} })))
    .toMatchInlineSnapshot(`
    [
      "sidecar.router.firelens: needs a container that logs to it: call .logs({ driver: "awsfirelens", options: { … } })",
    ]
  `);
  expect(
    issuesOf(
      talk(fargate).logs({ ...routed, router: { type: "fluentd", configFile: "arn:aws:s3:::b/c.conf" } }),
    ),
  ).toMatchInlineSnapshot(`
    [
      "logs.router.image: is required for fluentd, of which AWS has no image",
      "sidecar.log_router.firelens.configFile: must be a path in the image, or the ARN of an object in S3; got "arn:aws:s3:::b/c.conf"",
      "sidecar.log_router.firelens.configFile: must be a path in the router's image on Fargate, which reads none from S3: add the file to the image, or set the variable aws_fluent_bit_init_s3_1 of an init image of AWS for Fluent Bit",
    ]
  `);
  expect(
    issuesOf(
      talk(fargate).logs("g", {
        mode: "blocking",
        bufferSize: "1x",
        multiline: "^a",
        datetimeFormat: "%Y",
        options: { "awslogs-group": "g", "max-size": "1" },
      }),
    ),
  ).toMatchInlineSnapshot(`
    [
      "logs.datetimeFormat: must not be set with multiline, which the driver prefers: remove one",
      "logs.bufferSize: must be a size, such as "25m"; got "1x"",
      "logs.bufferSize: needs the mode "non-blocking"",
      "logs.options: must not have awslogs-group, which is the first argument of .logs",
      "logs.options: must be options of the driver awslogs; got "max-size"",
    ]
  `);
});

test("an EBS volume of a scheduled job, and ECS Exec with a read-only root, are refused", () => {
  const job = new Job("load")
    .image("load:1")
    .cluster(fargate)
    .volume("data", { ebs: { size: 20 } });
  expect(issuesOf(job.schedule("rate(1 day)"))).toHaveLength(1);
  expect(issuesOf(job)).toEqual([]);
  const exec = talk(fargate).container({ readonlyRootFilesystem: true });
  expect(issuesOf(exec.service({ exec: true }))).toHaveLength(1);
  expect(issuesOf(exec)).toEqual([]);
});

test("with a size of the task, those of containers are their own, and must fit", () => {
  const spec = (chain: Pick<Deployment<{ image: true; cluster: true }>, "toJSON">) =>
    (chain as unknown as { toJSON(): { task: object; container: object } }).toJSON();
  const sized = talk(fargate).container({ cpu: 128, memory: 256 }).task({ cpu: 512 });
  expect(spec(sized)).toMatchObject({
    task: { cpu: 512, memory: 1024 },
    container: { cpu: 128, memory: 256 },
  });
  expect(spec(talk(fargate).container({ cpu: 512 }))).toMatchObject({ task: { cpu: 512, memory: 1024 } });
  expect(issuesOf(talk(fargate).container({ memory: 2048 }).task({ cpu: 256 }))).toMatchInlineSnapshot(`
    [
      "task.memory: is 512 MiB, but the task's containers need 2048 MiB: increase .task({ memory }), or decrease the containers'",
    ]
  `);
});
