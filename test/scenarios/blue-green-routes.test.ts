import { afterEach, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  type BlueGreenOptions,
  type CompleteDeployment,
  type VerifyContext,
} from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const answers = (path: string, body: string) => ({ answers: { "/": 200, [path]: { status: 200, body } } });
const start = async (): Promise<LocalCloud> =>
  (cloud = await sharedAccount({
    images: {
      "registry.example.com/talk:1": {
        answers: {
          "/": 200,
          "/talk": { status: 200, body: "talk 1" },
          "/talk/admin": { status: 200, body: "talk 1" },
        },
      },
      "registry.example.com/talk:2": answers("/talk", "talk 2"),
      "registry.example.com/admin:1": answers("/talk/admin", "admin 1"),
      "registry.example.com/admin:3": { answers: { "/": 500 } },
      "registry.example.com/talk:3": answers("/talk", "talk 3"),
      "registry.example.com/admin:2": answers("/talk/admin", "admin 2"),
    },
  }));

const alb = new LoadBalancer("conferenceAlb").http(80).http(8080);
const inside = new LoadBalancer("insideAlb").internal();
const rolling = (version: number): CompleteDeployment =>
  new Deployment("talk-service")
    .image(`registry.example.com/talk:${version}`)
    .container({ port: 8080, memoryReservation: 128 })
    .sidecar("admin", { image: `registry.example.com/admin:${version}`, port: 9000, memoryReservation: 128 })
    .task({ cpu: 512, memory: 1024 })
    .service({ desired: 2 })
    .cluster(new Cluster("conference").fargate())
    .behindAlb(alb, { path: "/talk*" })
    .on(cloud) as CompleteDeployment;
const withAdmin = (chain: CompleteDeployment, balancer = alb): CompleteDeployment =>
  chain.behindAlb(balancer, { path: "/talk/admin*", container: "admin" }) as CompleteDeployment;
const STEPS: BlueGreenOptions = { shift: [50, 100], every: "30s" };
const colored = (version: number, options: BlueGreenOptions = STEPS) =>
  withAdmin(rolling(version)).blueGreen(options);

const request = (path: string, balancer = "conferenceAlb", port = 80): Promise<Response> => {
  const { dnsName } = [...cloud.account.elb.loadBalancers.values()].find(({ name }) => name === balancer)!;
  return cloud.account.traffic.answer!(new Request(`http://${dnsName}${path}`), { dnsName, port });
};
const ask = async (...args: Parameters<typeof request>): Promise<string> => (await request(...args)).text();
const everywhere = async (): Promise<readonly string[]> =>
  (
    await Promise.all(
      [80, 8080].map(async (port) => [
        await ask("/talk", undefined, port),
        await ask("/talk/admin", undefined, port),
      ]),
    )
  ).flat();
/** The weights of each rule, by the target groups' names. */
const weights = (): readonly string[] =>
  [...cloud.account.elb.rules.values()]
    .filter(({ tags }) => tags.get("quayside:owner") === "deployment/talk-service")
    .map(({ actions }) =>
      (actions[0]?.ForwardConfig?.TargetGroups ?? [])
        .map(({ TargetGroupArn = "", Weight }) => `${TargetGroupArn.split("/")[1]} ${Weight}`)
        .sort()
        .join(", "),
    );

/** Users of both routes, from now on. */
function users(): { readonly lost: string[]; readonly seen: Set<string> } {
  const load = { lost: [] as string[], seen: new Set<string>() };
  const look = (): void => {
    // The deployment has been destroyed.
    if (![...cloud.account.elb.loadBalancers.values()].some(({ name }) => name === "conferenceAlb")) return;
    for (const path of ["/talk", "/talk/admin"])
      void request(path)
        .then(async (response) => {
          const text = await response.text();
          if (response.ok) load.seen.add(text);
          else load.lost.push(`${path} ${response.status} ${text}`);
        })
        .catch((error: unknown) => load.lost.push(String(error)));
    cloud.account.clock.schedule(1_000, look, "background");
  };
  look();
  return load;
}

