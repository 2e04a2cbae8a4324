import { formatValue } from "./parsing/format-value.js";
import { ROLE_NAME } from "./names.js";

export const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]{1,512}$/;

/**
 * Returns why a value is not taken for a role. ECS takes the name of a task role, too, but not that of an execution
 * role; and a name has neither account nor path, which `iam:PassRole` is narrowed by in `permissions()`.
 * Source: ECS API reference, RegisterTaskDefinition.
 *
 * @param others - what may be given in its place, such as `, or { policies: […] }`
 */
export const roleArnProblem = (value: unknown, others = ""): string =>
  typeof value === "string" && ROLE_NAME.pattern.test(value)
    ? `must be the ARN of an IAM role, arn:aws:iam::{account}:role/${value}${others}: permissions() needs its account and path, which a name does not have; got ${formatValue(value)}`
    : `must be the ARN of an IAM role${others}; got ${formatValue(value)}`;
