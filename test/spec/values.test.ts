import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { aws, Cluster, Deployment, Fleet, Job, SpecError, timelineReporter } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { issuesOf, talk, untyped } from "./issues-of.js";

const onFargate = (image = "registry.example.com/talk:1") =>
  new Deployment("talk").image(image).cluster(new Cluster("talks").fargate());

let cloud: LocalCloud | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

describe("a value that is too large for ECS", () => {
  test("is said by its path: a variable of 1 MB", () => {
    expect(issuesOf(talk["env"]!({ A: "a", BIG: "b".repeat(1_000_000) }))).toEqual([
      "container.environment.BIG: has 1000026 bytes, and ECS allows 65536 for the whole task definition, which cannot be raised: keep large values in a file of the image, in S3 (environmentFiles) or in Secrets Manager (secrets)",
    ]);
  });

  test("is said by its group if many values are too large together", () => {
    const many = Object.fromEntries(
      Array.from({ length: 900 }, (_, at) => [`VARIABLE_${at}`, "é".repeat(40)]),
    );
    expect(issuesOf(talk["env"]!(many))[0]).toMatch(
      /^container\.environment: makes the task definition too large: it has \d+ bytes, and ECS allows 65536/,
    );
    expect(
      issuesOf(talk["sidecar"]!("proxy", { image: "proxy:1", command: ["a".repeat(70_000)] }))[0],
    ).toMatch(/^sidecar\.proxy\.command\.0: has 70003 bytes/);
  });

  test("is refused by the local cloud in ECS's words, too", async () => {
    cloud = localCloud();
    const environment = [{ name: "BIG", value: "b".repeat(66_000) }];
    const containerDefinitions = [{ name: "talk", image: "talk:1", memory: 64, environment }];
    await expect(
      cloud.ports.ecs.registerTaskDefinition({ family: "talk", containerDefinitions }),
    ).rejects.toThrow(/^Actual length: '\d+'\. Max allowed length is '65536' bytes\.$/);
  });

  test("is said before any call for the overrides of single tasks", async () => {
    cloud = localCloud();
    const environment = { INPUT: "a".repeat(8200) };
    await expect(onFargate().on(cloud).run({ environment })).rejects.toThrow(
      "options.environment: makes the task's overrides too large: ECS allows 8192 characters of JSON",
    );
    await expect(
      onFargate()
        .on(cloud)
        .beforeRelease({ command: ["x".repeat(8200)] })
        .deploy(),
    ).rejects.toThrow("beforeRelease.command: makes the task's overrides too large");
    expect(cloud.calls).toEqual([]);
  });
});

describe("a date", () => {
  test("that does not exist is refused", () => {
    const job = untyped(new Job("nightly").image("talk:1").cluster("talks"));
    const at = (expression: string) => issuesOf(job["schedule"]!(expression));
    expect(at("at(2031-02-30T00:00:00)")[0]).toMatch(/^schedule: must be a date and time such as/);
    expect(at("cron(0 0 30 2 ? *)")).toEqual([
      'schedule: must be a date that exists: the months of 2 have at most 29 days; got "cron(0 0 30 2 ? *)"',
    ]);
    expect(at("cron(0 0 31 APR,JUN ? *)")[0]).toMatch(/the months of APR,JUN have at most 30 days/);
    for (const real of [
      "cron(0 0 29 2 ? *)",
      "cron(0 0 31 */2 ? *)",
      "cron(0 0 15,31 2 ? *)",
      "cron(0 0 31 4/8 ? *)",
    ])
      expect(at(real)).toEqual([]);
    const schedule = [{ at: "cron(0 0 31 2 ? *)", min: 1 }];
    expect(issuesOf(talk["autoscale"]!({ min: 1, max: 2, schedule }))[0]).toMatch(
      /^autoscale\.schedule\.0\.at: must be a date that exists/,
    );
  });

  test("in the past schedules nothing, which a warning says", async () => {
    cloud = localCloud({ clock: "virtual", startsAt: new Date("2030-06-01T00:00:00Z") });
    const job = new Job("nightly")
      .image("registry.example.com/talk:1")
      .cluster(new Cluster("talks").fargate());
    const past = job.schedule("at(2030-05-31T23:00:00)").on(cloud);
    const { warnings, changes } = await past.plan();
    expect(warnings).toEqual([
      "job nightly is not scheduled: at(2030-05-31T23:00:00) in UTC has passed, and EventBridge Scheduler refuses times in the past",
    ]);
    expect(changes.map(({ resource }) => resource)).not.toContain("schedule");
    await past.deploy();
    expect((await past.status()).schedule).toBeUndefined();
    expect((await past.plan()).isEmpty).toBe(true);
  });

  test("in the past is refused by the local EventBridge Scheduler", async () => {
    cloud = localCloud({ clock: "virtual", startsAt: new Date("2030-06-01T00:00:00Z") });
    await expect(
      cloud.ports.scheduler.createSchedule({
        Name: "a",
        ScheduleExpression: "at(2030-05-31T23:00:00)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: "arn:aws:ecs:eu-west-1:123456789012:cluster/a",
          RoleArn: "arn:aws:iam::123456789012:role/a",
        },
      }),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("of scaling that has passed is a warning, in a fleet's run with the deployment's name", async () => {
    cloud = localCloud({ clock: "virtual", startsAt: new Date("2030-06-01T00:00:00Z") });
    const schedule = [{ at: "at(2030-05-01T00:00:00)", timezone: "Europe/Paris", min: 3 }];
    const talks = onFargate().autoscale({ min: 1, max: 4, cpu: 50, schedule });
    const speakers = new Deployment("speaker").image("registry.example.com/talk:1").cluster("talks");
    const events: unknown[] = [];
    await new Fleet(talks, speakers).on(cloud).deploy({ onEvent: (event) => void events.push(event) });
    const { deployments } = events.find((event) => (event as { type: string }).type === "planned") as never;
    expect(deployments).toEqual(["talk", "speaker"]);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "warning",
        deployment: "talk",
        message:
          "autoscale.schedule.0 of talk has no effect any more: at(2030-05-01T00:00:00) in Europe/Paris has passed",
      }),
    );
  });
});

