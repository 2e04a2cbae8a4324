import { expect, test } from "vitest";
import { issuesOf, refusals, talk } from "./issues-of.js";

const secret = (source: unknown) => talk["secrets"]!({ P: source });
const ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db";

test.each([
  ["arn:aws:secretsmanager:us-east-1:ACCOUNT_ID:secret:x", 'its account, "ACCOUNT_ID", must have 12 digits'],
  ["arn:aws:secretsmanager:REGION:123456789012:secret:x", 'its region, "REGION"'],
  ["arn:amazon:secretsmanager:us-east-1:123456789012:secret:x", 'its partition, "amazon"'],
  ["arn:aws:secretmanager:us-east-1:123456789012:secret:x", 'its service, "secretmanager"'],
  ["arn:aws:s3:::bucket", 'its service, "s3"'],
  ["arn:aws:secretsmanager:us-east-1:123456789012:x", 'its resource must begin with "secret:"'],
  [`${ARN}:password`, "with all three colons"],
  [`${ARN}:password:`, "with all three colons"],
  ["arn:aws:secretsmanager:us-east-1:123456789012:secret:a b", "its name may contain only"],
  ["arn:aws:ssm:us-east-1:123456789012:x", 'its resource must be "parameter/"'],
  ["ssm:/talk//db", "the name of the parameter"],
])("what is wrong with the reference %s is said", (source, message) => {
  const [refusal] = refusals([source], secret);
  expect(refusal).toContain(message);
  expect(refusal).toContain(`got "${source.slice(0, 30)}`);
});

test("what is no reference may be the secret itself, and is not shown", () => {
  expect(refusals(["hunter2", "ARN of my secret"], secret).join()).not.toMatch(/hunter2|my secret/);
});

test("secrets whose names exceed the policy of the execution role are refused before any request", () => {
  const arns = Array.from({ length: 120 }, (_, index) => [
    `S${index}`,
    `${ARN}-${"x".repeat(30)}-${index}-AbCdEf`,
  ]);
  const parameters = Array.from({ length: 150 }, (_, index) => [
    `S${index}`,
    `ssm:/${"x".repeat(50)}/${index}`,
  ]);
  for (const many of [arns, parameters]) {
    expect(issuesOf(talk["secrets"]!(Object.fromEntries(many)))).toEqual([
      expect.stringMatching(/^container.secrets: are too many: .* 10240 characters/),
    ]);
  }
  expect(issuesOf(talk["secrets"]!(Object.fromEntries(arns.slice(0, 60))))).toEqual([]);
});

test("the number that an unset variable becomes is no value of a variable", () => {
  expect(refusals([NaN, Infinity, -Infinity, 1n, [1], () => 1], (PORT) => talk["env"]!({ PORT })))
    .toMatchInlineSnapshot(`
    [
      "container.environment.PORT: must be a string, a finite number or a boolean; got NaN",
      "container.environment.PORT: must be a string, a finite number or a boolean; got Infinity",
      "container.environment.PORT: must be a string, a finite number or a boolean; got -Infinity",
      "container.environment.PORT: must be a string, a finite number or a boolean; got 1n",
      "container.environment.PORT: must be a string, a finite number or a boolean; got an array",
      "container.environment.PORT: must be a string, a finite number or a boolean; got a function",
    ]
  `);
});

test("an abbreviation, an offset or another case is no time zone of IANA's", () => {
  const schedule = (timezone: unknown) =>
    talk["autoscale"]!({ max: 4, schedule: [{ at: "cron(0 9 * * ? *)", timezone, min: 2 }] });
  const bad = [
    "PST",
    "IST",
    "JST",
    "+01:00",
    "europe/paris",
    "Europe/PARIS",
    "Europe",
    "Mars/Base",
    "EUROPE/PARIS",
  ];
  expect(refusals(bad, schedule)).toEqual(
    bad.map((each) =>
      expect.stringContaining(`must be an IANA time zone, such as "Europe/Paris"; got "${each}"`),
    ),
  );
  const good = [
    ...[
      "Europe/Paris",
      "Asia/Kolkata",
      "Asia/Calcutta",
      "Europe/Kyiv",
      "Etc/GMT+5",
      "Etc/UTC",
      "US/Pacific",
      "UTC",
    ],
    ...[
      "GMT",
      "CET",
      "PST8PDT",
      "Australia/NSW",
      "America/Argentina/Buenos_Aires",
      "Antarctica/DumontDUrville",
    ],
  ];
  for (const each of good) expect(issuesOf(schedule(each)), each).toEqual([]);
});
