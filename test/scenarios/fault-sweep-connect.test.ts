import { expect, test } from "vitest";
import { Cluster, Deployment, Fleet } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sweep } from "./sweep.js";

const member =
  (name: string, namespace?: string, as?: string) =>
  (cloud: LocalCloud): Deployment => {
    const base = new Deployment(name)
      .image(`registry.example.com/${name}:1`)
      .container({ port: 8080, cpu: 256, memory: 512 })
      .cluster(new Cluster("conference-cluster").fargate())
      .on(cloud);
    return namespace === undefined
      ? base
      : base.connect({ namespace, ...(as !== undefined && { as, port: 8080 }) });
  };

/** The calls that Service Connect has more of than others; other sweeps meet the rest. */
const ofConnect = ({ operation, write }: { readonly operation: string; readonly write: boolean }): boolean =>
  /Namespace|getOperation/.test(operation) || (write && /createService|updateService|deleteService/.test(operation));

test("a first deploy with a name that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    to: member("talk-service", "conference", "talk") as never,
    after: "destroy",
    only: ofConnect,
  });
  expect(positions).toMatchInlineSnapshot();
});

test("a first deploy of a fleet that meets any fault is finished by the next run", async () => {
  const to = (cloud: LocalCloud) =>
    new Fleet(
      member("front", "conference")(cloud) as never,
      member("talk-service", "conference", "talk")(cloud) as never,
    );
  const positions = await sweep({ to: to as never, after: "destroy", only: ofConnect });
  expect(positions).toMatchInlineSnapshot();
});

test("a move to another namespace that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: member("talk-service", "conference", "talk") as never,
    to: member("talk-service", "market", "talk") as never,
    only: ofConnect,
  });
  expect(positions).toMatchInlineSnapshot();
});

test("a destroy with a namespace that meets any fault is finished by the next one", async () => {
  const to = member("talk-service", "conference", "talk") as never as (cloud: LocalCloud) => Deployment & {
    destroy(options?: object): Promise<unknown>;
  };
  const positions = await sweep({
    from: to as never,
    run: (cloud: LocalCloud, options: object) => to(cloud).destroy(options) as never,
    only: ofConnect,
  } as never);
  expect(positions).toMatchInlineSnapshot();
});
