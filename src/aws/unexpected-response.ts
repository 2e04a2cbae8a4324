/** `page`: of a proxy or a login; `gateway`: an error that passes by itself; `incomplete`: AWS's, cut off. */
export type UnexpectedKind = "page" | "redirect" | "gateway" | "incomplete";

interface Facts {
  readonly kind: UnexpectedKind;
  readonly host: string;
  readonly status: number;
  readonly location: string | undefined;
  /** The title of a web page. */
  readonly title: string | undefined;
  /** The start of the body. */
  readonly body: string;
}

const NAMES: Readonly<Record<UnexpectedKind, string>> = {
  page: "UnexpectedResponse",
  redirect: "UnexpectedResponse",
  gateway: "GatewayResponse",
  incomplete: "IncompleteResponse",
};

/** A response that is not AWS's, or not all of it. The SDK tries again if that can help. */
export class UnexpectedResponse extends Error {
  readonly facts: Facts;
  readonly $metadata: { readonly httpStatusCode: number };
  /** The SDK's mark of an error that passes by itself. */
  readonly $retryable: { readonly throttling: boolean } | undefined;

  constructor(facts: Facts) {
    super(messageOf(facts));
    this.name = NAMES[facts.kind];
    this.facts = facts;
    this.$metadata = { httpStatusCode: facts.status };
    const passes = facts.kind === "gateway" || facts.kind === "incomplete";
    this.$retryable = passes ? { throttling: facts.status === 429 } : undefined;
  }
}

function messageOf({ kind, host, status, location, title }: Facts): string {
  const titled = title === undefined ? "" : ` (its title: ${title})`;
  switch (kind) {
    case "page":
      return `${host} answered HTTP ${status} with a response that is not from AWS${titled}`;
    case "redirect":
      return `${host} answered HTTP ${status}, a redirect${location === undefined ? "" : ` to ${location}`}, which AWS never does`;
    case "gateway":
      return `${host} answered HTTP ${status} with a response that is not from the AWS service, but from a gateway or a proxy before it${titled}`;
    case "incomplete":
      return `the response of ${host} (HTTP ${status}) is incomplete: the connection ended before the end of it`;
  }
}

/** What the user can do about a response. */
export function fixOfUnexpected({ facts: { kind } }: UnexpectedResponse): string {
  switch (kind) {
    case "page":
    case "redirect":
      return "Log in to the network or its VPN (open a web page in a browser), or let the proxy (HTTPS_PROXY, NO_PROXY) and the endpoint (AWS_ENDPOINT_URL) lead to AWS, then run again. Completed steps are kept.";
    case "gateway":
      return "Run again in some minutes: completed steps are kept. If it stays, check the proxy (HTTPS_PROXY), the endpoint (AWS_ENDPOINT_URL), and the AWS Health Dashboard.";
    case "incomplete":
      return "Run again: completed steps are kept. If it stays, check the network and the proxy (HTTPS_PROXY): responses are cut off on their way.";
  }
}
