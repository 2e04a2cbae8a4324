import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";
import { comparable } from "./comparable.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const web = new LoadBalancer("web").http(80);
const unknown = web.respond({}, { status: 503 });
const app = (balancer: LoadBalancer, route: object, name = "app"): CompleteDeployment =>
  new Deployment(name)
    .image("registry.example.com/app:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference").fargate())
    .behindAlb(balancer, route)
    .on(cloud);

interface Present {
  readonly priority: number;
  readonly owner: string;
  readonly paths: readonly string[];
}

const present = (): Present[] =>
  [...cloud.account.elb.rules.values()]
    .filter(({ priority, arn }) => priority !== "default" && arn.includes("/web/"))
    .map(({ priority, tags, conditions }) => ({
      priority: Number(priority),
      owner: tags.get("quayside:owner") ?? "",
      paths: conditions.flatMap(({ Values, PathPatternConfig }) => PathPatternConfig?.Values ?? Values ?? []),
    }))
    .sort((one, other) => one.priority - other.priority);

const shown = () =>
  present().map(({ owner, paths }) => `${owner.slice(owner.indexOf("/") + 1)} ${paths.join(" ")}`);
const numbered = () =>
  Object.fromEntries(present().map(({ priority, paths }) => [paths.join(" "), priority]));