test("all routes of a deployment get the new version together, on every listener, and none loses a request", async () => {
  await start();
  const pristine = comparable(cloud);
  await withPermissionsOf(colored(1), () => colored(1).deploy());
  expect(await everywhere()).toEqual(["talk 1", "admin 1", "talk 1", "admin 1"]);
  expect((await colored(1).plan()).toString()).toMatch(/^Plan: nothing to change/);
  const { lost, seen } = users();

  await withPermissionsOf(colored(2), () => colored(2).deploy());
  expect(await everywhere()).toEqual(["talk 2", "admin 2", "talk 2", "admin 2"]);
  expect(weights()).toMatchInlineSnapshot(`
    [
      "talk-service-ip-blue 0, talk-service-ip-green 100",
      "talk-service-ip-blue 0, talk-service-ip-green 100",
      "talk-service-admin-9000-ip-blue 0, talk-service-admin-9000-ip-green 100",
      "talk-service-admin-9000-ip-blue 0, talk-service-admin-9000-ip-green 100",
    ]
  `);
  expect((await colored(2).plan()).toString()).toMatch(/^Plan: nothing to change/);

  await (await colored(2).release()).rollback();
  expect(await everywhere()).toEqual(["talk 1", "admin 1", "talk 1", "admin 1"]);
  await (await colored(2).release()).shift(50);
  expect(new Set(weights().map((text) => text.replace(/\S+-(blue|green)/g, "$1")))).toEqual(
    new Set(["blue 50, green 50"]),
  );
  await (await colored(2).release()).promote();
  await (await colored(2).release()).retire();
  expect(await everywhere()).toEqual(["talk 2", "admin 2", "talk 2", "admin 2"]);
  expect(lost).toEqual([]);
  expect([...seen].sort()).toEqual(["admin 1", "admin 2", "talk 1", "talk 2"]);
  await tagsKnown(cloud);
  expect((await colored(2).destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("verify reaches every route of the new version before it gets traffic", async () => {
  await start();
  const seen: string[] = [];
  const verify = async ({ fetch, weights: { green } }: VerifyContext): Promise<void> => {
    const texts = await Promise.all(["/talk", "/talk/admin"].map(async (path) => (await fetch(path)).text()));
    seen.push(`${green} % ${texts.join(", ")}`);
  };
  await colored(1).deploy();
  await withPermissionsOf(colored(2, { verify }), () => colored(2, { verify }).deploy());
  expect(seen).toEqual(["0 % talk 2, admin 2", "100 % talk 2, admin 2"]);
  // Its rules are deleted again.
  expect(weights().length).toBe(4);
});

test("a first version is verified on every route before any of them gets requests", async () => {
  await start();
  const seen: string[] = [];
  const verify = async ({ fetch, weights: { blue } }: VerifyContext): Promise<void> => {
    const { status } = await request("/talk/admin");
    seen.push(`${blue} %: ${await (await fetch("/talk/admin")).text()}, users ${status}`);
  };
  await colored(1, { verify }).deploy();
  expect(seen).toEqual(["0 %: admin 1, users 503", "100 %: admin 1, users 200"]);
  expect(await everywhere()).toEqual(["talk 1", "admin 1", "talk 1", "admin 1"]);
});

test("a version that fails gives the requests of all routes back", async () => {
  await start();
  await colored(1).deploy();
  const { lost } = users();
  const verify = ({ weights: { green } }: VerifyContext): void => {
    if (green === 50) throw new Error("it is slow");
  };
  await expect(colored(2, { ...STEPS, verify }).deploy()).rejects.toMatchObject({
    code: "release-taken-back",
  });
  expect(await everywhere()).toEqual(["talk 1", "admin 1", "talk 1", "admin 1"]);
  expect(lost).toEqual([]);
});

test("a new version is not ready before its targets are healthy on every route", async () => {
  await start();
  await colored(1).deploy();
  const { lost } = users();
  await expect(colored(3).deploy()).rejects.toMatchObject({ name: "RolloutError" });
  expect(weights().join()).not.toMatch(/green [1-9]/);
  expect(await everywhere()).toEqual(["talk 1", "admin 1", "talk 1", "admin 1"]);
  expect(lost).toEqual([]);
});

test("a route that a new version brings leads to it once it gets requests, until then where these were answered before", async () => {
  await start();
  await rolling(1).blueGreen(STEPS).deploy();
  const { lost, seen } = users();
  await colored(2).deploy();
  expect(await everywhere()).toEqual(["talk 2", "admin 2", "talk 2", "admin 2"]);
  expect(lost).toEqual([]);
  expect([...seen].sort()).toEqual(["admin 2", "talk 1", "talk 2"]);
  expect((await colored(2).plan()).isEmpty).toBe(true);
  await (await colored(2).release()).rollback();
  expect(await everywhere()).toEqual(["talk 1", "talk 1", "talk 1", "talk 1"]);
  await (await colored(2).release()).promote();
  await colored(1).deploy();
  expect(await everywhere()).toEqual(["talk 1", "admin 1", "talk 1", "admin 1"]);
  await colored(2).deploy();
  expect(await everywhere()).toEqual(["talk 2", "admin 2", "talk 2", "admin 2"]);
  expect(lost).toEqual([]);
});

test("a route that a new version lacks is deleted once that has all requests", async () => {
  await start();
  await colored(2).deploy();
  await tagsKnown(cloud);
  const { lost } = users();
  await rolling(1).blueGreen(STEPS).deploy();
  expect(await everywhere()).toEqual(["talk 1", "talk 1", "talk 1", "talk 1"]);
  expect(lost).toEqual([]);
  // The version before has its main route back.
  await (await rolling(1).blueGreen(STEPS).release()).rollback();
  expect(await ask("/talk")).toBe("talk 2");
});

test("a rolling deployment with several routes becomes blue/green, and rolling again, without losing a request", async () => {
  await start();
  await withAdmin(rolling(1)).deploy();
  const { lost } = users();
  await colored(2).deploy();
  expect(await everywhere()).toEqual(["talk 2", "admin 2", "talk 2", "admin 2"]);
  await tagsKnown(cloud);
  await withAdmin(rolling(1)).deploy();
  expect(await everywhere()).toEqual(["talk 1", "admin 1", "talk 1", "admin 1"]);
  expect(lost).toEqual([]);
  expect((await withAdmin(rolling(1)).plan()).isEmpty).toBe(true);
});

test("routes behind two load balancers are shifted together, also by the deployment's name alone", async () => {
  await start();
  const apart = (version: number) => withAdmin(rolling(version), inside).blueGreen(STEPS);
  await apart(1).deploy();
  await apart(2).deploy();
  expect([await ask("/talk"), await ask("/talk/admin", "insideAlb")]).toEqual(["talk 2", "admin 2"]);
  const named = Deployment.named("talk-service").on(cloud);
  await (await named.release()).rollback();
  expect([await ask("/talk"), await ask("/talk/admin", "insideAlb")]).toEqual(["talk 1", "admin 1"]);
});

test("a shift that has reached only some of the routes is finished by the next deploy, and nothing is retired before", async () => {
  await start();
  await colored(1).deploy();
  await colored(2).deploy();
  const further = [...cloud.account.elb.rules.values()].filter(({ tags }) =>
    tags.get("quayside:part")?.startsWith("route-"),
  );
  for (const { actions } of further)
    for (const group of actions[0]!.ForwardConfig!.TargetGroups!) group.Weight = 100 - group.Weight!;
  await expect((await colored(2).release()).retire()).rejects.toMatchObject({ code: "release-in-progress" });
  expect((await colored(2).plan()).isEmpty).toBe(false);
  expect(await writesOf(cloud, () => colored(2).deploy())).toContain("modifyRule");
  expect(await everywhere()).toEqual(["talk 2", "admin 2", "talk 2", "admin 2"]);
  expect((await colored(2).plan()).isEmpty).toBe(true);
});

test.each([
  ["a host", { host: "next.example.com" }, "http://next.example.com"],
  ["a header", { header: "x-preview" }, undefined],
])(
  "a preview at %s shows every route of the version that is held, and goes with its release",
  async (_, preview, origin) => {
    await start();
    await colored(1).deploy();
    await colored(2, { ...STEPS, preview }).deploy({ hold: true });
    const release = await colored(2, { ...STEPS, preview }).release();
    expect(release.preview).toMatchObject({ color: "green" });
    const look = async (path: string): Promise<string> => {
      const { dnsName } = [...cloud.account.elb.loadBalancers.values()].find(
        ({ name }) => name === "conferenceAlb",
      )!;
      const { headers } = release.preview!;
      const asked = new Request(`${origin ?? `http://${dnsName}`}${path}`, { headers });
      return (await cloud.account.traffic.answer!(asked, { dnsName, port: 80 })).text();
    };
    expect([await look("/talk"), await look("/talk/admin")]).toEqual(["talk 2", "admin 2"]);
    expect(await everywhere()).toEqual(["talk 1", "admin 1", "talk 1", "admin 1"]);
    await colored(2, { ...STEPS, preview }).deploy({ hold: true });
    expect([await look("/talk"), await look("/talk/admin")]).toEqual(["talk 2", "admin 2"]);
    await release.promote();
    expect(weights().length).toBe(4);
  },
);

test("a rule that neither color is in says nothing about a release: of a listener that the chain no longer has", async () => {
  await start();
  await colored(1).deploy();
  await colored(2).deploy();
  const [rule] = [...cloud.account.elb.rules.values()].filter(
    ({ tags, listenerArn }) =>
      tags.get("quayside:owner") === "deployment/talk-service" &&
      tags.get("quayside:part") === undefined &&
      cloud.account.elb.listeners.get(listenerArn)?.port === 8080,
  );
  const [TargetGroupArn] = [...cloud.account.elb.targetGroups.values()].flatMap(({ name, arn }) =>
    name.startsWith("talk-service") ? [] : [arn],
  );
  rule!.actions.splice(0, 1, {
    Type: "forward",
    TargetGroupArn: TargetGroupArn!,
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: TargetGroupArn!, Weight: 1 }] },
  });
  const release = await colored(2).release();
  expect(release.weights).toEqual({ blue: 0, green: 100 });
  await release.retire();
  expect((await colored(2).release()).colors.blue).toBeUndefined();
});
