import type { Action, RedirectActionConfig } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ServiceError } from "../../core/service-error.js";
import { validationError } from "./service-errors.js";

/* The actions by which a load balancer answers by itself. Source: ELB API reference, RedirectActionConfig and
   FixedResponseActionConfig. */

const CONTENT_TYPES = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];
const MAX_BODY = 1024;
const MAX_COMPONENT = 128;

const invalidAction = (message: string): ServiceError =>
  new ServiceError("InvalidLoadBalancerAction", message);

export function readFixedResponse(action: Action): Action {
  const config = action.FixedResponseConfig;
  if (config === undefined) throw lacks("fixed-response", "FixedResponseConfig");
  const { StatusCode, ContentType, MessageBody = "" } = config;
  if (StatusCode === undefined || !/^[245]\d\d$/.test(StatusCode))
    throw validationError(`The status code of a fixed-response action must be 2XX, 4XX or 5XX`);
  if (ContentType !== undefined && !CONTENT_TYPES.includes(ContentType))
    throw invalidAction(
      `The content type '${ContentType}' is not valid; it must be one of '${CONTENT_TYPES.join(", ")}'`,
    );
  if (MessageBody.length > MAX_BODY)
    throw validationError(
      `The message body of a fixed-response action must not exceed ${MAX_BODY} characters`,
    );
  return structuredClone(action);
}

/** Components that are not given are those of the request. */
export function readRedirect(action: Action): Action {
  const given = action.RedirectConfig;
  if (given === undefined) throw lacks("redirect", "RedirectConfig");
  if (given.StatusCode !== "HTTP_301" && given.StatusCode !== "HTTP_302")
    throw validationError("The status code of a redirect action must be HTTP_301 or HTTP_302");
  const {
    Protocol = "#{protocol}" as NonNullable<RedirectActionConfig["Protocol"]>,
    Host = "#{host}",
    Port = "#{port}",
    Path = "/#{path}",
    Query = "#{query}",
    StatusCode,
  } = given;
  if (!/^(?:HTTPS?|#\{protocol\})$/.test(Protocol))
    throw invalidAction("The Protocol parameter must be 'HTTP', 'HTTPS' or '#{protocol}'.");
  if (Port !== "#{port}" && !(/^\d{1,5}$/.test(Port) && Number(Port) >= 1 && Number(Port) <= 65_535))
    throw invalidAction("The Port parameter must be a value from 1 to 65535 or '#{port}'.");
  if (!isTemplate(Path, ["path", "host", "port"]) || !/^\/[^?#\s]*$/.test(withoutWords(Path)))
    throw invalidAction(
      "The Path parameter must be a valid path, should start with a '/', and may contain up to one of each of these placeholders: '#{path}', '#{host}', '#{port}'.",
    );
  if (!isTemplate(Host, ["host"]) || !/^[A-Za-z0-9.-]*$/.test(withoutWords(Host)))
    throw invalidAction(
      "The Host parameter must be a valid host name, and may contain up to one of these placeholders: '#{host}'.",
    );
  if (!isTemplate(Query, ["protocol", "host", "port", "path", "query"], 0) || Query.startsWith("?"))
    throw invalidAction(
      "The Query parameter must be a valid query, should not start with a '?', and may contain up to one of each of these placeholders: '#{protocol}', '#{host}', '#{port}', '#{path}', '#{query}'.",
    );
  return { ...structuredClone(action), RedirectConfig: { Protocol, Host, Port, Path, Query, StatusCode } };
}

/**
 * A redirect to the address of the request, and one from HTTPS to HTTP. "You must modify at least one of the following
 * components to avoid a redirect loop: protocol, hostname, port, or path."
 */
export function checkRedirects(
  { protocol, port }: { readonly protocol: string; readonly port: number },
  actions: readonly Action[],
): void {
  for (const { RedirectConfig: config } of actions) {
    if (config === undefined) continue;
    if (protocol === "HTTPS" && config.Protocol === "HTTP")
      throw invalidAction("Redirecting from HTTPS to HTTP is not supported.");
    const stays =
      (config.Protocol === "#{protocol}" || config.Protocol === protocol) &&
      (config.Port === "#{port}" || Number(config.Port) === port) &&
      config.Host === "#{host}" &&
      config.Path === "/#{path}";
    if (stays) throw invalidAction("The redirect configuration is not valid because it creates a loop.");
  }
}

const lacks = (type: string, field: string): ServiceError =>
  invalidAction(`For actions of type '${type}', you must specify the following fields: '${field}'`);

/** True if the text has these words only, each once at most. */
function isTemplate(text: string, words: readonly string[], min = 1): boolean {
  const found = [...text.matchAll(/#\{([^}]*)\}/g)].map(([, word = ""]) => word);
  return (
    text.length >= min &&
    text.length <= MAX_COMPONENT &&
    new Set(found).size === found.length &&
    found.every((word) => words.includes(word))
  );
}

const withoutWords = (text: string): string => text.replace(/#\{[^}]*\}/g, "");
