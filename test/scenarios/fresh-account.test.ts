import { afterEach, describe, expect, test } from "vitest";
import { Deployment, Job, type QuaysideError, type QuaysideEvent } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount } from "./account.js";
import { comparable } from "./comparable.js";
import { conferenceCluster, talkOnFargate, talkService } from "./tutorial.js";

const MINUTE = 60_000;
let cloud: LocalCloud;
afterEach(() => cloud.close());

const fresh = () => localCloud({ clock: "virtual", seed: 1 });
const policies = [{ Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" } }] as const;

type Run = (options: { onEvent: (event: QuaysideEvent) => void }) => Promise<unknown>;

async function eventsOf(run: Run) {
  const events: QuaysideEvent[] = [];
  const began = cloud.clock.now();
  const error = await run({ onEvent: (event) => events.push(event) }).then(
    () => undefined,
    (thrown: unknown) => thrown as QuaysideError,
  );
  const retried = events.flatMap((event) =>
    event.type === "retrying" ? `${event.operation} ${event.code}` : [],
  );
  const waited = events.flatMap((event) => (event.type === "waiting" ? event.why : []));
  return { events, error, retried, waited, minutes: (cloud.clock.now() - began) / MINUTE };
}

describe("a role that was just created", () => {
  test("may not be passed to ECS for a moment: the first deploy waits, and succeeds", async () => {
    cloud = await sharedAccount();
    const { error, retried } = await eventsOf((options) => talkOnFargate(cloud).deploy(options));
    expect(error).toBeUndefined();
    expect(retried).toContain("RegisterTaskDefinition AccessDeniedException");
  });

  test("that an interrupted run of another process created is waited for, too", async () => {
    cloud = await sharedAccount();
    const controller = new AbortController();
    cloud.faults.inject({ operation: "registerTaskDefinition", kind: "abort", run: controller });
    await talkOnFargate(cloud)
      .deploy({ signal: controller.signal })
      .catch(() => {});
    const another = { ...cloud } as LocalCloud;
    const { error, retried } = await eventsOf((options) => talkOnFargate(another).deploy(options));
    expect(error).toBeUndefined();
    expect(retried).toContain("RegisterTaskDefinition AccessDeniedException");
  });

  test("may not be assumed for a moment: a migration with it is started once it can", async () => {
    cloud = await sharedAccount({
      images: { "talk-service:1": { byCommand: { migrate: { exits: 0, after: "5s" } } } },
    });
    const talk = talkService(cloud).taskRole({ policies });
    await talkService(cloud).deploy();
    const { error, retried } = await eventsOf((options) =>
      talk.beforeRelease({ command: ["migrate"] }).deploy(options),
    );
    expect(error).toBeUndefined();
    expect(retried).toContain("RunTask ClientException");
  });

  test("may not be assumed for a moment: a job runs all the same", async () => {
    cloud = await sharedAccount({ images: { report: { exits: 0, after: "5s" } } });
    await talkService(cloud).deploy();
    const report = new Job("report")
      .image("registry.example.com/report:1")
      .container({ cpu: 64, memory: 64 })
      .taskRole({ policies })
      .cluster(conferenceCluster)
      .on(cloud);
    const { error, retried } = await eventsOf((options) => report.run(options));
    expect(error).toBeUndefined();
    expect(retried).toEqual(["RegisterTaskDefinition AccessDeniedException", "RunTask ClientException"]);
  });

  test("makes ECS fail to launch a service's task, and launch it again: the deploy goes on", async () => {
    cloud = await sharedAccount();
    await talkService(cloud).deploy();
    const worker = new Deployment("worker")
      .image("registry.example.com/worker:1")
      .container({ cpu: 64, memory: 64 })
      .taskRole({ policies })
      .cluster(conferenceCluster)
      .on(cloud);
    const { error, events } = await eventsOf((options) => worker.deploy(options));
    expect(error).toBeUndefined();
    expect(events.flatMap((event) => (event.type === "service-event" ? event.message : []))[0]).toMatch(
      /^\(service worker\) failed to launch a task with \(error ECS was unable to assume the role/,
    );
  });

  test("does not have new permissions for a moment: tasks that fail for that do not end the rollout", async () => {
    cloud = await sharedAccount();
    const talk = (secrets: Record<string, string>) => talkService(cloud).secrets(secrets);
    await talk({ DATABASE_URL: "ssm:/talk/database-url" }).deploy();
    const { error, events } = await eventsOf((options) =>
      talk({ DATABASE_URL: "ssm:/talk/database-url", TOKEN: "ssm:/talk/token" }).deploy(options),
    );
    expect(error).toBeUndefined();
    expect(Math.max(...events.map((event) => (event.type === "rollout" ? event.failed : 0)))).toBeGreaterThan(
      1,
    );
  });

  test("may not be passed to EventBridge Scheduler for a moment: the schedule is created once it may", async () => {
    cloud = await sharedAccount();
    const report = new Job("report")
      .image("registry.example.com/report:1")
      .container({ cpu: 64, memory: 64 })
      .schedule("rate(1 day)")
      .cluster(conferenceCluster)
      .on(cloud);
    const calls = await callsOf(cloud, () => report.deploy());
    expect(calls.some(({ operation, error }) => operation === "createSchedule" && error === undefined)).toBe(
      true,
    );
  });
});

describe("a caller without iam:PassRole", () => {
  test("hears it at once, and of which role", async () => {
    cloud = await sharedAccount();
    const theirs = "arn:aws:iam::123456789012:role/theirRole";
    cloud.faults.inject({
      operation: "registerTaskDefinition",
      kind: "refuse",
      code: "AccessDeniedException",
      message: `User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:PassRole on resource: ${theirs} because no identity-based policy allows the iam:PassRole action`,
      times: 1000,
    });
    const { error, retried } = await eventsOf((options) =>
      talkService(cloud).taskRole(theirs).deploy(options),
    );
    expect(error).toMatchObject({
      code: "access-denied",
      fix: expect.stringContaining(`{"Effect":"Allow","Action":"iam:PassRole","Resource":"${theirs}"}`),
    });
    expect(retried.filter((each) => each.startsWith("RegisterTaskDefinition"))).toEqual([]);
  });
});

describe("the first deploy of an account", () => {
  test("creates the service-linked roles beforehand, and waits while Auto Scaling cannot use its own yet", async () => {
    cloud = fresh();
    const { error, waited } = await eventsOf((options) => talkService(cloud).deploy(options));
    expect(error).toBeUndefined();
    expect(waited).toContainEqual(
      expect.stringMatching(
        /the last launch failed: Access denied when attempting to assume role .*AutoScaling/,
      ),
    );
    const created = cloud.calls.filter(({ operation }) => operation === "createServiceLinkedRole");
    expect(created.map(({ input }) => (input as { AWSServiceName: string }).AWSServiceName).sort()).toEqual([
      "autoscaling.amazonaws.com",
      "ecs.amazonaws.com",
      "elasticloadbalancing.amazonaws.com",
    ]);
    // A second deploy creates nothing that needs them.
    const again = await callsOf(cloud, () => talkService(cloud).deploy());
    expect(again.filter(({ operation }) => operation === "createServiceLinkedRole")).toEqual([]);
  });

  test("needs no permission to create them: AWS does, at the first call that needs one", async () => {
    cloud = fresh();
    cloud.faults.inject({
      operation: "createServiceLinkedRole",
      kind: "refuse",
      code: "AccessDenied",
      times: 9,
    });
    const { error } = await eventsOf((options) => talkService(cloud).deploy(options));
    expect(error).toBeUndefined();
    expect([...cloud.state().serviceLinkedRoles].sort()).toEqual([
      "AWSServiceRoleForAutoScaling",
      "AWSServiceRoleForECS",
      "AWSServiceRoleForElasticLoadBalancing",
    ]);
  });

  test("is not what a plan does: it changes nothing", async () => {
    cloud = fresh();
    const calls = await callsOf(cloud, () => talkService(cloud).plan());
    expect(calls.filter(({ write }) => write)).toEqual([]);
  });
});

describe("EC2 without capacity", () => {
  test("in one zone: the instances start in the others", async () => {
    cloud = await sharedAccount();
    cloud.account.ec2.zonesWithoutCapacity.add("eu-west-1a");
    cloud.account.ec2.zonesWithoutCapacity.add("eu-west-1b");
    const { error } = await eventsOf((options) => talkService(cloud).deploy(options));
    expect(error).toBeUndefined();
  });

  test("in any zone: the deploy waits for ten minutes, with the reason", async () => {
    cloud = await sharedAccount();
    for (const zone of ["a", "b", "c"]) cloud.account.ec2.zonesWithoutCapacity.add(`eu-west-1${zone}`);
    const { error, waited, minutes } = await eventsOf((options) => talkService(cloud).deploy(options));
    expect(error?.code).toBe("timed-out");
    expect(error?.message).toMatch(
      /the last launch failed: We currently do not have sufficient t3.micro capacity/,
    );
    expect(waited).toContainEqual(expect.stringContaining("do not have sufficient t3.micro capacity"));
    expect(minutes).toBeGreaterThan(10);
  });
});

describe("a capacity provider", () => {
  const scaled = () => talkService(cloud).cluster(conferenceCluster.autoscale({ min: 2, max: 4 }));

  test("that AWS could not delete while it was associated is used on, and destroyed in the end", async () => {
    cloud = await sharedAccount();
    const pristine = comparable(cloud);
    await scaled().deploy();
    const { capacityProvider } = await cloud.ports.ecs.deleteCapacityProvider({
      capacityProvider: "conference-cluster-capacity",
    });
    expect(capacityProvider).toMatchObject({ status: "ACTIVE", updateStatus: "DELETE_FAILED" });
    await scaled().deploy();
    await scaled().destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });
});

describe.each([
  ["ahead of", 400],
  ["behind", -400],
])("a computer whose clock is %s AWS's", (_, clockSkew) => {
  test("shows the events of this rollout, and only these", async () => {
    const images = { "talk-service:2": { exits: 1, after: "3s" } } as const;
    cloud = await sharedAccount({ clockSkew, images });
    await talkService(cloud).deploy();
    const began = cloud.account.clock.now();
    const { error, events } = await eventsOf((options) =>
      talkService(cloud, "registry.example.com/talk-service:2").deploy(options),
    );
    expect(error?.code).toBe("rollout-failed");
    const shown = events.flatMap((event) => (event.type === "service-event" ? event.at : []));
    expect(shown.length).toBeGreaterThan(0);
    expect(Math.min(...shown)).toBeGreaterThanOrEqual(began);
  });

  test("hears of a launch that failed in this run, and forgets those before it", async () => {
    cloud = await sharedAccount({ clockSkew });
    const zones = cloud.account.ec2.zonesWithoutCapacity;
    for (const zone of ["a", "b", "c"]) zones.add(`eu-west-1${zone}`);
    const first = await eventsOf((options) => talkService(cloud).deploy(options));
    expect(first.error?.message).toContain("the last launch failed: We currently do not have sufficient");
    zones.clear();
    const second = await eventsOf((options) => talkService(cloud).deploy(options));
    expect(second.error).toBeUndefined();
    expect(second.waited.filter((why) => why.includes("the last launch failed"))).toEqual([]);
  });
});
