import { parseArn, secretArn } from "../../aws/arn.js";
import type { TaskSpec } from "../../spec/deployment-spec.js";

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly {
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/**
 * The permissions of a task's execution role beyond AWS's managed policy: to read exactly the described
 * parameters and secrets, and the registries' credentials. `undefined` if there are none.
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
      parameters.add(source.arn);
    } else {
      secrets.add(secretArn(source.arn));
    }
  }
  for (const { credentials } of [spec.image, ...spec.sidecars.map(({ image }) => image)])
    if (credentials !== undefined) secrets.add(secretArn(credentials));

  const Statement = [
    ...allow("ssm:GetParameters", parameters),
    ...allow("secretsmanager:GetSecretValue", secrets),
  ];
  return Statement.length === 0 ? undefined : { Version: "2012-10-17", Statement };
}

function allow(action: string, resources: ReadonlySet<string>): PolicyDocument["Statement"] {
  return resources.size === 0 ? [] : [{ Effect: "Allow", Action: [action], Resource: [...resources].sort() }];
}
