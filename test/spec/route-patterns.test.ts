import { expect, test } from "vitest";
import { refusals, talk, wronglyRefused } from "./issues-of.js";

const routed = (options: unknown) => talk["port"]!(8080)["behindAlb"]!("conferenceAlb", options);

test("a path pattern is one that a load balancer takes", () => {
  const bad = [
    "talk",
    "/talk talk",
    "/talk|x",
    `/${"a".repeat(128)}`,
    "/é",
    "",
    [],
    1,
    ["/talk", 1],
    ["/talk", "/talk"],
  ];
  expect(refusals(bad, (path) => routed({ path }))).toMatchInlineSnapshot(`
    [
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "talk"",
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "/talk talk"",
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "/talk|x"",
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (129 characters)",
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "/é"",
      "behindAlb.path: must be one pattern or an array of patterns, such as "/talk*"; got """,
      "behindAlb.path: must be one pattern or an array of patterns, such as "/talk*"; got an empty array",
      "behindAlb.path: must be one pattern or an array of patterns, such as "/talk*"; got 1",
      "behindAlb.path: must be one pattern or an array of patterns, such as "/talk*"; got an array with 1",
      "behindAlb.path: "/talk" is listed twice",
    ]
  `);
  const good = ["/talk*", "/", "*", "*.html", "/a_b-c.$~\"'@:+&d?", `/${"a".repeat(127)}`];
  expect(wronglyRefused(good, (path) => routed({ path }))).toEqual([]);
});

test("a host pattern is one that a load balancer takes", () => {
  const bad = [
    "localhost",
    "talk.example.c0m",
    "talk_service.example.com",
    `${"a".repeat(125)}.com`,
    "http://talk.example.com",
  ];
  expect(refusals(bad, (host) => routed({ host }))).toMatchInlineSnapshot(`
    [
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "localhost"",
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "talk.example.c0m"",
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "talk_service.example.com"",
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (129 characters)",
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "http://talk.example.com"",
    ]
  `);
  expect(
    wronglyRefused(["talk.example.com", "*.example.com", "talk-?.Example.COM"], (host) => routed({ host })),
  ).toEqual([]);
});

test("patterns that exceed one rule become several rules; one path with one host must fit", () => {
  const paths = (count: number) => Array.from({ length: count }, (_, index) => `/p${index}`);
  const bad = [
    { path: ["/*a*"], host: ["*.?.?.*.?.example.com", "b.com"] },
    { path: ["/*?*?*?*"] },
    { path: paths(501) },
  ];
  expect(refusals(bad, routed)).toMatchInlineSnapshot(`
    [
      "behindAlb: a path and a host must have at most 6 wildcards (* and ?) together, which is a rule's maximum; got 7",
      "behindAlb: a path and a host must have at most 6 wildcards (* and ?) together, which is a rule's maximum; got 7",
      "behindAlb: path and host must fit into the 100 rules of a load balancer; they need 101",
    ]
  `);
  expect(
    wronglyRefused(
      [
        { path: ["/a", "/b", "/c", "/d"], host: ["a.example.com", "b.example.com"] },
        { path: ["/*a*", "/*b*"], host: ["*.?.?.example.com"] },
        { path: paths(500) },
      ],
      routed,
    ),
  ).toEqual([]);
});
