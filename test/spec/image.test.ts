import { expect, test } from "vitest";
import { issuesOf, refusals, talk } from "./issues-of.js";

test("an invalid image reference is rejected", () => {
  const bad = [
    "",
    "Talk-Service",
    "talk:",
    "talk service",
    "talk@sha256:12",
    "talk--/x",
    "a//b",
    "https://host/talk",
    `${"a".repeat(256)}`,
  ];
  expect(refusals(bad, (source) => talk["image"]!(source))).toMatchInlineSnapshot(`
    [
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got """,
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got "Talk-Service"",
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got "talk:"",
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got "talk service"",
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got "talk@sha256:12"",
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got "talk--/x"",
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got "a//b"",
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got "https://host/talk"",
      "image: must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (256 characters)",
    ]
  `);
});

test("credentials are the ARN of a Secrets Manager secret", () => {
  const bad = ["my-secret", "arn:aws:ssm:eu-west-1:123456789012:parameter/x", "", 1];
  expect(refusals(bad, (credentials) => talk["image"]!("private/talk", { credentials })))
    .toMatchInlineSnapshot(`
      [
        "image.credentials: must be the ARN of a Secrets Manager secret; got "my-secret"",
        "image.credentials: must be the ARN of a Secrets Manager secret; its service, "ssm", must be secretsmanager; got "arn:aws:ssm:eu-west-1:123456789012:parameter/x"",
        "image.credentials: must be a non-empty string; got """,
        "image.credentials: must be a non-empty string; got 1",
      ]
    `);
  const arn = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:registry-AbCdEf";
  expect(issuesOf(talk["image"]!("private/talk", { credentials: arn }))).toEqual([]);
});
