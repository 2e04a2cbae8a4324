import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Refusal } from "../../kernel/refusal.js";
import { validationError } from "./refusals.js";

const maxValues = 5;
const maxWildcards = 6;

/** Conditions of a rule, checked, and as AWS gives them back: with `Values` and with the configuration of their field. */
export function readConditions(conditions: readonly RuleCondition[] | undefined): RuleCondition[] {
  if (conditions === undefined || conditions.length === 0) {
    throw validationError("A condition must be specified");
  }
  const read = conditions.map(readCondition);
  const values = read.flatMap((condition) => condition.Values ?? condition.HttpHeaderConfig?.Values ?? []);
  if (values.length > maxValues)
    throw validationError(`Rules can only have up to '${maxValues}' condition values`);
  const wildcards = values.reduce((count, value) => count + (value.match(/[*?]/g)?.length ?? 0), 0);
  if (wildcards > maxWildcards)
    throw validationError(`Rules can only have up to '${maxWildcards}' wildcards`);
  const fields = read.map(({ Field }) => Field).filter((field) => field !== "http-header");
  if (new Set(fields).size < fields.length) {
    throw validationError(
      "A rule can only have one 'path-pattern' condition and one 'host-header' condition",
    );
  }
  return read;
}

function readCondition(condition: RuleCondition): RuleCondition {
  const { Field } = condition;
  const Values =
    condition.PathPatternConfig?.Values ??
    condition.HostHeaderConfig?.Values ??
    condition.HttpHeaderConfig?.Values ??
    condition.Values ??
    [];
  if (Values.length === 0) throw validationError("A condition value must be specified");
  switch (Field) {
    case "path-pattern":
      for (const value of Values) {
        if (value.length < 1 || value.length > 128 || !/^[\w\-.$/~"'@:+&*?;,=%!()]+$/.test(value)) {
          throw new Refusal("ValidationError", `The path pattern '${value}' is not valid`);
        }
      }
      return { Field, Values: [...Values], PathPatternConfig: { Values: [...Values] } };
    case "host-header":
      for (const value of Values) {
        if (
          value.length < 1 ||
          value.length > 128 ||
          !/^[A-Za-z0-9\-.*?]+$/.test(value) ||
          !value.includes(".")
        ) {
          throw new Refusal("ValidationError", `The host name pattern '${value}' is not valid`);
        }
      }
      return { Field, Values: [...Values], HostHeaderConfig: { Values: [...Values] } };
    case "http-header": {
      const name = condition.HttpHeaderConfig?.HttpHeaderName ?? "";
      if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/.test(name)) {
        throw new Refusal("ValidationError", `The HTTP header name '${name}' is not valid`);
      }
      if (name.toLowerCase() === "host") {
        throw new Refusal("ValidationError", "The host header cannot be used in an http-header condition");
      }
      const wrong = Values.find((value) => value.length < 1 || value.length > 128);
      if (wrong !== undefined)
        throw new Refusal("ValidationError", `The HTTP header value '${wrong}' is not valid`);
      // Unlike the other two, it has no short form.
      return { Field, HttpHeaderConfig: { HttpHeaderName: name, Values: [...Values] } };
    }
    default:
      throw validationError(
        `Condition field '${String(Field)}' must be one of '[path-pattern,host-header,http-header]'`,
      );
  }
}
