import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sweep } from "./sweep.js";

const at =
  (domain: string | readonly string[], alb = "conferenceAlb") =>
  (cloud: LocalCloud) =>
    new Deployment("talk-service")
      .image("registry.example.com/talk-service:1")
      .container({ port: 8080, cpu: 256, memory: 512 })
      .cluster(new Cluster("conference-cluster").fargate())
      .behindAlb(
        new LoadBalancer(alb).https(443).attributes({ idleTimeout: "2m", dropInvalidHeaders: true }),
        { domain, path: "/talk*", methods: ["GET", "POST"] },
      )
      .on(cloud);

/** The calls that a domain has more of than others; other sweeps meet the rest. */
const ofDomains = ({ operation, write }: { readonly operation: string; readonly write: boolean }): boolean =>
  write && /Certificate|RecordSets|Attributes|createListener|deleteListener/i.test(operation);

test("a first deploy with a domain that meets any fault is finished by the next run", async () => {
  const positions = await sweep({ to: at("talk.example.com"), after: "destroy", only: ofDomains });
  expect(positions).toMatchInlineSnapshot(`42`);
});

test("a destroy with a domain that meets any fault is finished by the next one", async () => {
  const to = at(["talk.example.com", "*.example.org"]);
  const positions = await sweep({
    from: to,
    run: (cloud, options) => to(cloud).destroy(options),
    only: ofDomains,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`56`);
});
