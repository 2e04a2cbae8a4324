import type { ServiceName } from "../../aws/api.js";

/** How requests to one AWS service are recognized and written, and the SDK package that has its schemas. */
export interface WireService {
  readonly service: ServiceName;
  /** The service in the scope of a signature, which is also the first label of its host name. */
  readonly signingName: string;
  /** Other first labels of its host name. */
  readonly hosts?: readonly string[];
  readonly version: string;
  /** The first half of `X-Amz-Target`. */
  readonly target: string;
  /** The protocols that it speaks, besides what a request itself says. */
  readonly protocol: "json" | "query" | "ec2" | "rest-json" | "rest-xml";
  /** The XML namespace of its answers in the query protocols. */
  readonly xmlNamespace?: string;
  readonly load: () => Promise<object>;
}

/** Source: the service traits of AWS's API models, which the SDK's clients have in their configuration. */
export const WIRE_SERVICES: readonly WireService[] = [
  {
    service: "ecs",
    signingName: "ecs",
    version: "2014-11-13",
    target: "AmazonEC2ContainerServiceV20141113",
    protocol: "json",
    load: () => import("@aws-sdk/client-ecs"),
  },
  {
    service: "ec2",
    signingName: "ec2",
    version: "2016-11-15",
    target: "AmazonEC2",
    protocol: "ec2",
    xmlNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
    load: () => import("@aws-sdk/client-ec2"),
  },
  {
    service: "ecr",
    signingName: "ecr",
    hosts: ["api"],
    version: "2015-09-21",
    target: "AmazonEC2ContainerRegistry_V20150921",
    protocol: "json",
    load: () => import("@aws-sdk/client-ecr"),
  },
  {
    service: "elb",
    signingName: "elasticloadbalancing",
    version: "2015-12-01",
    target: "ElasticLoadBalancing_v10",
    protocol: "query",
    xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    load: () => import("@aws-sdk/client-elastic-load-balancing-v2"),
  },
  {
    service: "autoScaling",
    signingName: "autoscaling",
    version: "2011-01-01",
    target: "AutoScaling_2011_01_01",
    protocol: "query",
    xmlNamespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    load: () => import("@aws-sdk/client-auto-scaling"),
  },
  {
    service: "applicationAutoScaling",
    signingName: "application-autoscaling",
    version: "2016-02-06",
    target: "AnyScaleFrontendService",
    protocol: "json",
    load: () => import("@aws-sdk/client-application-auto-scaling"),
  },
  {
    service: "cloudWatch",
    signingName: "monitoring",
    version: "2010-08-01",
    target: "GraniteServiceVersion20100801",
    protocol: "query",
    xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
    load: () => import("@aws-sdk/client-cloudwatch"),
  },
  {
    service: "iam",
    signingName: "iam",
    version: "2010-05-08",
    target: "AWSIdentityManagementV20100508",
    protocol: "query",
    xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    load: () => import("@aws-sdk/client-iam"),
  },
  {
    service: "ssm",
    signingName: "ssm",
    version: "2014-11-06",
    target: "AmazonSSM",
    protocol: "json",
    load: () => import("@aws-sdk/client-ssm"),
  },
  {
    service: "logs",
    signingName: "logs",
    version: "2014-03-28",
    target: "Logs_20140328",
    protocol: "json",
    load: () => import("@aws-sdk/client-cloudwatch-logs"),
  },
  {
    service: "scheduler",
    signingName: "scheduler",
    version: "2021-06-30",
    target: "AWSChronosService",
    protocol: "rest-json",
    load: () => import("@aws-sdk/client-scheduler"),
  },
  {
    service: "tagging",
    signingName: "tagging",
    version: "2017-01-26",
    target: "ResourceGroupsTaggingAPI_20170126",
    protocol: "json",
    load: () => import("@aws-sdk/client-resource-groups-tagging-api"),
  },
  {
    service: "acm",
    signingName: "acm",
    version: "2015-12-08",
    target: "CertificateManager",
    protocol: "json",
    load: () => import("@aws-sdk/client-acm"),
  },
  {
    service: "route53",
    signingName: "route53",
    version: "2013-04-01",
    target: "AWSDnsV20130401",
    protocol: "rest-xml",
    xmlNamespace: "https://route53.amazonaws.com/doc/2013-04-01/",
    load: () => import("@aws-sdk/client-route-53"),
  },
  {
    service: "serviceDiscovery",
    signingName: "servicediscovery",
    hosts: ["data-servicediscovery"],
    version: "2017-03-14",
    target: "Route53AutoNaming_v20170314",
    protocol: "json",
    load: () => import("@aws-sdk/client-servicediscovery"),
  },
  {
    service: "waf",
    signingName: "wafv2",
    version: "2019-07-29",
    target: "AWSWAF_20190729",
    protocol: "json",
    load: () => import("@aws-sdk/client-wafv2"),
  },
  {
    service: "sts",
    signingName: "sts",
    version: "2011-06-15",
    target: "AWSSecurityTokenServiceV20110615",
    protocol: "query",
    xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    load: () => import("@aws-sdk/client-sts"),
  },
];
