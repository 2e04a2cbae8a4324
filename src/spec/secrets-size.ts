import type { ContainerSpec } from "./container.js";
import type { Issues } from "./parsing/issues.js";
import { MAX_INLINE } from "./policy-size.js";

/** The quotes and the comma of an entry. */
const MARKS = 3;
/** The shortest that a parameter's name becomes in the policy. */
const PARAMETER_ARN = "arn:aws:ssm:us-east-1:*:parameter/";

/**
 * Reports secrets whose names alone exceed the policy of the task execution role. The exact size depends on the
 * region, and is checked before anything is changed.
 */
export function reportTooManySecrets(
  containers: readonly Pick<ContainerSpec, "secrets">[],
  issues: Issues,
): void {
  const names = new Set(
    containers
      .flatMap(({ secrets }) => Object.values(secrets))
      .map((source) =>
        source.from === "arn"
          ? source.arn.split(":").slice(0, 7).join(":")
          : PARAMETER_ARN + source.parameter.replace(/^\//, ""),
      ),
  );
  const size = [...names].reduce((sum, name) => sum + name.length + MARKS, 0);
  if (size <= MAX_INLINE) return;
  issues.add(
    "container.secrets",
    `are too many: the policy of the task execution role has at most ${MAX_INLINE} characters, which cannot be raised, and their ARNs alone have ${size}: keep several values in one secret, as JSON, and refer to its keys: arn:…:secret:name-AbCdEf:key::`,
  );
}
