import { expect, test } from "vitest";
import { issuesOf, talk } from "./issues-of.js";

test("colours are not scaled yet: the two together are refused before anything is sent", () => {
  const balanced = talk["port"]!(8080)["behindAlb"]!();

  expect(issuesOf(balanced["blueGreen"]!())).toEqual([]);
  expect(issuesOf(balanced["blueGreen"]!()["autoscale"]!({ min: 2, max: 6, cpu: 50 }))).toEqual([
    "autoscale: is not there yet together with blueGreen: leave one of the two out",
  ]);
});
