import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Route } from "../../../src/load-balancer/rules/rule-conditions.js";
import { covers, overlaps, shadows } from "../../../src/load-balancer/rules/rule-conflicts.js";
import { rulePriority, type RankedRoute } from "../../../src/load-balancer/rules/rule-priority.js";

const route = (path: string | string[], host: string | string[] = []): Route => ({
  path: [path].flat(),
  host: [host].flat(),
  narrowed: false,
});

/** Rules made one after the other, each among those before. */
function created(...routes: Route[]): RankedRoute[] {
  const rules: RankedRoute[] = [];
  for (const each of routes) rules.push({ ...each, priority: rulePriority(each, rules)! });
  return rules;
}

const inOrder = (rules: RankedRoute[]): string[] =>
  [...rules].sort((a, b) => a.priority - b.priority).map(({ host, path }) => `${host.join()}${path.join()}`);

const paths = fc.constantFrom(
  "/*",
  "/talk*",
  "/talk/*",
  "/talk",
  "/talk/admin*",
  "/speaker*",
  "/s?eaker",
  "*",
);
const hosts = fc.constantFrom("*", "*.example.com", "api.example.com", "www.example.com");
const anyRoute = fc.record({
  path: fc.uniqueArray(paths, { minLength: 1, maxLength: 2 }),
  host: fc.uniqueArray(hosts, { maxLength: 2 }),
  narrowed: fc.constant(false),
});

describe("a rule's priority", () => {
  test("host before path, longer before shorter, exact before wildcard, in whatever order they are created", () => {
    const routes = [
      route("/*", "api.example.com"),
      route("/talk*", "*.example.com"),
      route("/talk/admin*"),
      route("/talk"),
      route("/talk*"),
      route("/*"),
    ];
    const expected = ["api.example.com/*", "*.example.com/talk*", "/talk/admin*", "/talk", "/talk*", "/*"];
    expect(inOrder(created(...routes))).toEqual(expected);
    expect(inOrder(created(...routes.reverse()))).toEqual(expected);
  });

  test("rules that two runs make at the same time come in order, too", () => {
    const wide = rulePriority(route("/*"), [])!;
    const narrow = rulePriority(route("/talk*"), [])!;
    expect(narrow).toBeLessThan(wide);
  });

  test("goes before a foreign catch-all at the very front", () => {
    expect(rulePriority(route("/talk*"), [{ ...route("/*"), priority: 2 }])).toBe(1);
  });

  test("where there is no room before a catch-all, takes the first free place", () => {
    const taken = [
      { ...route("/a*"), priority: 1 },
      { ...route("/*"), priority: 2 },
    ];
    expect(rulePriority(route("/talk*"), taken)).toBe(3);
  });

  test("is never one that is taken, and hides or is hidden by nothing that could be ordered", () => {
    fc.assert(
      fc.property(fc.array(anyRoute, { maxLength: 40 }), (routes) => {
        const rules = created(...routes);
        expect(new Set(rules.map(({ priority }) => priority)).size).toBe(rules.length);
        for (const rule of rules) {
          expect(rule.priority).toBeGreaterThanOrEqual(1);
          expect(rule.priority).toBeLessThanOrEqual(50_000);
          for (const other of rules) {
            const hides = covers(rule, other) && !covers(other, rule);
            if (hides) expect(rule.priority).toBeGreaterThan(other.priority);
          }
        }
      }),
    );
  });
});

describe("among rules of others", () => {
  test("a rule that matches only some requests, wherever it stands, does not draw ours before what it would hide", () => {
    const others = [
      { ...route([]), narrowed: true, priority: 8 },
      { ...route("/talk*"), priority: 37_100 },
    ];
    expect(rulePriority(route("/*"), others)).toBeGreaterThan(37_100);
  });

  test("a rule that stands too early does not draw ours before it either", () => {
    const others = [
      { ...route("*.html"), priority: 1 },
      { ...route("/talk*"), priority: 37_100 },
      { ...route("/talk/a*"), priority: 2 },
    ];
    const priority = rulePriority(route(["/talk*", "/speaker*"]), others);
    expect(priority).toBeGreaterThan(37_100);
  });
});

describe("rules that hide another", () => {
  test("are those before it that take all of its requests", () => {
    const rule = route("/talk/*", "api.example.com");
    const others = [
      { ...route("/*"), priority: 10, name: "everything" },
      { ...route("/talk*", "*.EXAMPLE.com"), priority: 20, name: "wildcards" },
      { ...route("/talk/1"), priority: 30, name: "one path only" },
      { ...route("/*", "www.example.com"), priority: 31, name: "another host" },
      { ...route("/*"), narrowed: true, priority: 40, name: "only some requests" },
      { ...route("/*"), priority: 60, name: "after it" },
    ];
    const hiding = others.filter((other) => shadows(other, rule));
    expect(hiding.map(({ name }) => name)).toEqual(["everything", "wildcards", "after it"]);
  });

  test.each([
    ["/t?lk", "/talk", true],
    ["/t?lk", "/t*lk", false],
    ["/talk.html", "/talkxhtml", false],
    ["/Talk", "/talk", false],
  ])("%s takes all of %s: %s", (wide, narrow, expected) => {
    expect(covers(route(wide), route(narrow))).toBe(expected);
  });

  test.each([
    [route("/talk/*"), route("*/admin"), true],
    [route("/talk*"), route("/speaker*"), false],
    [route("/*", "api.example.com"), route("/talk*"), true],
    [route("/a?"), route("/?b"), true],
    [route("/*", "a.example.com"), route("/*", "b.example.com"), false],
    [route("/*", "*.EXAMPLE.com"), route("/*", "b.example.*"), true],
  ])("%j and %j share requests: %s", (a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
    expect(overlaps(b, a)).toBe(expected);
  });
});
