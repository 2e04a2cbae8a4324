import { beforeEach, describe, expect, it } from "vitest";
import { apply } from "../../src/engine/apply.js";
import { created, Graph, ready } from "../../src/engine/graph.js";
import { UNKNOWN, type Kind, type RunContext, type Tagged } from "../../src/engine/kind.js";
import { findLeftovers } from "../../src/engine/leftovers.js";
import { observe } from "../../src/engine/observe.js";
import { planRemovals, removeAll } from "../../src/engine/remove.js";
import { planSteps } from "../../src/engine/steps.js";
import { AbortedError, OwnershipError, QuaysideError } from "../../src/errors.js";
import { FakeCloud, type BoxDesired, type BoxState } from "./fake-cloud.js";

type BoxKind = Kind<BoxDesired, BoxState, RunContext>;
const OURS = { "quayside:owner": "shop", "quayside:kind": "box" };

let cloud: FakeCloud;
let box: BoxKind;

beforeEach(() => {
  cloud = new FakeCloud();
  box = cloud.kind("box");
});

/** outer <- inner <- innermost, and `beside`, which needs nothing. */
function nested(colors: { outer?: string; innermost?: string } = {}): Graph<RunContext> {
  const graph = new Graph<RunContext>();
  const outer = graph.add({
    kind: box,
    name: "outer",
    owner: "shop",
    needs: {},
    desired: () => ({ name: "outer", color: colors.outer ?? "red", tags: {} }),
  });
  const inner = graph.add({
    kind: box,
    name: "inner",
    owner: "shop",
    needs: { outer: created(outer) },
    desired: ({ outer: { id } }) => ({ name: "inner", color: "green", inside: id, tags: {} }),
  });
  graph.add({
    kind: box,
    name: "innermost",
    owner: "shop",
    needs: { inner: created(inner) },
    desired: ({ inner: { id } }) => ({
      name: "innermost",
      color: colors.innermost ?? "blue",
      inside: id,
      tags: {},
    }),
  });
  graph.add({
    kind: box,
    name: "beside",
    owner: "shop",
    needs: {},
    desired: () => ({ name: "beside", color: "grey", tags: {} }),
  });
  return graph;
}

const plan = async (graph: Graph<RunContext>, adopt = false) =>
  planSteps(await observe(graph, cloud.context), adopt);

const deploy = async (graph: Graph<RunContext>, adopt = false) =>
  apply(graph, await plan(graph, adopt), cloud.context);

async function destroy(graph: Graph<RunContext>) {
  const { removals, kept } = await planRemovals(
    graph,
    await observe(graph, cloud.context),
    [],
    cloud.context,
  );
  await removeAll(removals, cloud.context);
  return kept;
}

