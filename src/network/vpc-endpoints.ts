import type { VpcEndpoint } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";

/**
 * The AWS services that container instances without a route out of their VPC need endpoints for: their agent's,
 * the registry's and its storage, and the logs'. Source: ECS Developer Guide, "Amazon ECS interface VPC
 * endpoints"; ECR User Guide, "Amazon ECR interface VPC endpoints".
 */
export const INSTANCE_ENDPOINTS: readonly string[] = Object.freeze([
  "ecs",
  "ecs-agent",
  "ecs-telemetry",
  "ecr.api",
  "ecr.dkr",
  "logs",
  "s3",
]);

/** Those that tasks on Fargate need. */
export const FARGATE_ENDPOINTS: readonly string[] = Object.freeze(["ecr.api", "ecr.dkr", "logs", "s3"]);

/** What sessions of Session Manager on instances need. Source: Systems Manager User Guide, "VPC endpoints". */
export const SESSION_ENDPOINTS: readonly string[] = Object.freeze(["ec2messages", "ssm", "ssmmessages"]);

/** The services with gateway endpoints, which are routes, and free of charge. Source: AWS PrivateLink Guide. */
export const isGatewayService = (service: string): boolean => service === "s3" || service === "dynamodb";

/** The services that every one of the route tables' subnets reaches through endpoints of the VPC. */
export async function endpointServices(
  vpcId: string,
  routeTableIds: readonly (string | undefined)[],
  { aws }: AwsContext,
): Promise<readonly string[]> {
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const endpoints = await paginate(
    "NextToken",
    (next) => aws.ec2.describeVpcEndpoints({ Filters, ...next }),
    ({ VpcEndpoints }) => VpcEndpoints,
  );
  const services = endpoints.filter((each) => isUsable(each, routeTableIds)).map(serviceOf);
  return [...new Set(services)].sort();
}

/**
 * True if the service's public name leads to the endpoint: a private DNS name, or a route of each table. ECR
 * reads from S3, for which only a gateway endpoint can be used.
 */
function isUsable(endpoint: VpcEndpoint, routeTableIds: readonly (string | undefined)[]): boolean {
  if (endpoint.State?.toLowerCase() !== "available") return false;
  if (serviceOf(endpoint) !== "s3") return endpoint.PrivateDnsEnabled === true;
  return (
    endpoint.VpcEndpointType === "Gateway" &&
    routeTableIds.every((id) => id !== undefined && endpoint.RouteTableIds?.includes(id))
  );
}

/** `com.amazonaws.eu-west-1.ecr.api` -> `ecr.api`; in China, the names begin with `cn.`. */
const serviceOf = ({ ServiceName = "" }: VpcEndpoint): string =>
  ServiceName.replace(/^(?:cn\.)?com\.amazonaws\.[^.]+\./, "");
