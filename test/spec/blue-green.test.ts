import { expect, test } from "vitest";
import { issuesOf, talk } from "./issues-of.js";

test("blue/green supports autoscaling, and requires a load balancer", () => {
  const scaling = { min: 2, max: 6, cpu: 50 };
  const balanced = talk["port"]!(8080)["behindAlb"]!();

  expect(issuesOf(balanced["blueGreen"]!())).toEqual([]);
  expect(issuesOf(balanced["blueGreen"]!()["autoscale"]!(scaling))).toEqual([]);
  expect(issuesOf(talk["port"]!(8080)["blueGreen"]!()["autoscale"]!(scaling))).toEqual([
    "blueGreen: needs a load balancer to split the traffic, or a name in Service Connect: call .behindAlb(...), .behindNlb(...) or .connect({ as, port }), or remove .blueGreen(...)",
  ]);
});