describe("a plan", () => {
  it("shows values that the cloud assigns as known after apply, and changes nothing", async () => {
    const steps = await plan(nested());

    expect(steps.map(({ change }) => `${change.action} ${change.name}`)).toEqual([
      "create outer",
      "create inner",
      "create innermost",
      "create beside",
    ]);
    expect(steps[1]!.change.fields).toContainEqual({ path: "inside", before: undefined, after: UNKNOWN });
    expect(cloud.log).toEqual([]);
  });

  it("names every field that differs, before and after", async () => {
    await deploy(nested());

    const steps = await plan(nested({ innermost: "black" }));

    expect(steps.filter(({ action }) => action !== "none").map(({ change }) => change)).toEqual([
      {
        action: "update",
        resource: "box",
        name: "innermost",
        fields: [{ path: "color", before: "blue", after: "black" }],
        reason: "color differs",
      },
    ]);
  });

  it("rejects all names of resources that it does not manage at once, before anything is changed", async () => {
    cloud.put("outer", "red");
    cloud.put("beside", "grey", { "quayside:owner": "somebody" });

    const refused = plan(nested());

    await expect(refused).rejects.toThrow(OwnershipError);
    await expect(refused).rejects.toThrow(
      "Nothing was changed: box outer already exists and is not managed by quayside; box beside (owned by somebody) already exists",
    );
  });

  it("adopts existing resources with `adopt`, and marks them so that they are never deleted", async () => {
    cloud.put("outer", "white", { team: "theirs" });

    await deploy(nested(), true);
    const kept = await destroy(nested());

    expect(cloud.boxes.get("outer")).toMatchObject({
      color: "red",
      tags: { team: "theirs", "quayside:owner": "shop", "quayside:adopted": "true" },
    });
    expect([...cloud.boxes.keys()]).toEqual(["outer"]);
    expect(kept).toEqual([{ resource: "box", name: "outer", why: "it existed before quayside adopted it" }]);
  });

  it("replaces a resource for a change that cannot be made in place", async () => {
    box = cloud.kind("box", { immutable: ["color"] });
    await deploy(nested());

    const [outer] = await plan(nested({ outer: "pink" }));

    expect(outer!.change).toMatchObject({ action: "replace", reason: "color cannot be changed in place" });
  });

  it("ignores changes of fields that are only set at creation", async () => {
    box = cloud.kind("box", { createOnly: ["color"] });
    await deploy(nested());

    expect((await plan(nested({ outer: "pink" }))).every(({ action }) => action === "none")).toBe(true);
  });

  it("updates the dependents of a resource that gets a new version", async () => {
    box = cloud.kind("box", { changesOnUpdate: ["id"] });
    await deploy(nested());

    const steps = await plan(nested({ outer: "pink" }));

    expect(steps.map(({ change }) => `${change.action} ${change.name}: ${change.reason}`)).toEqual([
      "update outer: color differs",
      "update inner: inside is known only after apply",
      "update innermost: inside is known only after apply",
      "none beside: ",
    ]);
  });

  it("gives a node the states of its needs in the shape in which they were described", async () => {
    const graph = new Graph<RunContext>();
    const add = (name: string) =>
      graph.add({
        kind: box,
        name,
        owner: "shop",
        needs: {},
        desired: () => ({ name, color: "red", tags: {} }),
      });
    const [one, another] = [add("one"), add("another")];
    const absent = undefined as typeof one | undefined;
    graph.add({
      kind: box,
      name: "needy",
      owner: "shop",
      needs: { one: created(one), absent: ready(absent), all: [created(one), ready(another)], none: [] },
      desired: (needs) => ({
        name: "needy",
        color: [needs.one.id, needs.absent?.id, ...needs.all.map(({ id }) => id), needs.none.length].join(
          " ",
        ),
        tags: {},
      }),
    });

    await deploy(graph);

    expect(cloud.boxes.get("needy")).toMatchObject({ color: "id-one  id-one id-another 0" });
    expect(graph.node("box/needy")!.needs.map(([, need]) => need.ref.id)).toEqual([
      "box/one",
      "box/one",
      "box/another",
    ]);
  });

  it("finds a change of a field that the cloud does not report by its hash", async () => {
    const hashed = cloud.kind("box", { hashed: ({ material }) => ({ material }) });
    const graph = (material: string) => {
      const made = new Graph<RunContext>();
      made.add({
        kind: hashed,
        name: "outer",
        owner: "shop",
        needs: {},
        desired: () => ({ name: "outer", color: "red", material, tags: {} }),
      });
      return made;
    };
    await deploy(graph("oak"));

    expect((await plan(graph("oak")))[0]!.action).toBe("none");
    expect((await plan(graph("ash")))[0]!.change.fields.map(({ path }) => path)).toEqual([
      "material",
      "tags.quayside:spec-hash",
    ]);
  });
});

