import { expect, test } from "vitest";
import { Deployment, LoadBalancer } from "../../src/index.js";
import { issuesOf, refusals, untyped } from "./issues-of.js";

const complete = new Deployment("talk-service")
  .image("talk-service:1")
  .port(8080)
  .cluster("conference-cluster");
const behind = (loadBalancer: unknown, options: object = { path: "/talk*" }) =>
  untyped(complete)["behindAlb"]!(loadBalancer, options);
const http = new LoadBalancer("alb").http(80);
const both = http.https(443, { certificate: "example.com" });
const redirect = (to: unknown, requests: unknown = { path: "/old/*" }, alb: LoadBalancer = both) =>
  behind(untyped(alb)["redirect"]!(requests, to));
const respond = (response: unknown, requests: unknown = { path: "/old/*" }) =>
  behind(untyped(both)["respond"]!(requests, response));
const answersOf = (alb: LoadBalancer) => complete.behindAlb(alb).toJSON().route?.loadBalancer.answers;

test("a redirect has all parts of an address, those that are not given being the request's", () => {
  const to = (options: Parameters<LoadBalancer["redirect"]>[1], alb = both) =>
    answersOf(alb.redirect({ path: "/old/*" }, options))!.map(({ action, ports }) => {
      if (action.type !== "redirect") throw new Error("no redirect");
      const { protocol, host, port, path, query, status } = action;
      return `${status} ${protocol}://${host}:${port}${path}?${query} on ${ports.join(", ")}`;
    })[0];
  expect([
    to({ to: "/new" }),
    to({ to: "/new/#{path}?" }),
    to({ to: "https://example.com" }),
    to({ to: "https://#{host}:8443/#{path}?a=b&#{query}", status: 301 }),
    to({ to: "http://example.org/" }, http),
    to({ protocol: "https" }),
    to({ protocol: "https", port: 8443 }),
    to({ host: "www.#{host}", path: "/", query: "" }),
  ]).toMatchInlineSnapshot(`
    [
      "302 #{protocol}://#{host}:#{port}/new?#{query} on 80, 443",
      "302 #{protocol}://#{host}:#{port}/new/#{path}? on 80, 443",
      "302 HTTPS://example.com:443/#{path}?#{query} on 80, 443",
      "301 HTTPS://#{host}:8443/#{path}?a=b&#{query} on 80, 443",
      "302 HTTP://example.org:80/?#{query} on 80",
      "302 HTTPS://#{host}:443/#{path}?#{query} on 80",
      "302 HTTPS://#{host}:8443/#{path}?#{query} on 80, 443",
      "302 #{protocol}://www.#{host}:#{port}/? on 80, 443",
    ]
  `);
});

test("a redirect that ELB would refuse is refused before any call", () => {
  const bad = [
    {},
    { query: "a=b" },
    { status: 307, path: "/new" },
    { protocol: "http" },
    { protocol: "ftp" },
    { path: "new" },
    { path: "/#{path}/#{path}" },
    { path: "/#{query}" },
    { path: `/${"a".repeat(128)}` },
    { host: "exa mple.com" },
    { host: "#{port}.example.com" },
    { query: "?a" },
    { port: 0 },
    { to: "new" },
    { to: "https://example.com:70000/" },
    { to: "/new#top" },
    { to: "/new", host: "example.com" },
    7,
    undefined,
  ];
  expect(refusals(bad, (to) => redirect(to))).toMatchInlineSnapshot(`
    [
      "loadBalancer.redirect: must change the protocol, the host, the port or the path of the requests: ELB refuses a redirect to the same address",
      "loadBalancer.redirect: must change the protocol, the host, the port or the path of the requests: ELB refuses a redirect to the same address",
      "loadBalancer.redirect.status: must be 301 or 302; got 307",
      "loadBalancer.redirect.protocol: must not be http on a load balancer with an HTTPS listener: ELB does not redirect HTTPS to HTTP",
      "loadBalancer.redirect.protocol: must be "http" or "https"; got "ftp"",
      "loadBalancer.redirect.path: must be a path of 128 characters at most that begins with / and has no space, ? and #, with each of the words #{host}, #{path}, #{port} once at most; got "new"",
      "loadBalancer.redirect.path: must be a path of 128 characters at most that begins with / and has no space, ? and #, with each of the words #{host}, #{path}, #{port} once at most; got "/#{path}/#{path}"",
      "loadBalancer.redirect.path: must be a path of 128 characters at most that begins with / and has no space, ? and #, with each of the words #{host}, #{path}, #{port} once at most; got "/#{query}"",
      "loadBalancer.redirect.path: must be a path of 128 characters at most that begins with / and has no space, ? and #, with each of the words #{host}, #{path}, #{port} once at most; got "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (129 characters)",
      "loadBalancer.redirect.host: must be a host of 128 letters, digits, hyphens and dots at most, with the word #{host} once at most; got "exa mple.com"",
      "loadBalancer.redirect.host: must be a host of 128 letters, digits, hyphens and dots at most, with the word #{host} once at most; got "#{port}.example.com"",
      "loadBalancer.redirect.query: must be a query of 128 characters at most that has no space and #, and no ? at its beginning, with each of the words #{protocol}, #{host}, #{port}, #{path}, #{query} once at most; got "?a"",
      "loadBalancer.redirect.port: must be a whole number from 1 to 65535; got 0",
      "loadBalancer.redirect.to: must be a path, such as "/new/#{path}", or a URL, such as "https://example.com/#{path}?#{query}"; got "new"",
      "loadBalancer.redirect.to: must have a port from 1 to 65535; got "https://example.com:70000/"",
      "loadBalancer.redirect.to: must be a path of 128 characters at most that begins with / and has no space, ? and #, with each of the words #{host}, #{path}, #{port} once at most; got "/new#top"",
      "loadBalancer.redirect.to: must not be given with host, which are parts of it",
      "loadBalancer.redirect: must be an object of options; got 7",
      "loadBalancer.redirect: must change the protocol, the host, the port or the path of the requests: ELB refuses a redirect to the same address",
    ]
  `);
});

