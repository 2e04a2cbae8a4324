import { expect, test } from "vitest";
import { Deployment, LoadBalancer } from "../../src/index.js";
import { issuesOf, refusals, untyped } from "./issues-of.js";

const complete = new Deployment("talk-service")
  .image("talk-service:1")
  .port(8080)
  .cluster("conference-cluster");
const behind = (loadBalancer: unknown) => untyped(complete)["behindAlb"]!(loadBalancer);
const alb = untyped(new LoadBalancer("conferenceAlb"));
const specOf = (loadBalancer?: string | LoadBalancer) =>
  complete.behindAlb(loadBalancer).toJSON().route?.loadBalancer;

test("a listener's port is 1 to 65535, and no port has two", () => {
  expect(refusals([0, 65_536, "80", 80.5], (port) => behind(alb["http"]!(port)))).toMatchInlineSnapshot(`
    [
      "loadBalancer.http: must be a whole number from 1 to 65535; got 0",
      "loadBalancer.http: must be a whole number from 1 to 65535; got 65536",
      "loadBalancer.http: must be a whole number from 1 to 65535; got "80"",
      "loadBalancer.http: must be a whole number from 1 to 65535; got 80.5",
    ]
  `);
  expect(issuesOf(behind(alb["http"]!()["http"]!(8080)["http"]!(80)))).toMatchInlineSnapshot(`
    [
      "loadBalancer.http: port 80 is used by another listener: use a different port for each",
    ]
  `);
  const listeners = specOf(new LoadBalancer("alb").http().http(8080))?.listeners;
  expect(listeners?.map(({ port }) => port)).toEqual([80, 8080]);
});
