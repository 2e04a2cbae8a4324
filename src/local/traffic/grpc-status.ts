/** gRPC's status for an HTTP status without one. Source: "HTTP to gRPC Status Code Mapping" of the gRPC core. */
const BY_HTTP_STATUS: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};

/** The gRPC status of an answer: its header or trailer `grpc-status`, else the one that its HTTP status means. */
export function grpcStatus({
  status,
  headers,
}: {
  readonly status: number;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
}): number {
  const own = Number(headers?.["grpc-status"] ?? Number.NaN);
  if (Number.isInteger(own)) return own;
  return status === 200 ? 0 : (BY_HTTP_STATUS[status] ?? 2);
}