test("a policy that contains itself is refused by its path, as is one of 20,000 levels", () => {
  const statement: Record<string, unknown> = { Effect: "Allow", Action: "*", Resource: "*" };
  const cyclic = { Version: "2012-10-17", Statement: statement };
  statement["Condition"] = cyclic;
  expect(issuesOf(talk["taskRole"]!({ policies: [cyclic] }))).toContain(
    "taskRole.policies.0.Statement.Condition: must be an object; got an object that contains itself",
  );
  let deep: unknown = "a";
  for (let depth = 0; depth < 20_000; depth++) deep = { Statement: deep };
  expect(issuesOf(talk["taskRole"]!({ policies: [deep] })).length).toBeGreaterThan(0);
});

test("the region of logs elsewhere is said by a warning", async () => {
  cloud = localCloud();
  const logging = (region: string) =>
    onFargate("talk-service:1")
      .container({
        logs: {
          driver: "awslogs",
          options: { "awslogs-group": "talks", "awslogs-region": region, "awslogs-stream-prefix": "web" },
        },
      })
      .on(cloud!)
      .plan();
  expect((await logging("us-east-1")).warnings).toEqual([
    expect.stringMatching(
      /^container .+ of .+ writes its logs to log group talks in us-east-1, although it runs in eu-west-1: /,
    ),
  ]);
  expect((await logging("eu-west-1")).warnings).toEqual([]);
});

describe("a directory", () => {
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), "quayside-values-"));
    writeFileSync(join(made, "Dockerfile"), "FROM scratch\nEXPOSE 8080\n");
    return made;
  };

  test("named like the image is said by a warning, and is not built", async () => {
    cloud = localCloud();
    const parent = folder();
    mkdirSync(join(parent, "talk-service"));
    writeFileSync(join(parent, "talk-service", "Dockerfile"), "FROM scratch\n");
    const before = process.cwd();
    process.chdir(parent);
    try {
      const { warnings } = await onFargate("talk-service").on(cloud).plan();
      expect(warnings).toEqual([
        'the image talk-service is pulled from a registry, although there is a directory of this name with a Dockerfile: to build it, write "./talk-service"; otherwise, a tag makes clear that an image is meant: "talk-service:latest"',
      ]);
      expect((await onFargate("talk-service:1").on(cloud).plan()).warnings).toEqual([]);
      expect((await onFargate("registry.example.com/talk-service").on(cloud).plan()).warnings).toEqual([]);
    } finally {
      process.chdir(before);
      rmSync(parent, { recursive: true });
    }
  });

  test("is a path, a file: URL, or its text, wherever a path is taken", () => {
    const made = folder();
    const url = pathToFileURL(made);
    try {
      for (const source of [made, url, url.href]) {
        const spec = untyped(new Deployment("talk"))["image"]!(source, {
          dockerfile: new URL("Dockerfile", `${url.href}/`),
          contexts: { shared: url, other: new URL("https://example.com/repository.git") },
          buildSecrets: { netrc: { file: url } },
        })["cluster"]!("talks")["sidecar"]!("proxy", { image: source })["toJSON"]!() as unknown as ReturnType<
          Deployment["toJSON"]
        >;
        expect(spec.image.build).toMatchObject({
          directory: made,
          dockerfile: join(made, "Dockerfile"),
          contexts: { shared: made, other: "https://example.com/repository.git" },
          secrets: { netrc: { file: made } },
        });
        expect(spec.sidecars[0]!.image.reference).toBe(made);
      }
      timelineReporter(new URL("deploy.html", `${url.href}/`));
      aws({ region: "eu-west-1", record: url });
      localCloud({ run: { talk: { command: ["node"], cwd: url } } });
      const cluster = new Cluster("talks").ec2({
        instanceType: "t3.small",
        keyPair: { name: "talks", createTo: new URL("key.pem", `${url.href}/`) },
      });
      const { capacity } = new Deployment("talk").image("talk:1").cluster(cluster).toJSON().cluster;
      expect(capacity).toMatchObject({ keyPair: { createTo: join(made, "key.pem") } });
    } finally {
      rmSync(made, { recursive: true });
    }
  });

  test.each([new URL("file://server/share"), new URL("file:///a%2Fb"), new URL("https://example.com/talk")])(
    "is not %s, which the message names",
    (url) => {
      expect(() => new Deployment("talk").image(url).cluster("talks").toJSON()).toThrow(SpecError);
      expect(() => new Deployment("talk").image(url).cluster("talks").toJSON()).toThrow(
        `got the URL "${url.href}"`,
      );
    },
  );

  test("on Windows is a path with a drive or a share", () => {
    for (const path of ["C:\\talks\\talk-service", "\\\\server\\talks", "C:/talks"])
      expect(issuesOf(untyped(new Deployment("talk"))["image"]!(path)["cluster"]!("talks"))[0]).toMatch(
        /^image: the file .*Dockerfile was not found/,
      );
    expect(fileURLToPath("file:///C:/talks", { windows: true } as never)).toBe("C:\\talks");
  });
});
