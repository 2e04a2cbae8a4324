import { parseArn, secretArn } from "../../aws/arn.js";
import type { ContainerSpec } from "../../spec/container.js";
import type { TaskSpec } from "../../spec/deployment-spec.js";
import { logDriverOf } from "../../spec/task/log-groups.js";
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
 * parameters and secrets, the registries' credentials and files in S3. `undefined` if there are none.
 *
 * Source: Amazon ECS Developer Guide, "Task execution IAM role", secrets, private registries and environment files.
 */
export function executionPolicy(
  spec: Pick<TaskSpec, "container" | "image" | "sidecars" | "logs">,
  { region, partition }: { readonly region: string; readonly partition: string },
): PolicyDocument | undefined {
  const parameters = new Set<string>();
  const secrets = new Set<string>();
  const containers = [spec.container, ...spec.sidecars];
  const read = containers.flatMap((container) => [
    ...Object.values(container.secrets),
    ...Object.values(logDriverOf(container, spec.logs)?.secretOptions ?? {}),
  ]);
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
  for (const spec of containers.flatMap(({ credentialSpecs }) => credentialSpecs)) {
    const arn = spec.slice(spec.indexOf(":") + 1);
    if (parseArn(arn).service === "secretsmanager") secrets.add(secretArn(arn));
    if (parseArn(arn).service === "ssm") parameters.add(arn);
  }
  const files = s3Statements(containers);
  if (parameters.size + secrets.size + files.length === 0) return undefined;

  const keys = parameters.size + secrets.size === 0 ? [] : [keyStatement([...parameters, ...secrets])];
  const policyFor = (secretResources: readonly string[]): PolicyDocument => ({
    Version: "2012-10-17",
    Statement: [
      ...allow("ssm:GetParameters", [...parameters]),
      ...allow("secretsmanager:GetSecretValue", secretResources),
      ...keys,
      ...files,
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

/** To read files of environment variables, the configuration of a log router, and credential specs, which are in S3. */
function s3Statements(containers: readonly ContainerSpec[]): PolicyDocument["Statement"] {
  const objects = containers.flatMap(({ environmentFiles, firelens, credentialSpecs }) => [
    ...environmentFiles,
    ...(firelens?.options["config-file-type"] === "s3" ? [firelens.options["config-file-value"] ?? ""] : []),
    ...credentialSpecs.flatMap((each) => /arn:aws[a-z-]*:s3:::.+$/.exec(each)?.[0] ?? []),
  ]);
  const distinct = [...new Set(objects)];
  const buckets = [...new Set(distinct.map((arn) => arn.slice(0, arn.indexOf("/"))))];
  return [...allow("s3:GetObject", distinct), ...allow("s3:GetBucketLocation", buckets)];
}

function allow(action: string, resources: readonly string[]): PolicyDocument["Statement"] {
  return resources.length === 0
    ? []
    : [{ Effect: "Allow", Action: [action], Resource: [...resources].sort() }];
}
