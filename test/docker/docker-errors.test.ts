import { expect, test } from "vitest";
import { buildStep } from "../../src/docker/build-image.js";
import { buildFailed, isExpired, pushFailed } from "../../src/docker/docker-errors.js";

test.each([
  ["#7 [2/4] COPY server.mjs ./", { text: "COPY server.mjs ./", done: 2, total: 4 }],
  ["#9 [build 1/3] FROM node:22", { text: "FROM node:22", done: 1, total: 3 }],
  ["Step 2/7 : COPY a b", { text: "COPY a b", done: 2, total: 7 }],
  ["STEP 2/7: COPY a b", { text: "COPY a b", done: 2, total: 7 }],
])("%s is a step", (line, step) => {
  expect(buildStep(line)).toEqual({ phase: "build", unit: "steps", ...step });
});

test.each([["#7 transferring context: 2kB"], [" ---> 5f70bf18a086"]])("%s is not a build step", (line) => {
  expect(buildStep(line)).toBeUndefined();
});

test("a full disk has the same error in a build and in a push", () => {
  const lines = ["Step 3/3 : COPY . .", "write /var/lib/docker/tmp/x: no space left on device"];
  for (const error of [buildFailed(lines, "linux/amd64"), pushFailed(lines, "registry/talk")]) {
    expect(error).toMatchObject({ code: "disk-full", fix: expect.stringContaining("docker system prune") });
  }
});

test("a lost engine is not reported as an error of the Dockerfile", () => {
  const line =
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
  expect(buildFailed([line], "linux/amd64").code).toBe("docker-unreachable");
});

test("a program for another architecture is reported with a fix", () => {
  const lines = ["#5 0.2 exec /bin/sh: exec format error", "ERROR: failed to solve"];
  const error = buildFailed(lines, "linux/arm64");
  expect(error.code).toBe("image-build-failed");
  expect(error.fix).toContain("binfmt");
});

test("a tag that another run has pushed in the meantime is not a failed push", () => {
  const line =
    "tag invalid: The image tag 'x' already exists in the 'talk' repository and cannot be overwritten because the tag is immutable.";
  expect(pushFailed([line], "registry/talk").code).toBe("image-tag-exists");
});

test.each([
  ["denied: Your authorization token has expired. Reauthenticate and try again.", true],
  ["no basic auth credentials", true],
  ["unauthorized: authentication required", true],
  ["dial tcp: lookup registry: no such host", false],
])("%s: new credentials help is %s", (line, helps) => {
  expect(isExpired([line])).toBe(helps);
});
