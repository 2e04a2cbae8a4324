import type { WireRequest } from "./wire-request.js";

/** What the signature of a request says; it is not verified. */
export interface Scope {
  readonly accessKeyId: string | undefined;
  readonly region: string | undefined;
  readonly signingName: string | undefined;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;
const ANY_REGION = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/aws4_request/;

/** The scope of a request's signature, in its header or in its URL; or what its host name says. */
export function scopeOf({ headers, query }: WireRequest): Scope {
  const signed = query.get("X-Amz-Credential");
  const credential = signed === null ? (headers["authorization"] ?? "") : `Credential=${signed}`;
  const regional = CREDENTIAL.exec(credential);
  if (regional !== null) return { accessKeyId: regional[1], region: regional[2], signingName: regional[3] };
  const any = ANY_REGION.exec(credential);
  const host = hostScope(headers["host"] ?? "");
  return any === null ? host : { ...host, accessKeyId: any[1], signingName: any[2] };
}

/** `ecs.eu-west-1.amazonaws.com`, `iam.amazonaws.com`, `api.ecr.eu-west-1.amazonaws.com`, `ecs.localhost:4566`. */
function hostScope(host: string): Scope {
  const labels = host.replace(/:\d+$/, "").split(".");
  const isAws = /\.(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|localhost)$/.test(`.${labels.join(".")}`);
  if (!isAws || labels.length < 2)
    return { accessKeyId: undefined, region: undefined, signingName: undefined };
  const own = labels[0] === "api" ? labels.slice(1) : labels;
  const region = own.find((label) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(label));
  return { accessKeyId: undefined, region, signingName: own[0] };
}
