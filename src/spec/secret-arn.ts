/** What is wrong with an ARN, part by part: `its account, "ACCOUNT_ID", must have 12 digits`. */
function commonProblem(arn: string, services: readonly string[]): string | undefined {
  const [, partition = "", service = "", region = "", account = ""] = arn.split(":");
  if (!/^aws(?:-[a-z]+)*$/.test(partition))
    return `its partition, ${JSON.stringify(partition)}, must be aws, aws-cn or another of AWS's`;
  if (!services.includes(service))
    return `its service, ${JSON.stringify(service)}, must be ${services.join(" or ")}`;
  if (!/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region))
    return `its region, ${JSON.stringify(region)}, must be a region such as eu-west-1`;
  if (!/^\d{12}$/.test(account)) return `its account, ${JSON.stringify(account)}, must have 12 digits`;
  return undefined;
}

/**
 * What is wrong with the ARN of a secret in Secrets Manager; `undefined` if nothing is. Source: Secrets Manager
 * API reference, CreateSecret, and Amazon ECS Developer Guide, "Secrets Manager environment variables".
 */
export function secretArnProblem(arn: string): string | undefined {
  const [type, name = "", ...parts] = arn.split(":").slice(5);
  const problem = commonProblem(arn, ["secretsmanager"]);
  if (problem !== undefined) return problem;
  if (type !== "secret") return `its resource must begin with "secret:"`;
  if (!/^[A-Za-z0-9/_+=.@-]{1,519}$/.test(name))
    return "its name may contain only letters, digits and /_+=.@-";
  return parts.length === 0 || parts.length === 3
    ? undefined
    : "after its name, it must have nothing, or :json-key:version-stage:version-id with all three colons";
}

/** What is wrong with the ARN of a parameter or a secret; `undefined` if nothing is. */
export function sourceArnProblem(arn: string): string | undefined {
  if (arn.split(":")[2] !== "ssm") {
    const problem = commonProblem(arn, ["ssm", "secretsmanager"]);
    return problem ?? secretArnProblem(arn);
  }
  const resource = arn.split(":").slice(5).join(":");
  return (
    commonProblem(arn, ["ssm"]) ??
    (/^parameter\/[A-Za-z0-9_.\-/]+(?::[A-Za-z0-9_.-]+)?$/.test(resource)
      ? undefined
      : 'its resource must be "parameter/" and the name of the parameter')
  );
}
