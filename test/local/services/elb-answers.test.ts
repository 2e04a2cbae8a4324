import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, runningCloud, type RunningCloud } from "../running-cloud.js";

let running: RunningCloud;
beforeEach(async () => {
  running = await runningCloud();
});
afterEach(() => running.cloud.close());

const create = (action: Action) =>
  running.elb.createRule({
    ListenerArn: running.listenerArn,
    Priority: 5,
    Conditions: [{ Field: "path-pattern", Values: ["/old"] }],
    Actions: [action],
  });
const redirect = (config: object) =>
  refusal(create({ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", ...config } }));
const respond = (config: object) =>
  refusal(create({ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200", ...config } }));

test("a redirect is refused without what ELB needs, to the same address, and with words that a part may not have", async () => {
  expect(await refusal(create({ Type: "redirect" }))).toBe(
    "InvalidLoadBalancerAction: For actions of type 'redirect', you must specify the following fields: 'RedirectConfig'",
  );
  const loop =
    "InvalidLoadBalancerAction: The redirect configuration is not valid because it creates a loop.";
  expect(await redirect({})).toBe(loop);
  expect(await redirect({ Query: "a=b" })).toBe(loop);
  expect(await redirect({ Protocol: "HTTP", Port: "80" })).toBe(loop);
  const path =
    "InvalidLoadBalancerAction: The Path parameter must be a valid path, should start with a '/', and may contain up to one of each of these placeholders: '#{path}', '#{host}', '#{port}'.";
  for (const Path of ["#{path}", "new", "/#{path}/#{path}", "/#{query}", "/a b", "/new?a=b"])
    expect(await redirect({ Path })).toBe(path);
  for (const wrong of [{ Port: "0" }, { Host: "#{path}.com" }, { Query: "?a" }, { Protocol: "FTP" }])
    expect(await redirect(wrong)).toContain("InvalidLoadBalancerAction");
  const { Rules } = await create({
    Type: "redirect",
    RedirectConfig: { StatusCode: "HTTP_302", Path: "/new" },
  });
  expect(Rules?.[0]?.Actions?.[0]?.RedirectConfig).toEqual({
    Protocol: "#{protocol}",
    Host: "#{host}",
    Port: "#{port}",
    Path: "/new",
    Query: "#{query}",
    StatusCode: "HTTP_302",
  });
  const { RuleArn } = Rules![0]!;
  const Actions: Action[] = [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301" } }];
  expect(await refusal(running.elb.modifyRule({ RuleArn, Actions }))).toBe(loop);
  expect(
    await refusal(running.elb.modifyListener({ ListenerArn: running.listenerArn, DefaultActions: Actions })),
  ).toBe(loop);
});

test("a fixed response is refused with another status, a longer body or another type than ELB's", async () => {
  expect(await refusal(create({ Type: "fixed-response" }))).toBe(
    "InvalidLoadBalancerAction: For actions of type 'fixed-response', you must specify the following fields: 'FixedResponseConfig'",
  );
  expect(await respond({ StatusCode: "301" })).toContain("2XX, 4XX or 5XX");
  expect(await respond({ MessageBody: "a".repeat(1025) })).toContain("ValidationError");
  expect(await respond({ ContentType: "image/png" })).toContain("InvalidLoadBalancerAction");
});
