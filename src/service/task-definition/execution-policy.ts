import { parseArn, secretArn } from "../../aws/arn.js";
import type { TaskSpec } from "../../spec/deployment-spec.js";
import { MAX_INLINE, sizeOfPolicies } from "../../spec/policy-size.js";

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly {
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  }[];
}

/**
 * The permissions of a task's execution role beyond AWS's managed policy: to read exactly the described
 * parameters and secrets, and the registries' credentials. `undefined` if there are none.
 *
 * Source: Amazon ECS Developer Guide, "Task execution IAM role", secrets and private registries.
 */
export function executionPolicy(
  spec: Pick<TaskSpec, "container" | "image" | "sidecars">,
  { region, partition }: { readonly region: string; readonly partition: string },
): PolicyDocument | undefined {
  const parameters = new Set<string>();
  const secrets = new Set<string>();
  const read = [spec.container, ...spec.sidecars].flatMap((container) => Object.values(container.secrets));
  for (const source of read) {
    if (source.from === "parameter-store") {
      parameters.add(`arn:${partition}:ssm:${region}:*:parameter/${source.parameter.replace(/^\//, "")}`);
    } else if (parseArn(source.arn).service === "ssm") {
      // Without the version of the parameter.
      parameters.add(source.arn.split(":").slice(0, 6).join(":"));
    } else {
      secrets.add(secretArn(source.arn));
    }
  }
  for (const { credentials } of [spec.image, ...spec.sidecars.map(({ image }) => image)])
    if (credentials !== undefined) secrets.add(secretArn(credentials));
  if (parameters.size + secrets.size === 0) return undefined;

  const keys = keyStatement([...parameters, ...secrets]);
  const policyFor = (secretResources: readonly string[]): PolicyDocument => ({
    Version: "2012-10-17",
    Statement: [
      ...allow("ssm:GetParameters", [...parameters]),
      ...allow("secretsmanager:GetSecretValue", secretResources),
      keys,
    ],
  });
  const policy = policyFor([...secrets].flatMap(wholeOrPartial));
  // Rather those that look whole alone than a policy that IAM refuses.
  return sizeOfPolicies([policy]) <= MAX_INLINE
    ? policy
    : policyFor([...secrets].map((arn) => (looksWhole(arn) ? arn : wholeOrPartial(arn).at(-1)!)));
}

/** An ARN of Secrets Manager ends in a hyphen and six random letters and digits, and may be given without. */
const looksWhole = (arn: string): boolean => /-[A-Za-z0-9]{6}$/.test(arn);

/** IAM compares with the whole ARN. The name of a secret may itself look like a whole ARN: `test-secret`. */
const wholeOrPartial = (arn: string): readonly string[] => [
  ...(looksWhole(arn) ? [arn] : []),
  `${arn}-??????`,
];

/**
 * Values may be encrypted with keys of the user's: reading them needs `kms:Decrypt`, which is allowed only
 * through the services that keep the values, and these check first who may read them.
 */
const keyStatement = (arns: readonly string[]): PolicyDocument["Statement"][number] => ({
  Effect: "Allow",
  Action: ["kms:Decrypt"],
  Resource: ["*"],
  Condition: {
    StringLike: {
      "kms:ViaService": [
        ...new Set(
          arns.map((arn) => {
            const { service, region } = parseArn(arn);
            return `${service}.${region}.*`;
          }),
        ),
      ].sort(),
    },
  },
});

function allow(action: string, resources: readonly string[]): PolicyDocument["Statement"] {
  return resources.length === 0
    ? []
    : [{ Effect: "Allow", Action: [action], Resource: [...resources].sort() }];
}
