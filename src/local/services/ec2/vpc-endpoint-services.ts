import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { ec2Page } from "./request.js";
import { serviceName } from "./vpc-endpoints.js";

/** Source: AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink"; the ones that tasks may need. */
export const INTERFACE_SERVICES: ReadonlySet<string> = new Set(
  (
    "acm-pca appmesh-envoy-management application-autoscaling athena autoscaling bedrock bedrock-runtime cloudformation " +
    "cloudtrail codeartifact.api codeartifact.repositories cognito-idp config dynamodb ec2 ec2messages ecr.api ecr.dkr ecs " +
    "ecs-agent ecs-telemetry elasticache elasticfilesystem elasticloadbalancing email-smtp events execute-api glue " +
    "guardduty-data kinesis-firehose kinesis-streams kms lambda logs monitoring rds rds-data redshift-data s3 " +
    "sagemaker.runtime secretsmanager servicediscovery sns sqs ssm ssmmessages states sts synthetics xray"
  ).split(" "),
);
export const GATEWAY_SERVICES: readonly string[] = ["s3", "dynamodb"];

export const serviceNotFound = (name: string): ServiceError =>
  new ServiceError("InvalidServiceName", `The Vpc Endpoint Service '${name}' does not exist`);

/** The services of AWS for which a VPC can have endpoints. */
export const vpcEndpointServices = (account: Account): Pick<Ec2Api, "describeVpcEndpointServices"> => ({
  async describeVpcEndpointServices(input) {
    const all = [...INTERFACE_SERVICES].sort().map((service) => describe(account, service));
    const names = input.ServiceNames ?? [];
    for (const name of names)
      if (!all.some(({ ServiceName }) => ServiceName === name)) throw serviceNotFound(name);
    const wanted =
      names.length === 0 ? all : all.filter(({ ServiceName = "" }) => names.includes(ServiceName));
    const { items, nextToken } = ec2Page(wanted, input);
    return {
      ServiceDetails: items,
      ServiceNames: items.flatMap(({ ServiceName }) => ServiceName ?? []),
      NextToken: nextToken,
    };
  },
});

const describe = (account: Account, service: string): Ec2.ServiceDetail => ({
  ServiceName: serviceName(account, service),
  ServiceType: [
    { ServiceType: "Interface" },
    ...(GATEWAY_SERVICES.includes(service) ? [{ ServiceType: "Gateway" as const }] : []),
  ],
  AvailabilityZones: ["a", "b", "c"].map((letter) => account.region + letter),
  Owner: "amazon",
  AcceptanceRequired: false,
});