/** The owner of the rule that answers requests for the path. */
const answeredBy = (rules: readonly Present[], path: string): string =>
  rules.find(
    ({ paths }) =>
      paths.length === 0 ||
      paths.some((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(path)),
  )?.owner ?? "nothing";

/** Who answers requests for the path, one after the other, at each change of the rules during the work. */
async function during(path: string, work: () => Promise<unknown>): Promise<readonly string[]> {
  const seen = [answeredBy(present(), path)];
  const { rules } = cloud.account.elb;
  const look = () => {
    const now = answeredBy(present(), path);
    if (now !== seen.at(-1)) seen.push(now);
  };
  const { changeRules } = cloud.account.traffic;
  cloud.account.traffic.changeRules = (listener) => {
    look();
    return changeRules.call(cloud.account.traffic, listener);
  };
  try {
    await work();
  } finally {
    cloud.account.traffic.changeRules = changeRules;
  }
  expect(rules.size).toBeGreaterThan(0);
  look();
  return seen;
}

const isQuiet = async (one: { plan(): Promise<{ readonly isEmpty: boolean }> }) =>
  expect((await one.plan()).isEmpty).toBe(true);

describe("conditions that one rule leaves and another one takes in the same deploy", () => {
  test("an answer takes over those of a route, and no request is answered by neither", async () => {
    const pristine = comparable(cloud);
    await app(web, { path: "/*" }).deploy();
    const changed = app(unknown, { path: "/a*" });
    expect((await changed.plan()).changes.map(({ action, resource }) => `${action} ${resource}`)).toContain(
      "create listener-rule",
    );
    const other = await during("/b", () => changed.deploy());
    expect(other).toEqual(["deployment/app", "load-balancer/web"]);
    expect(shown()).toEqual(["app /a*", "web /*"]);
    await isQuiet(changed);
    await tagsKnown(cloud);
    expect((await changed.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("an answer with the very conditions of the route takes them over", async () => {
    await app(web, { path: "/x" }).deploy();
    const changed = app(web.respond({ path: "/x" }, { status: 410 }), { path: "/a*" });
    expect(await during("/x", () => changed.deploy())).toEqual(["deployment/app", "load-balancer/web"]);
    expect(shown()).toEqual(["web /x", "app /a*"]);
    await isQuiet(changed);
  });

  test.each([[{ path: "/*" }], [{ path: "/x" }]])(
    "a route takes over those of an answer: %j",
    async (match) => {
      await app(web.respond(match, { status: 503 }), { path: "/a*" }).deploy();
      const changed = app(web, match);
      expect(await during("/x", () => changed.deploy())).toEqual(["load-balancer/web", "deployment/app"]);
      expect(shown()).toEqual([`app ${match.path}`]);
      await isQuiet(changed);
    },
  );

  test("a new deployment takes over those of an answer", async () => {
    await app(web.respond({ path: "/x" }, { status: 503 }), { path: "/a*" }).deploy();
    const fleet = new Fleet(app(web, { path: "/a*" }), app(web, { path: "/x" }, "other"));
    expect(await during("/x", () => fleet.deploy())).toEqual(["load-balancer/web", "deployment/other"]);
    await isQuiet(fleet);
  });

  test("a new deployment takes over those of another deployment", async () => {
    await app(web, { path: "/x" }).deploy();
    const fleet = new Fleet(app(web, { path: "/a*" }), app(web, { path: "/x" }, "other"));
    expect(await during("/x", () => fleet.deploy())).toEqual(["deployment/app", "deployment/other"]);
    expect(shown().sort()).toEqual(["app /a*", "other /x"]);
    await isQuiet(fleet);
  });

  test("two deployments exchange theirs", async () => {
    await new Fleet(app(web, { path: "/x" }), app(web, { path: "/y" }, "other")).deploy();
    const fleet = new Fleet(app(web, { path: "/y" }), app(web, { path: "/x" }, "other"));
    await fleet.deploy();
    expect(shown().sort()).toEqual(["app /y", "other /x"]);
    await isQuiet(fleet);
  });
});

describe("conditions of a rule that another owner still has", () => {
  const refused = {
    code: "not-owned",
    fix: expect.stringContaining("{ adopt: true } does not take the rule of another owner") as string,
  };

  test("an answer does not get them, not even with adopt, until the deployment leaves them", async () => {
    await app(web, { path: "/*" }).deploy();
    const alone = web.respond({ path: "/*" }, { status: 503 }).on(cloud);
    for (const options of [{}, { adopt: true }]) {
      await expect(alone.plan(options)).rejects.toMatchObject(refused);
      await expect(alone.deploy(options)).rejects.toMatchObject(refused);
    }
    expect(shown()).toEqual(["app /*"]);
    await app(LoadBalancer.existing("web"), { path: "/a*" }).deploy();
    await alone.deploy();
    expect(shown()).toEqual(["app /a*", "web /*"]);
  });

  test("a route does not get them, not even with adopt, until the answer is removed", async () => {
    await app(web.respond({ path: "/x" }, { status: 503 }), { path: "/a*" }).deploy();
    const user = app(LoadBalancer.existing("web"), { path: "/x" }, "user");
    const other = app(LoadBalancer.existing("web"), { path: "/a*" }, "other");
    for (const one of [user, other]) await expect(one.deploy({ adopt: true })).rejects.toMatchObject(refused);
    expect(shown().sort()).toEqual(["app /a*", "web /x"]);
    await web.on(cloud).deploy();
    await user.deploy();
    expect(shown().sort()).toEqual(["app /a*", "user /x"]);
  });

  test("a deploy mends what an adopted rule of a deployment was changed to", async () => {
    const pristine = comparable(cloud);
    const described = app(unknown, { path: "/a*" });
    await described.deploy();
    const { elb } = cloud.account;
    const [answer] = [...elb.rules.values()].filter(
      ({ tags }) => tags.get("quayside:owner") === "load-balancer/web",
    );
    const [own] = [...elb.rules.values()].filter(
      ({ tags }) => tags.get("quayside:owner") === "deployment/app",
    );
    // What an earlier version has left: one rule for both, as if it had been there before quayside.
    answer!.conditions = own!.conditions;
    answer!.tags.set("quayside:adopted", "true");
    elb.rules.delete(own!.arn);
    await described.deploy();
    expect(shown()).toEqual(["app /a*", "web /*"]);
    await isQuiet(described);
    await tagsKnown(cloud);
    expect((await described.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });
});

describe("priorities that the chain sets", () => {
  const answers = (...all: readonly (readonly [path: string, priority?: number])[]) => {
    let balancer = web;
    for (const [path, priority] of all)
      balancer = balancer.respond({ path, ...(priority !== undefined && { priority }) }, { status: 204 });
    return balancer.on(cloud);
  };

  test.each([
    ["another path", [["/a", 5]], [["/1", 5]]],
    [
      "exchanged",
      [
        ["/a", 5],
        ["/b", 6],
      ],
      [
        ["/a", 6],
        ["/b", 5],
      ],
    ],
    [
      "rotated",
      [
        ["/a", 5],
        ["/b", 6],
        ["/c", 7],
      ],
      [
        ["/a", 6],
        ["/b", 7],
        ["/c", 5],
      ],
    ],
    [
      "another path, and moved up",
      [
        ["/a", 5],
        ["/b", 6],
      ],
      [
        ["/1", 6],
        ["/b", 5],
      ],
    ],
    [
      "another path beside a rule with the next one",
      [
        ["/a", 5],
        ["/b", 6],
      ],
      [
        ["/1", 5],
        ["/b", 6],
      ],
    ],
    ["another path at the last one", [["/a", 50_000]], [["/1", 50_000]]],
    [
      "moved to that of a removed one",
      [
        ["/a", 5],
        ["/b", 6],
      ],
      [["/b", 5]],
    ],
    [
      "new, at that of one that moves on",
      [["/a", 5]],
      [
        ["/a", 6],
        ["/b", 5],
      ],
    ],
    [
      "several new ones",
      [
        ["/a", 5],
        ["/b", 6],
      ],
      [
        ["/1", 5],
        ["/2", 6],
      ],
    ],
  ] as const)("answers get them: %s", async (_, before, after) => {
    const wanted = (all: readonly (readonly [string, number])[]) => Object.fromEntries(all);
    await answers(...before).deploy();
    expect(numbered()).toEqual(wanted(before));
    const then = answers(...after);
    await then.deploy();
    expect(numbered()).toEqual(wanted(after));
    await isQuiet(then);
  });

  test("an answer gets that of one whose priority is no longer set", async () => {
    await answers(["/a", 5]).deploy();
    const then = answers(["/a"], ["/b", 5]);
    await then.deploy();
    expect(numbered()["/b"]).toBe(5);
    expect(numbered()["/a"]).toBeGreaterThan(5);
    await isQuiet(then);
  });

  test("an answer that replaces another one answers its requests at once", async () => {
    await web
      .respond({ path: "/*", priority: 10 }, { status: 404 })
      .respond({ path: "/a*", priority: 5 }, { status: 204 })
      .respond({ path: "/a/*", priority: 6 }, { status: 201 })
      .on(cloud)
      .deploy();
    const seen = new Set<number>();
    const { changeRules } = cloud.account.traffic;
    const first = () =>
      [...cloud.account.elb.rules.values()]
        .filter(({ arn }) => arn.includes("/web/"))
        .sort((one, other) => Number(one.priority) - Number(other.priority))
        .find(({ conditions }) =>
          conditions.some(({ PathPatternConfig }) =>
            PathPatternConfig?.Values?.some((one) => ["/a/b", "/a*", "/a/*", "/*"].includes(one)),
          ),
        );
    cloud.account.traffic.changeRules = (listener) => {
      seen.add(Number(first()?.actions[0]?.FixedResponseConfig?.StatusCode));
      return changeRules.call(cloud.account.traffic, listener);
    };
    await web
      .respond({ path: "/*", priority: 10 }, { status: 404 })
      .respond({ path: "/a/b", priority: 5 }, { status: 200 })
      .respond({ path: "/a/*", priority: 6 }, { status: 201 })
      .on(cloud)
      .deploy();
    expect([...seen]).toEqual([204, 200]);
  });

  test("a route and an answer exchange theirs", async () => {
    await app(web.respond({ path: "/b", priority: 6 }, { status: 204 }), {
      path: "/a",
      priority: 5,
    }).deploy();
    const then = app(web.respond({ path: "/b", priority: 5 }, { status: 204 }), { path: "/a", priority: 6 });
    await then.deploy();
    expect(numbered()).toEqual({ "/a": 6, "/b": 5 });
    await isQuiet(then);
  });

  test("a route gets that of an answer that is removed, and an answer that of a route", async () => {
    await app(web.respond({ path: "/b", priority: 6 }, { status: 204 }), {
      path: "/a",
      priority: 5,
    }).deploy();
    const then = app(web.respond({ path: "/c", priority: 5 }, { status: 204 }), { path: "/a", priority: 6 });
    await then.deploy();
    expect(numbered()).toEqual({ "/a": 6, "/c": 5 });
    await isQuiet(then);
  });

  test.each([
    ["respond", () => web.respond({ path: "/b", priority: 5 }, { status: 204 }).on(cloud)],
    ["redirect", () => web.redirect({ path: "/b", priority: 5 }, { to: "/c" }).on(cloud)],
    ["behindAlb", () => app(LoadBalancer.existing("web"), { path: "/b", priority: 5 }, "other")],
  ] as const)("a plan says that another owner's rule has that of %s", async (method, make) => {
    await app(web, { path: "/a", priority: 5 }).deploy();
    const calls = cloud.calls.length;
    const error = {
      code: "rule-priority-taken",
      message: "Nothing was changed: rule priority 5 cannot be used: a rule of deployment/app has it",
      fix: expect.stringContaining(`in ${method}(…)`) as string,
    };
    const chain: { plan(): Promise<unknown>; deploy(): Promise<unknown> } = make();
    await expect(chain.plan()).rejects.toMatchObject(error);
    await expect(chain.deploy()).rejects.toMatchObject(error);
    expect(
      cloud.calls.slice(calls).filter(({ operation }) => /^(create|modify|set)/.test(operation)),
    ).toEqual([]);
  });
});
