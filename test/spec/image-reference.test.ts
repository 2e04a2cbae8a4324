import { expect, test } from "vitest";
import { parseImageReference } from "../../src/spec/image-reference.js";

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