test("a redirect to itself is refused, and one that leads elsewhere on one listener stands there alone", () => {
  const issues = [
    redirect({ host: "example.com" }, { host: ["example.com", "www.example.com"] }),
    redirect({ host: "EXAMPLE.com" }, { host: "example.com" }),
    redirect({ path: "/a" }, { path: ["/a", "/b"] }),
    redirect({ protocol: "https" }, { path: "/*" }, new LoadBalancer("alb").https(443)),
  ].flatMap((chain) => issuesOf(chain));
  expect(issues).toMatchInlineSnapshot(`
    [
      "loadBalancer.redirect: must not redirect example.com to itself: remove it from the requests, or lead them to another address",
      "loadBalancer.redirect: must change the protocol, the host, the port or the path of the requests: ELB refuses a redirect to the same address",
      "loadBalancer.redirect: must not redirect /a to itself: remove it from the requests, or lead them to another address",
      "loadBalancer.redirect: must change the protocol, the host, the port or the path of the requests: ELB refuses a redirect to the same address",
    ]
  `);
  expect(answersOf(both.redirect({ path: "/a*" }, { protocol: "https" }))?.[0]?.ports).toEqual([80]);
});

test("a fixed response that ELB would refuse is refused before any call", () => {
  const bad = [
    {},
    { status: 301 },
    { status: "200" },
    { status: 200, body: "a".repeat(1025) },
    { status: 200, body: 7 },
    { status: 200, contentType: "image/png" },
    { status: 200, headers: {} },
  ];
  expect(refusals(bad, (response) => respond(response))).toMatchInlineSnapshot(`
    [
      "loadBalancer.respond.status: must be a whole number from 200 to 299 or from 400 to 599; got undefined",
      "loadBalancer.respond.status: must be a whole number from 200 to 299 or from 400 to 599; got 301",
      "loadBalancer.respond.status: must be a whole number from 200 to 299 or from 400 to 599; got "200"",
      "loadBalancer.respond.body: must be a text of 1024 characters at most; got 1025 characters",
      "loadBalancer.respond.body: must be a text of 1024 characters at most; got 7",
      "loadBalancer.respond.contentType: must be "text/plain", "text/css", "text/html", "application/javascript" or "application/json"; got "image/png"",
      "loadBalancer.respond.headers: unknown option; valid options: status, body, contentType",
    ]
  `);
});

test("the requests of an answer are those of a route, and those of nobody else", () => {
  const issues = [
    respond({ status: 200 }, null),
    respond({ status: 200 }, { path: "old" }),
    respond({ status: 200 }, { path: ["/a", "/b", "/c"], headers: { "x-a": ["1", "2", "3", "4", "5"] } }),
    respond({ status: 200 }, { paths: "/a" }),
    respond({ status: 200 }, { priority: 0 }),
    behind(both.respond({ path: "/a" }, { status: 200 }).redirect({ path: "/a" }, { to: "/b" })),
    behind(both.respond({ path: "/talk*" }, { status: 200 })),
    behind(both.respond({ path: "/a", priority: 5 }, { status: 200 }), { path: "/b", priority: 5 }),
    behind(untyped(LoadBalancer.existing("alb"))["respond"]!({}, { status: 200 })),
  ].flatMap((chain) => issuesOf(chain));
  expect(issues).toMatchInlineSnapshot(`
    [
      "loadBalancer.respond.requests: must be an object of options; got null",
      "loadBalancer.respond.requests.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "old"",
      "loadBalancer.respond.requests: methods, headers, query and source must have at most 4 values together, because a rule has 5 with a path; got 5",
      "loadBalancer.respond.requests.paths: unknown option; did you mean path?",
      "loadBalancer.respond.requests.priority: must be a whole number from 1 to 50000; got 0",
      "loadBalancer.redirect: has the requests of another answer: /a",
      "behindAlb: has the requests that the load balancer answers by itself (fixed-response): /talk*",
      "behindAlb.priority: 5 is that of an answer of the load balancer",
      "loadBalancer.respond: is not supported with LoadBalancer.existing(...), which never changes the load balancer: remove it, or use new LoadBalancer(...)",
    ]
  `);
});
