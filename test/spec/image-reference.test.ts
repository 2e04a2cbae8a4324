import { expect, test } from "vitest";
import { parseImageReference } from "../../src/spec/image-reference.js";
import { issuesOf, refusals, talk } from "./issues-of.js";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

test.each([
  ["nginx", { registry: undefined, repository: "nginx", tag: undefined, digest: undefined }],
  [
    "library/nginx:1.29",
    { registry: undefined, repository: "library/nginx", tag: "1.29", digest: undefined },
  ],
  [
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/conference/talk-service:1",
    {
      registry: "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
      repository: "conference/talk-service",
      tag: "1",
      digest: undefined,
    },
  ],
  [
    "localhost:5000/talk",
    { registry: "localhost:5000", repository: "talk", tag: undefined, digest: undefined },
  ],
  ["localhost/talk", { registry: "localhost", repository: "talk", tag: undefined, digest: undefined }],
  [`talk:1@${digest}`, { registry: undefined, repository: "talk", tag: "1", digest }],
  [
    `public.ecr.aws/talk@${digest}`,
    { registry: "public.ecr.aws", repository: "talk", tag: undefined, digest },
  ],
])("%s is read as Docker reads it", (text, parts) => {
  expect(parseImageReference(text)).toEqual(parts);
});

test("what no registry would take is refused", () => {
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
      "image.credentials: must be the ARN of a Secrets Manager secret; got "arn:aws:ssm:eu-west-1:123456789012:parameter/x"",
      "image.credentials: must be a non-empty string; got """,
      "image.credentials: must be a non-empty string; got 1",
    ]
  `);
  const arn = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:registry-AbCdEf";
  expect(issuesOf(talk["image"]!("private/talk", { credentials: arn }))).toEqual([]);
});
