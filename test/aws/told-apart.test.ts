import { expect, test } from "vitest";
import { toAwsError } from "../../src/aws/to-aws-error.js";
import { aws, SpecError, type ErrorCode } from "../../src/index.js";

const run = { region: "eu-west-1", progress: { answered: true, changed: false } };
const codeOf = (error: unknown): unknown =>
  (toAwsError("ecs", "createCluster", error, run) as { readonly code?: ErrorCode }).code;
const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

test.each<[string, unknown, ErrorCode]>([
  ["a refused connection", named("Error", { code: "ECONNREFUSED" }), "network"],
  ["a host without an address", named("Error", { code: "ENOTFOUND" }), "network"],
  ["a connection that breaks", named("TimeoutError", { code: "ECONNRESET" }), "network"],
  ["a certificate that is not trusted", named("Error", { code: "SELF_SIGNED_CERT_IN_CHAIN" }), "network"],
  ["a peer that does not speak HTTP", named("Error", { code: "HPE_INVALID_CONSTANT" }), "network"],
  ["a missing permission", named("AccessDeniedException", { $metadata: {} }), "access-denied"],
  ["an invalid request", named("InvalidParameterException", { $metadata: {} }), "aws-refused"],
])("%s has a code of its own", (_, error, code) => {
  expect(codeOf(error)).toBe(code);
});

test.each([new TypeError("x is not a function"), new RangeError("too large"), new ReferenceError("y")])(
  "an error in a program is not AWS's, and stays what it is: %s",
  (error) => {
    expect(toAwsError("ecs", "createCluster", error, run)).toBe(error);
  },
);

test.each<[string, string]>([
  ["europe", 'must be the id of a region, such as "eu-west-1"; got "europe"'],
  ["eu-west1", 'did you mean "eu-west-1"?'],
  ["eu-west-1a", 'did you mean "eu-west-1"?'],
  ["EU-WEST-1", 'did you mean "eu-west-1"?'],
])("aws({ region: %j }) is refused at once", (region, hint) => {
  expect(() => aws({ region })).toThrow(SpecError);
  expect(() => aws({ region })).toThrow(hint);
});

test("regions that AWS adds, and those of other endpoints, are accepted", () => {
  for (const region of ["mx-central-1", "us-gov-west-1", "eusc-de-east-1", "us-isob-east-1"])
    expect(() => aws({ region })).not.toThrow();
  expect(() => aws({ region: "local", endpoint: new URL("http://127.0.0.1:4566") })).not.toThrow();
  expect(() => aws({ endpoint: "localhost:4566" })).toThrow("aws.endpoint: must be a URL");
});
