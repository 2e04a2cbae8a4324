import { parseArn } from "../aws/arn.js";
import { AwsError } from "../errors.js";
import type { AttributesSpec } from "../spec/load-balancer-attributes.js";

/** ELB's words for a bucket that does not exist, whose policy does not let it write, or that is in another region. */
const REFUSED = /Access Denied for bucket: ([^\s.]+(?:\.[^\s.]+)*)|S3Bucket: (\S+) is not located/i;

/** ELB's refusal of a bucket of logs, with what its policy must have; any other error as it is. */
export function logBucketError(error: unknown, loadBalancerArn: string, described: AttributesSpec): unknown {
  const [, denied, elsewhere] = REFUSED.exec(error instanceof AwsError ? error.message : "") ?? [];
  const bucket = denied ?? elsewhere;
  if (!(error instanceof AwsError) || bucket === undefined) return error;
  const { region, resource } = parseArn(loadBalancerArn);
  const isNetwork = isNetworkLoadBalancer(resource);
  const prefixes = [described.accessLogs, described.connectionLogs].flatMap(
    (logs) => prefixIn(logs, bucket) ?? [],
  );
  const statements = [...new Set(prefixes)].flatMap((prefix) =>
    statementsFor(bucket, prefix, loadBalancerArn),
  );
  return new AwsError(error.service, error.operation, error.awsCode, error.message, {
    cause: error,
    code: "log-bucket",
    facts: { ...error.facts, bucket, region, loadBalancer: resource.split("/")[2], statements },
    fix: `Check that bucket ${bucket} exists in ${region}${isNetwork ? "" : ", encrypted with keys of S3 (SSE-S3)"}, and add to its policy: ${statements.map((one) => JSON.stringify(one)).join(", ")}. Then run again. Completed steps are kept.`,
  });
}

/** The prefix of logs in that bucket, with a slash at its end; `undefined` if they are in another one. */
function prefixIn(logs: string | undefined, bucket: string): string | undefined {
  const [, name, prefix] = /^s3:\/\/([^/]+)(?:\/(.+))?$/.exec(logs ?? "") ?? [];
  if (name !== bucket) return undefined;
  return prefix === undefined ? "" : `${prefix}/`;
}

const isNetworkLoadBalancer = (resource: string): boolean => resource.startsWith("loadbalancer/net/");

/**
 * Source: ELB User Guide, "Enable access logs for your Application Load Balancer" and "… Network Load Balancer": the
 * bucket policies.
 */
function statementsFor(bucket: string, prefix: string, loadBalancerArn: string): readonly object[] {
  const { partition, account, resource } = parseArn(loadBalancerArn);
  const Resource = `arn:${partition}:s3:::${bucket}/${prefix}AWSLogs/${account}/*`;
  const write = (Service: string) => ({
    Effect: "Allow",
    Principal: { Service },
    Action: "s3:PutObject",
    Resource,
  });
  if (!isNetworkLoadBalancer(resource)) return [write("logdelivery.elasticloadbalancing.amazonaws.com")];
  const Service = "delivery.logs.amazonaws.com";
  return [
    {
      Effect: "Allow",
      Principal: { Service },
      Action: "s3:GetBucketAcl",
      Resource: `arn:${partition}:s3:::${bucket}`,
    },
    { ...write(Service), Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } } },
  ];
}
