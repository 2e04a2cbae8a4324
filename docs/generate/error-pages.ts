import { CAUSES } from "../../src/service/rollout/stop-causes.js";
import { documentedWords } from "./documented-union.js";
import { thrownErrors } from "./thrown-errors.js";

const CODES = "src/error-codes.ts";
const DIAGNOSES = "src/diagnosis-codes.ts";

/** The page with a place for every error code. */
export function errorsPage(): string {
  const codes = documentedWords(CODES, "ErrorCode");
  const thrown = thrownErrors(new Set(codes.keys()));
  const places = [...codes].map(([code, meaning]) => {
    const messages = thrown.filter((each) => each.code === code);
    return [
      `## ${code}`,
      meaning,
      ...section("Messages", messages, ({ message }) => message),
      ...(HINTS[code] === undefined
        ? section("What to do", messages, ({ fix }) => fix)
        : ["**What to do**", HINTS[code]]),
      ...(SEE[code] === undefined ? [] : [`See ${SEE[code]}.`]),
    ].join("\n\n");
  });
  return page(
    "Error codes",
    "Every error that quayside throws is a `QuaysideError` with a `code` that never changes, a `fix`, the `facts`, and `docs`: the address of its place on this page. In messages, `{…}` stands for a value.",
    places,
  );
}

/** The page with a place for every diagnosis. */
export function diagnosesPage(): string {
  const places = [...documentedWords(DIAGNOSES, "DiagnosisCode")].map(([code, meaning]) => {
    const causes = CAUSES.filter((cause) => cause.code === code);
    return [
      `## ${code}`,
      meaning,
      ...section("What to do", causes.length === 0 ? FIXES : causes, ({ fix }) => fix),
      ...section("Recognized by", causes, ({ pattern, exitCode }) =>
        exitCode === undefined ? pattern.source : `${pattern.source}, with exit code ${exitCode}`,
      ),
      ...(causes.length === 0
        ? []
        : [
            causes.every(({ permanent }) => permanent)
              ? "Waiting does not help: the rollout is ended as soon as this is seen."
              : "It may pass by itself: the rollout goes on until ECS or the timeout ends it.",
          ]),
    ].join("\n\n");
  });
  return page(
    "Diagnoses",
    "A `RolloutError` (code `rollout-failed`) carries a `diagnosis`: why the service did not become healthy, from the reasons of its stopped tasks, the health of its targets, and ECS's service events. Tasks of `run()`, of jobs and of `.beforeRelease()` carry one, too.",
    places,
  );
}

/** For the diagnoses that are made of more than one text of AWS's. */
const FIXES = [
  {
    fix: "Read `evidence`: the reasons of the stopped tasks, the service's events, the state of the cluster.",
  },
];

/** Where the fix depends on what AWS has answered: `error.fix` says it, and these say it in general. */
const HINTS: Readonly<Record<string, string>> = {
  "invalid-spec":
    "Correct the options at the paths that `issues` names, each with the values that are allowed.",
  "not-owned":
    "Choose another name, use the resource as it is (`Cluster.existing()`, `LoadBalancer.existing()`, or its name alone), or pass `{ adopt: true }` to take it over.",
  "aws-refused":
    "Read `awsCode` and AWS's own message, correct what it names, and run again: completed steps are kept. Quotas are raised in Service Quotas.",
  "log-bucket":
    "Add the statements in `fix` to the bucket's policy, in the load balancer's region. Then run again: the load balancer exists by then, and nothing that needs it was changed.",
  "access-denied":
    "Add the statement in `fix` to the caller's policy, or give it the policy that `permissions()` of the chain returns. If `fix` names a service control policy or a permissions boundary, its owner must allow the action.",
  "unexpected-response":
    "Check what is between this computer and AWS: a captive portal, a proxy (`HTTPS_PROXY`, `NO_PROXY`), a VPN, or `AWS_ENDPOINT_URL`. The message says what answered.",
  "rollout-failed": "Read `diagnosis` and `evidence`, and do what `fix` says.",
  network:
    "Check the connection to the internet, the name in the message, a VPN, `HTTPS_PROXY` and `NO_PROXY`. Run again: completed steps are kept.",
  aborted: "Run again: completed steps are kept. `outcome` says which these are.",
  "timed-out":
    "Read what the run waited for, and run again: completed steps are kept. A longer `timeout` helps if AWS is slow, or if the service takes long to start.",
  "release-taken-back":
    "The users have the old version. Fix what the message names (the verification, the alarm, the tasks), and deploy again.",
  "instances-failed":
    "Fix the reason that EC2 gives: raise the quota, use another instance type, create the key pair, allow the KMS key. Completed steps are kept.",
  "unknown-instance-type": "Correct the name; the message suggests the nearest one.",
  "no-vpc":
    "Correct `.network({ vpc })`. Names and tags of a VPC that another account shares are not visible here: use its id.",
  "no-subnets":
    "Correct `.network({ subnets })`: subnets of this region, or tags that some of the VPC's subnets have.",
  "same-zone": "Name one subnet for each Availability Zone.",
  "image-tag-exists": "Run again: the image exists now and is used.",
};

/** The guides that say more. */
const SEE: Readonly<Record<string, string>> = {
  "access-denied": "[Permissions](../permissions.md) and [CI with a narrowed policy](../guides/ci.md)",
  "not-owned": "[Adopting what exists](../guides/adopting.md)",
  "rollout-failed": "[Diagnoses](./diagnoses.md)",
  "refresh-failed": "[Hosts](../guides/hosts.md)",
  "another-run": "[Two runs at once](../concepts/two-runs.md)",
  "no-credentials": "[Credentials](../guides/credentials.md)",
  "no-egress": "[Networks](../guides/networks.md)",
  "nat-gateway-failed": "[Networks](../guides/networks.md)",
  "vpc-endpoint-failed": "[Networks](../guides/networks.md)",
  "verification-failed": "[Blue/green](../guides/blue-green.md)",
  "replacement-needed": "[Plan](../concepts/plan.md)",
};

/** A list of different texts under a title; nothing if there is none. */
function section<T>(title: string, items: readonly T[], textOf: (item: T) => string | undefined): string[] {
  const texts = [...new Set(items.flatMap((item) => textOf(item) ?? []))];
  return texts.length === 0 ? [] : [`**${title}**`, texts.map((text) => `- ${asCode(text)}`).join("\n")];
}

/** Braces and angle brackets are markup in VitePress, except in code; a text may contain backticks itself. */
function asCode(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${fence === "``" ? ` ${text} ` : text}${fence}`;
}

const page = (title: string, intro: string, places: readonly string[]): string =>
  `---\noutline: [2, 2]\n---\n\n# ${title}\n\n${intro}\n\n${places.join("\n\n")}\n`;
