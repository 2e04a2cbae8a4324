import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { isIP } from "node:net";
import { ServiceError } from "../../core/service-error.js";
import { validationError } from "./service-errors.js";

const maxValues = 5;
const maxWildcards = 6;

/**
 * Conditions of a rule, validated, in the form that AWS returns: with the configuration of their field, and
 * with `Values` where there is a short form.
 */
export function readConditions(conditions: readonly RuleCondition[] | undefined): RuleCondition[] {
  if (conditions === undefined || conditions.length === 0) {
    throw validationError("A condition must be specified");
  }
  const read = conditions.map(readCondition);
  const values = read.flatMap(valuesOf);
  if (values.length > maxValues)
    throw validationError(`Rules can only have up to '${maxValues}' condition values`);
  const wildcards = values.reduce((count, value) => count + (value.match(/[*?]/g)?.length ?? 0), 0);
  if (wildcards > maxWildcards)
    throw validationError(`Rules can only have up to '${maxWildcards}' wildcards`);
  // Headers and query strings may occur in several conditions.
  const single = read.flatMap(({ Field }) =>
    Field === "http-header" || Field === "query-string" ? [] : [Field],
  );
  if (new Set(single).size < single.length) {
    throw validationError(
      "A rule can only have one 'path-pattern' condition and one 'host-header' condition",
    );
  }
  return read;
}

/** The values that a condition compares with, as strings. */
function valuesOf(condition: RuleCondition): string[] {
  const { Field, QueryStringConfig, SourceIpConfig, HttpHeaderConfig, HttpRequestMethodConfig } = condition;
  switch (Field) {
    case "http-header":
      return HttpHeaderConfig?.Values ?? [];
    case "http-request-method":
      return HttpRequestMethodConfig?.Values ?? [];
    case "source-ip":
      return SourceIpConfig?.Values ?? [];
    case "query-string":
      return (QueryStringConfig?.Values ?? []).map(({ Key, Value = "" }) =>
        Key === undefined ? Value : `${Key}=${Value}`,
      );
    default:
      return condition.Values ?? [];
  }
}

function readCondition(condition: RuleCondition): RuleCondition {
  switch (condition.Field) {
    case "path-pattern": {
      const Values = needed(condition.PathPatternConfig?.Values ?? condition.Values);
      for (const value of Values) {
        if (value.length < 1 || value.length > 128 || !/^[\w\-.$/~"'@:+&*?;,=%!()]+$/.test(value)) {
          throw new ServiceError("ValidationError", `The path pattern '${value}' is not valid`);
        }
      }
      return { Field: "path-pattern", Values: [...Values], PathPatternConfig: { Values: [...Values] } };
    }
    case "host-header": {
      const Values = needed(condition.HostHeaderConfig?.Values ?? condition.Values);
      for (const value of Values) {
        if (
          value.length < 1 ||
          value.length > 128 ||
          !/^[A-Za-z0-9\-.*?]+$/.test(value) ||
          !value.includes(".")
        ) {
          throw new ServiceError("ValidationError", `The host name pattern '${value}' is not valid`);
        }
      }
      return { Field: "host-header", Values: [...Values], HostHeaderConfig: { Values: [...Values] } };
    }
    case "http-header": {
      const { HttpHeaderName } = condition.HttpHeaderConfig ?? {};
      if (HttpHeaderName === undefined || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/.test(HttpHeaderName)) {
        throw validationError(`The HTTP header name '${HttpHeaderName ?? ""}' is not valid`);
      }
      if (HttpHeaderName.toLowerCase() === "host")
        throw validationError("The host header cannot be used in an http-header condition");
      const Values = [...needed(condition.HttpHeaderConfig?.Values)];
      const wrong = Values.find((value) => value.length < 1 || value.length > 128);
      if (wrong !== undefined) throw validationError(`The HTTP header value '${wrong}' is not valid`);
      return { Field: "http-header", HttpHeaderConfig: { HttpHeaderName, Values } };
    }
    case "http-request-method": {
      const Values = [...needed(condition.HttpRequestMethodConfig?.Values)];
      const wrong = Values.find((value) => !/^[A-Z_-]{1,40}$/.test(value));
      if (wrong !== undefined) throw validationError(`The request method '${wrong}' is not valid`);
      return { Field: "http-request-method", HttpRequestMethodConfig: { Values } };
    }
    case "query-string": {
      const Values = needed(condition.QueryStringConfig?.Values).map((pair) => ({ ...pair }));
      for (const { Key = "", Value } of Values) {
        if (Value === undefined || Value === "")
          throw validationError("A 'Value' must be specified in 'QueryStringKeyValuePair'");
        for (const [member, text] of Object.entries({ Key, Value }))
          if (text.length > 128)
            throw validationError(`The '${member}' value is too long; the limit is '128'`);
      }
      return { Field: "query-string", QueryStringConfig: { Values } };
    }
    case "source-ip": {
      const Values = [...needed(condition.SourceIpConfig?.Values)];
      const wrong = Values.find((value) => {
        const [address = "", length] = value.split("/");
        return isIP(address) === 0 || !/^\d{1,3}$/.test(length ?? "");
      });
      if (wrong !== undefined) throw validationError(`The CIDR block '${wrong}' is not valid`);
      return { Field: "source-ip", SourceIpConfig: { Values } };
    }
    default:
      throw validationError(
        `Condition field '${String(condition.Field)}' must be one of '[path-pattern,host-header,http-header,http-request-method,query-string,source-ip]'`,
      );
  }
}

function needed<T>(values: readonly T[] | undefined): readonly T[] {
  if (values === undefined || values.length === 0)
    throw validationError("A condition value must be specified");
  return values;
}
