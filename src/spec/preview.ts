import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { RouteSpec } from "./route.js";

/** Where a person can look at the new version before it gets traffic: at a host of its own, or with a header. */
export type PreviewOptions =
  | {
      /** A host name without wildcards, with a DNS record and a certificate like those of the route: `"next.example.com"`. */
      readonly host: string;
    }
  | {
      /**
       * The name of a request header, at most 40 characters: `"x-preview"`. Every request to the load balancer that
       * has it with this value is forwarded to the new version.
       */
      readonly header: string;
      /** The header's value. @defaultValue the deployment's name */
      readonly value?: string | undefined;
    };

export type PreviewSpec =
  | { readonly by: "host"; readonly host: string }
  | { readonly by: "header"; readonly header: string; readonly value: string };

interface PreviewOptionNames {
  readonly host?: unknown;
  readonly header?: unknown;
  readonly value?: unknown;
}

/* Source: Elastic Load Balancing API reference, HostHeaderConditionConfig and HttpHeaderConditionConfig. */
const HOST = /^(?=.{1,128}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/;
const VALUE = /^[\x21-\x7e]{1,128}$/;

/** Parses `blueGreen({ preview })`. */
export function parsePreview(
  value: unknown,
  { deployment, route }: { readonly deployment: string; readonly route: RouteSpec | undefined },
  path: string,
  issues: Issues,
): PreviewSpec | undefined {
  if (value === undefined) return undefined;
  const options = new OptionsReader<PreviewOptionNames>(value, path, issues);
  const { host, header } = isPlainObject(value) ? value : {};
  const [givenHost, givenHeader] = [options.raw("host"), options.raw("header")];
  const headerValue = options.raw("value");
  options.close();
  if (!isPlainObject(value)) return undefined;
  if ((host === undefined) === (header === undefined)) {
    issues.add(
      path,
      `must have either a host or a header: { host: "next.example.com" } or { header: "x-preview" }`,
    );
    return undefined;
  }
  // The rule of the preview is evaluated first, and the one that routes `verify` before it.
  if (route?.priority !== undefined && route.priority <= 2)
    issues.add(
      "behindAlb.priority",
      "must be 3 to 50000 with blueGreen.preview, whose rule is evaluated before it",
    );
  if (givenHost !== undefined) {
    if (headerValue !== undefined)
      options.issue("value", "is the value of a header: remove it, or set header");
    if (typeof givenHost !== "string" || !HOST.test(givenHost)) {
      options.issue(
        "host",
        `must be a host name without wildcards, such as "next.example.com"; got ${formatValue(givenHost)}`,
      );
      return undefined;
    }
    if (route?.host.some((each) => each.toLowerCase() === givenHost.toLowerCase()))
      options.issue(
        "host",
        `must not be a host of the route, ${formatValue(givenHost)}: its requests are for the live version`,
      );
    return { by: "host", host: givenHost.toLowerCase() };
  }
  if (typeof givenHeader !== "string" || !HEADER.test(givenHeader) || givenHeader.toLowerCase() === "host") {
    options.issue(
      "header",
      `must be the name of a request header other than Host, such as "x-preview"; got ${formatValue(givenHeader)}`,
    );
    return undefined;
  }
  const wanted = headerValue ?? deployment;
  if (typeof wanted !== "string" || !VALUE.test(wanted) || /[*?]/.test(wanted)) {
    options.issue(
      "value",
      `must be 1 to 128 visible ASCII characters without wildcards; got ${formatValue(wanted)}`,
    );
    return undefined;
  }
  return { by: "header", header: givenHeader.toLowerCase(), value: wanted };
}
