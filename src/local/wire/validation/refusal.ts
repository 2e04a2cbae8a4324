import type { ServiceName } from "../../../aws/api.js";
import { ServiceError } from "../../core/service-error.js";

export interface Violation {
  readonly kind: "required" | "enum" | "length" | "value" | "pattern";
  /** The member's name, as the API has it. */
  readonly name: string;
  /** `tags.1.member.key`. */
  readonly path: string;
  readonly isNested: boolean;
  readonly value: unknown;
  /** `Member must not be null`. */
  readonly why: string;
}

/** The code of a service for an input that breaks its model. */
const CODES: { readonly [Service in ServiceName]?: string } = {
  elb: "ValidationError",
  iam: "ValidationError",
  autoScaling: "ValidationError",
  cloudWatch: "ValidationError",
  sts: "ValidationError",
  logs: "InvalidParameterException",
  ecr: "InvalidParameterException",
  route53: "InvalidInput",
  serviceDiscovery: "InvalidInput",
};

/** The error for what an input breaks, in the service's own words; `undefined` if it breaks nothing. */
export function refusal(service: ServiceName, violations: readonly Violation[]): ServiceError | undefined {
  if (service === "ecs") return ecsRefusal(violations);
  if (service === "ec2") return ec2Refusal(violations);
  const [first] = violations;
  if (first === undefined) return undefined;
  const code = CODES[service] ?? "ValidationException";
  if (service === "ecr")
    return new ServiceError(
      code,
      `Invalid parameter at '${first.path}' failed to satisfy constraint: '${first.why}'`,
    );
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`;
  return new ServiceError(code, `${count}: ${violations.map(sentence).join("; ")}`);
}

const sentence = ({ kind, path, value, why }: Violation): string =>
  `Value ${kind === "required" ? "null" : `'${shown(value)}'`} at '${path}' failed to satisfy constraint: ${why}`;

const shown = (value: unknown): string => (Array.isArray(value) ? `[${value.join(", ")}]` : String(value));

/** ECS: "launch type should be one of [EC2,FARGATE,EXTERNAL]", "TaskDefinition can not be blank." */
function ecsRefusal(violations: readonly Violation[]): ServiceError | undefined {
  const wrong = violations.find(({ kind }) => kind === "enum");
  if (wrong !== undefined) {
    const words = wrong.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    const values = /\[(.*)\]/.exec(wrong.why)?.[1]?.replaceAll(", ", ",");
    return new ServiceError("InvalidParameterException", `${words} should be one of [${values}]`);
  }
  const missing = violations.find(({ kind, isNested }) => kind === "required" && !isNested);
  return (
    missing &&
    new ServiceError(
      "ClientException",
      `${missing.name.charAt(0).toUpperCase()}${missing.name.slice(1)} can not be blank.`,
    )
  );
}

/** EC2 names what is missing. */
function ec2Refusal(violations: readonly Violation[]): ServiceError | undefined {
  const missing = violations.find(({ kind, isNested }) => kind === "required" && !isNested);
  return (
    missing && new ServiceError("MissingParameter", `The request must contain the parameter ${missing.name}`)
  );
}
