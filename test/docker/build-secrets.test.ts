import { resolve } from "node:path";
import { expect, test } from "vitest";
import { assertSupported, secretArguments } from "../../src/docker/build-secrets.js";
import { issuesOf, untyped } from "../spec/issues-of.js";
import { Deployment } from "../../src/index.js";

test("Docker gets the sources of secrets, and never their values", () => {
  const secrets = { npm: { env: "NPM_TOKEN" }, key: { file: 'a, "b"' } };
  const contexts = { shared: "../shared", base: "docker-image://node:22" };
  expect(secretArguments({ secrets, ssh: ["default", "github=/keys/github"], contexts })).toEqual([
    "--secret",
    "id=npm,env=NPM_TOKEN",
    "--secret",
    `id=key,"src=${resolve('a, "b"').replaceAll('"', '""')}"`,
    "--ssh",
    "default",
    "--ssh",
    "github=/keys/github",
    "--build-context",
    `shared=${resolve("../shared")}`,
    "--build-context",
    "base=docker-image://node:22",
  ]);
  expect(secretArguments({ secrets: {}, ssh: [], contexts: {} })).toEqual([]);
});

test("Docker's older builder is refused only if it would have to know secrets", () => {
  expect(() => assertSupported({ secrets: {}, ssh: ["default"], contexts: {} }, "classic")).toThrow(
    "need BuildKit",
  );
  assertSupported({ secrets: {}, ssh: [], contexts: {} }, "classic");
  assertSupported({ secrets: {}, ssh: ["default"], contexts: {} }, "buildx");
});

test("named contexts are refused by the BuildKit of an older client, which takes secrets and SSH", () => {
  const contexts = { shared: "../shared" };
  expect(() => assertSupported({ secrets: {}, ssh: [], contexts }, "buildkit")).toThrow(
    "need the buildx plugin",
  );
  assertSupported({ secrets: { npm: { env: "NPM_TOKEN" } }, ssh: ["default"], contexts: {} }, "buildkit");
  assertSupported({ secrets: {}, ssh: [], contexts }, "buildx");
});

test("a build secret has an id and one source, and is not shown", () => {
  const talk = untyped(new Deployment("talk").cluster("web"));
  const issues = (buildSecrets: unknown) =>
    issuesOf(talk["image"]!("./examples/talk-service", { buildSecrets }));
  expect(issues({ npm: { env: "NPM_TOKEN" }, key: { file: "./key" } })).toEqual([]);
  for (const source of ["hunter2", { env: "hunter 2" }, { env: "A", file: "b" }, { file: "" }, {}]) {
    expect(issues({ npm: source })).toEqual([
      'image.buildSecrets: the source of npm must be { env: "NAME" } or { file: "path" }',
    ]);
  }
  expect(issues({ "a b": { env: "A" } })).toHaveLength(1);
  expect(issues("NPM_TOKEN")).toHaveLength(1);
});