describe("apply", () => {
  it("creates needs first, and gives each its owner's tags", async () => {
    await deploy(nested());

    expect(cloud.log.indexOf("create outer")).toBeLessThan(cloud.log.indexOf("create inner"));
    expect(cloud.log.indexOf("create inner")).toBeLessThan(cloud.log.indexOf("create innermost"));
    expect(cloud.boxes.get("innermost")).toMatchObject({ inside: "id-inner", tags: OURS });
  });

  it("writes nothing when nothing differs", async () => {
    await deploy(nested());
    cloud.log.length = 0;

    await deploy(nested());

    expect(cloud.log).toEqual([]);
  });

  it("does not start the dependents of a failed node, finishes the rest, and reports the outcome", async () => {
    cloud.failing.set("create inner", new QuaysideError("cluster-failed", "inner was not created: broken"));

    const error = await deploy(nested()).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: "cluster-failed" });
    expect((error as QuaysideError).outcome).toEqual({
      done: [
        { action: "create", resource: "box", name: "outer" },
        { action: "create", resource: "box", name: "beside" },
      ],
      notDone: [
        { action: "create", resource: "box", name: "inner" },
        { action: "create", resource: "box", name: "innermost" },
      ],
    });
    expect(cloud.log).not.toContain("create innermost");
  });

  it("continues after a create whose response was lost", async () => {
    const taken = new Error("AlreadyExists");
    box = cloud.kind("box", {
      alreadyExists: (error) => error === taken,
      create: async ({ name, color, inside, tags }) => {
        cloud.put(name, color, tags, inside);
        throw taken;
      },
    });

    const { states } = await deploy(nested());

    expect(states.get("box/innermost")).toMatchObject({ id: "id-innermost" });
  });

  it("rejects a resource that another owner has created in the meantime", async () => {
    const taken = new Error("AlreadyExists");
    box = cloud.kind("box", {
      alreadyExists: (error) => error === taken,
      create: async ({ name, color }) => {
        cloud.put(name, color, { "quayside:owner": "somebody" });
        throw taken;
      },
    });

    await expect(deploy(nested())).rejects.toThrow(OwnershipError);
  });

  it("starts a node that needs a usable resource once that is ready, and waits for the goals", async () => {
    const order: string[] = [];
    const slow = cloud.kind("slow", {
      create: async ({ name }) => {
        order.push(`created ${name}`);
        return { id: name, version: 1 };
      },
      ready: async (state) => {
        await Promise.resolve();
        order.push(`ready ${state.id}`);
        return state;
      },
    });
    const graph = new Graph<RunContext>();
    const add = (name: string, needs = {}) =>
      graph.add({ kind: slow, name, owner: "shop", needs, desired: () => ({ name, color: "", tags: {} }) });
    const first = add("first");
    graph.goal(add("second", { first: ready(first) }));

    await deploy(graph);

    expect(order).toEqual(["created first", "ready first", "created second", "ready second"]);
  });

  it("starts no more nodes once the signal fires, and reports the outcome", async () => {
    const creating = box.create!;
    box = cloud.kind("box", {
      create: async (desired, context) => {
        const state = await creating(desired, context);
        if (desired.name === "outer") cloud.abort.abort();
        return state;
      },
    });

    const error = await deploy(nested()).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(AbortedError);
    expect((error as AbortedError).outcome?.done).toContainEqual({
      action: "create",
      resource: "box",
      name: "outer",
    });
    expect(cloud.log).not.toContain("create inner");
  });

  it("emits an event when a step starts and when it finishes", async () => {
    await deploy(nested());

    expect(
      cloud.events.map((event) => ("name" in event ? `${event.type} ${event.name}` : event.type)),
    ).toEqual(
      expect.arrayContaining(["started outer", "finished outer", "started innermost", "finished innermost"]),
    );
  });
});

describe("a removal", () => {
  it("deletes each resource after its dependents", async () => {
    await deploy(nested());
    cloud.log.length = 0;

    await destroy(nested());

    expect(cloud.log.filter((entry) => !entry.includes("beside"))).toEqual([
      "delete id-innermost",
      "delete id-inner",
      "delete id-outer",
    ]);
    expect(cloud.boxes.size).toBe(0);
  });

  it("keeps resources of other owners, with the reason, and succeeds when nothing is left", async () => {
    cloud.put("outer", "red", { "quayside:owner": "somebody" });

    expect(await destroy(nested())).toEqual([
      {
        resource: "box",
        name: "outer",
        why: "it is owned by somebody",
      },
    ]);
    expect(cloud.log).toEqual([]);
  });

  it("keeps all resources of an owner that others still use", async () => {
    await deploy(nested());
    box = cloud.kind("box", { usedBy: async ({ state }) => (state.id === "id-inner" ? ["box theirs"] : []) });

    const kept = await destroy(nested());

    expect(new Set(kept.map(({ why }) => why))).toEqual(new Set(["box inner is still used by box theirs"]));
    expect(cloud.boxes.size).toBe(4);
  });

  it("keeps the dependencies of a resource whose deletion failed, and deletes them the next time", async () => {
    await deploy(nested());
    cloud.failing.set("delete id-inner", new QuaysideError("cluster-failed", "inner was not deleted: stuck"));

    const error = await destroy(nested()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "cluster-failed" });
    expect([...cloud.boxes.keys()].sort()).toEqual(["inner", "outer"]);

    cloud.failing.clear();
    await destroy(nested());
    expect(cloud.boxes.size).toBe(0);
  });

  it("finds the leftovers of an owner, except those that it adopted", async () => {
    cloud.put("old", "red", OURS);
    cloud.put("taken-over", "red", { ...OURS, "quayside:adopted": "true" });
    const finding = cloud.kind("box", {
      findOwned: async () =>
        [...cloud.boxes].map(([name, { id, tags }]) => ({ name, state: { id, version: 1 }, tags })),
    }) as unknown as Kind<Tagged, unknown, RunContext>;

    const leftovers = await findLeftovers([finding], ["shop"], nested(), cloud.context);

    expect(leftovers.map(({ name }) => name)).toEqual(["old"]);
  });
});
