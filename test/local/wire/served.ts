import { afterEach } from "vitest";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../../src/local/index.js";

const open: LocalCloud[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((cloud) => cloud.close()));
});

/** A local cloud on the virtual clock that listens on a free port, until the end of the test. */
export async function served(
  options: LocalCloudOptions = {},
  listening: { readonly throttling?: boolean } = {},
): Promise<{ readonly cloud: LocalCloud; readonly url: string }> {
  const cloud = localCloud({ clock: "virtual", eventualConsistency: false, ...options });
  open.push(cloud);
  const { url } = await cloud.listen({ port: 0, ...listening });
  return { cloud, url };
}

/** The options of an SDK client for it. */
export const clientOptions = (url: string, { region = "eu-west-1", account = "123456789012" } = {}) => ({
  endpoint: url,
  region,
  credentials: { accessKeyId: account, secretAccessKey: "local" },
  maxAttempts: 1,
});

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends a request as it stands. */
export async function send(url: string, init: RequestInit = {}): Promise<RawAnswer> {
  const answer = await fetch(url, init);
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

const signedFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

/** A request of AWS JSON, signed for a service. */
export const json = (service: string, target: string, body: unknown): RequestInit => ({
  method: "POST",
  headers: {
    authorization: signedFor(service),
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": target,
  },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

/** A request of the query protocol, signed for a service. */
export const query = (service: string, parameters: Record<string, string>): RequestInit => ({
  method: "POST",
  headers: { authorization: signedFor(service) },
  body: new URLSearchParams(parameters),
});
