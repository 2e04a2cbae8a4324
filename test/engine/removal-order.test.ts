import { expect, test } from "vitest";
import type { RunContext } from "../../src/engine/kind.js";
import { removeAll } from "../../src/engine/remove.js";
import type { Removal } from "../../src/engine/removal.js";
import { FakeCloud, type Box, type BoxState } from "./fake-cloud.js";

type BoxKind = ReturnType<FakeCloud["kind"]>;

const removal = (kind: BoxKind, name: string, needs: readonly string[] = []): Removal<RunContext> => ({
  id: `${kind.kind}/${name}`,
  kind: kind as unknown as Removal<RunContext>["kind"],
  name,
  owner: "us",
  state: { id: `id-${name}`, version: 1 } satisfies BoxState,
  tags: {},
  needs,
});

/** A load balancer with a listener, which a service uses. */
function balancer(cloud: FakeCloud, more: Parameters<FakeCloud["kind"]>[1] = {}) {
  const boxes = ["balancer", "listener", "service"];
  for (const name of boxes) cloud.put(name, "red", { "quayside:owner": "us" });
  const kinds = {
    balancer: cloud.kind("balancer", more),
    listener: cloud.kind("listener", { deletedWith: (_, parent) => parent.kind === "balancer" }),
    service: cloud.kind("service"),
  };
  const removals = [
    removal(kinds.balancer, "balancer"),
    removal(kinds.listener, "listener", ["balancer/balancer"]),
    removal(kinds.service, "service", ["listener/listener"]),
  ];
  return { removals, kinds };
}

const namesOf = (removals: readonly { readonly name: string }[]) => removals.map(({ name }) => name);

test("what AWS deletes with its parent takes no call, and what depends on it is deleted before the parent", async () => {
  const cloud = new FakeCloud();
  const { deleted } = await removeAll(balancer(cloud).removals, cloud.context);
  expect(cloud.log).toEqual(["delete id-service", "delete id-balancer"]);
  expect(namesOf(deleted)).toEqual(["service", "balancer", "listener"]);
});

test("it is deleted by itself if its parent is kept", async () => {
  const cloud = new FakeCloud();
  const { removals } = balancer(cloud, { usedBy: async () => ["another"] });
  const kept = removals.map((each) => ({ ...each, owner: each.name === "balancer" ? "others" : "us" }));
  const outcome = await removeAll(kept, cloud.context, -60_000);
  expect(cloud.log).toEqual(["delete id-service", "delete id-listener"]);
  expect(namesOf(outcome.kept)).toEqual(["balancer"]);
});

test("it is deleted by itself if its parent cannot be deleted", async () => {
  const cloud = new FakeCloud();
  cloud.failing.set("delete id-balancer", new Error("protected"));
  await expect(removeAll(balancer(cloud).removals, cloud.context)).rejects.toThrow();
  expect(cloud.log).toEqual(["delete id-service", "delete id-balancer", "delete id-listener"]);
  const left: Box | undefined = cloud.boxes.get("listener");
  expect(left).toBe(undefined);
});

test("what is deleted beside another does not wait for it", async () => {
  const cloud = new FakeCloud();
  for (const name of ["target", "service"]) cloud.put(name, "red", { "quayside:owner": "us" });
  cloud.failing.set("delete id-target", new Error("busy"));
  const target = cloud.kind("target", { dependsOn: ["service"], deletedBeside: ["service"] });
  const removals = [
    removal(cloud.kind("service"), "service"),
    removal(target, "target", ["service/service"]),
  ];
  await expect(removeAll(removals, cloud.context)).rejects.toThrow();
  expect(cloud.log.sort()).toEqual(["delete id-service", "delete id-target"]);
});

test("resources that would wait for each other are deleted each after its dependents", async () => {
  const cloud = new FakeCloud();
  const { removals, kinds } = balancer(cloud);
  cloud.put("group", "red", { "quayside:owner": "us" });
  // The balancer waits for the group, which waits for the listener.
  const group = removal(cloud.kind("group"), "group", ["balancer/balancer"]);
  const listener = removal(kinds.listener, "listener", ["balancer/balancer", "group/group"]);
  await removeAll([removals[0]!, listener, removals[2]!, group], cloud.context);
  expect(cloud.log).toEqual([
    "delete id-service",
    "delete id-listener",
    "delete id-group",
    "delete id-balancer",
  ]);
});
