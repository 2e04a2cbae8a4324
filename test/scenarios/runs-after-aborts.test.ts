import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  type CompleteDeployment,
  type QuaysideEvent,
} from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

let cloud: LocalCloud;
let empty: string;
beforeEach(() => {
  cloud = localCloud({ clock: "virtual" });
  empty = resources();
});
afterEach(() => cloud.close());

const inCluster = (name: string) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster(name).fargate());
const talk = () => inCluster("conference");
const one = talk().behindAlb(new LoadBalancer("one").http(80));
const two = talk().behindAlb(new LoadBalancer("two").http(80));

/** Everything in the account that is billed or in the way. */
function resources(): string {
  return JSON.stringify({ ...cloud.state(), serviceLinkedRoles: [] }, null, 2);
}

/** Deploys a chain, and aborts the run once a resource of the kind has been created or updated. */
async function abortAfter(kind: string, chain: CompleteDeployment): Promise<void> {
  const controller = new AbortController();
  const onEvent = (event: QuaysideEvent) => {
    if (event.type === "finished" && event.resource === kind) controller.abort();
  };
  const run = chain.on(cloud).deploy({ signal: controller.signal, onEvent });
  await expect(run).rejects.toMatchObject({ code: "aborted" });
}

/** Another process has not seen what the aborted run did. */
const byAnother = () => ({ ...cloud }) as LocalCloud;

describe.each<[string, () => LocalCloud]>([
  ["the same process", () => cloud],
  ["another process", byAnother],
])("A run of %s right after an aborted one", (_, next) => {
  test.each(["security-group", "cluster", "service", "load-balancer", "target-group", "listener"])(
    "leaves nothing if it destroys a first deploy that has just created its %s",
    async (kind) => {
      await abortAfter(kind, one);
      await one.on(next()).destroy();
      expect(resources()).toBe(empty);
    },
  );

  test.each(["task-definition", "service"])(
    "leaves nothing if it destroys by its name a first deploy that has just created its %s",
    async (kind) => {
      await abortAfter(kind, one);
      await Deployment.named("talk").on(next()).destroy();
      expect(resources()).toBe(empty);
    },
  );

  test("leaves nothing of a move that has just created a security group if it deploys the old chain", async () => {
    await one.on(cloud).deploy();
    await abortAfter("security-group", two);
    await one.on(next()).deploy();
    await one.on(cloud).destroy();
    expect(resources()).toBe(empty);
  });

  test.each([
    ["the old chain", () => one],
    ["the new chain", () => two],
  ])(
    "leaves nothing of a move that has just created a security group if it destroys %s",
    async (_name, chain) => {
      await one.on(cloud).deploy();
      await abortAfter("security-group", two);
      await chain().on(next()).destroy();
      expect(resources()).toBe(empty);
    },
  );

  test("attaches the service to what it keeps if it deploys the old chain after an update of a move", async () => {
    await one.on(cloud).deploy();
    await abortAfter("service", two);
    await one.on(next()).deploy();
    const plan = await one.on(cloud).plan();
    expect(plan.isEmpty).toBe(true);
    const groups = Object.keys(cloud.state().targetGroups);
    expect(groups).toEqual(["talk-ip"]);
  });

  test.each([
    ["another cluster", () => inCluster("meetup").behindAlb(new LoadBalancer("one").http(80))],
    ["blue/green behind another load balancer", () => two.blueGreen()],
  ])("leaves no service of a move to %s if it deploys the old chain", async (_name, moved) => {
    await one.on(cloud).deploy();
    await abortAfter("service", moved());
    await one.on(next()).deploy();
    expect(Object.keys(cloud.state().services)).toEqual(["conference/talk"]);
    expect((await one.on(cloud).plan()).isEmpty).toBe(true);
  });
});
