import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { findListener } from "./listeners.js";
import { findLoadBalancer } from "./lookups.js";
import type { LoadBalancer } from "./state.js";
import { validationError } from "./service-errors.js";

/** The attributes of an application load balancer, and of its listeners, with their defaults. Source: ELB API reference. */
const LOAD_BALANCER: Readonly<Record<string, string>> = {
  "access_logs.s3.enabled": "false",
  "access_logs.s3.bucket": "",
  "access_logs.s3.prefix": "",
  "client_keep_alive.seconds": "3600",
  "connection_logs.s3.enabled": "false",
  "connection_logs.s3.bucket": "",
  "connection_logs.s3.prefix": "",
  "deletion_protection.enabled": "false",
  "health_check_logs.s3.enabled": "false",
  "health_check_logs.s3.bucket": "",
  "health_check_logs.s3.prefix": "",
  "idle_timeout.timeout_seconds": "60",
  "ipv6.deny_all_igw_traffic": "false",
  "load_balancing.cross_zone.enabled": "true",
  "routing.http2.enabled": "true",
  "routing.http.desync_mitigation_mode": "defensive",
  "routing.http.drop_invalid_header_fields.enabled": "false",
  "routing.http.preserve_host_header.enabled": "false",
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
  "routing.http.xff_client_port.enabled": "false",
  "routing.http.xff_header_processing.mode": "append",
  "waf.fail_open.enabled": "false",
  "zonal_shift.config.enabled": "false",
};

/** Those of a network load balancer: the zones' addresses reach their own zones' targets unless it is told otherwise. */
const NETWORK_LOAD_BALANCER: Readonly<Record<string, string>> = {
  "access_logs.s3.enabled": "false",
  "access_logs.s3.bucket": "",
  "access_logs.s3.prefix": "",
  "deletion_protection.enabled": "false",
  "dns_record.client_routing_policy": "any_availability_zone",
  "ipv6.deny_all_igw_traffic": "false",
  "load_balancing.cross_zone.enabled": "false",
  "secondary_ips.auto_assigned.per_subnet": "0",
  "zonal_shift.config.enabled": "false",
};

const attributesOf = ({ type }: Pick<LoadBalancer, "type">): Readonly<Record<string, string>> =>
  type === "network" ? NETWORK_LOAD_BALANCER : LOAD_BALANCER;

/** "The default for Application Load Balancers is true, and can't be changed." */
function checkCrossZone({ type }: Pick<LoadBalancer, "type">, wanted: ReadonlyMap<string, string>): void {
  if (type === "application" && wanted.get("load_balancing.cross_zone.enabled") === "false")
    throw new ServiceError(
      "InvalidConfigurationRequest",
      "Cross-zone load balancing cannot be disabled for an application load balancer",
    );
}

const LISTENER: Readonly<Record<string, string>> = {
  "routing.http.response.server.enabled": "true",
  "routing.http.response.strict_transport_security.header_value": "",
  "routing.http.response.access_control_allow_origin.header_value": "",
  "routing.http.response.access_control_allow_methods.header_value": "",
  "routing.http.response.access_control_allow_headers.header_value": "",
  "routing.http.response.access_control_allow_credentials.header_value": "",
  "routing.http.response.access_control_expose_headers.header_value": "",
  "routing.http.response.access_control_max_age.header_value": "",
  "routing.http.response.content_security_policy.header_value": "",
  "routing.http.response.x_content_type_options.header_value": "",
  "routing.http.response.x_frame_options.header_value": "",
};

export const createAttributeHandlers = (account: Account) => ({
  async describeLoadBalancerAttributes(
    input: Elb.DescribeLoadBalancerAttributesCommandInput,
  ): Answer<Elb.DescribeLoadBalancerAttributesCommandOutput> {
    const loadBalancer = findLoadBalancer(account, input.LoadBalancerArn ?? "");
    return { Attributes: listed(attributesOf(loadBalancer), loadBalancer.attributes) };
  },

  async modifyLoadBalancerAttributes(
    input: Elb.ModifyLoadBalancerAttributesCommandInput,
  ): Answer<Elb.ModifyLoadBalancerAttributesCommandOutput> {
    const loadBalancer = findLoadBalancer(account, input.LoadBalancerArn ?? "");
    const { attributes } = loadBalancer;
    const wanted = new Map([
      ...attributes,
      ...(input.Attributes ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const),
    ]);
    for (const logs of LOGS) checkLogs(account, logs, wanted);
    checkCrossZone(loadBalancer, wanted);
    change(attributes, attributesOf(loadBalancer), input.Attributes, "Load balancer");
    return { Attributes: listed(attributesOf(loadBalancer), attributes) };
  },

  async describeListenerAttributes(
    input: Elb.DescribeListenerAttributesCommandInput,
  ): Answer<Elb.DescribeListenerAttributesCommandOutput> {
    const { attributes } = findListener(account, input.ListenerArn ?? "");
    return { Attributes: listed(LISTENER, attributes) };
  },

  async modifyListenerAttributes(
    input: Elb.ModifyListenerAttributesCommandInput,
  ): Answer<Elb.ModifyListenerAttributesCommandOutput> {
    const { attributes } = findListener(account, input.ListenerArn ?? "");
    change(attributes, LISTENER, input.Attributes, "Listener");
    return { Attributes: listed(LISTENER, attributes) };
  },
});

/** The prefixes of the attributes of logs in S3. */
const LOGS = ["access_logs.s3", "connection_logs.s3", "health_check_logs.s3"];

/** ELB writes a test file to the bucket. Source: ELB User Guide, "Troubleshooting bucket permissions". */
function checkLogs(account: Account, logs: string, wanted: ReadonlyMap<string, string>): void {
  if (wanted.get(`${logs}.enabled`) !== "true") return;
  const bucket = wanted.get(`${logs}.bucket`) ?? "";
  if (bucket === "")
    throw validationError(`The value of '${logs}.bucket' must be specified when '${logs}.enabled' is 'true'`);
  if (account.logBuckets?.has(bucket) === false)
    throw new ServiceError(
      "InvalidConfigurationRequest",
      `Access Denied for bucket: ${bucket}. Please check S3bucket permission`,
    );
}

/** The values that an attribute has, besides switches and numbers. Source: ELB API reference, LoadBalancerAttribute. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "routing.http.desync_mitigation_mode": ["monitor", "defensive", "strictest"],
  "routing.http.xff_header_processing.mode": ["append", "preserve", "remove"],
  "dns_record.client_routing_policy": [
    "any_availability_zone",
    "partial_availability_zone_affinity",
    "availability_zone_affinity",
  ],
};

const listed = (
  defaults: Readonly<Record<string, string>>,
  own: ReadonlyMap<string, string>,
): { Key: string; Value: string }[] =>
  Object.entries(defaults).map(([Key, value]) => ({ Key, Value: own.get(Key) ?? value }));

function change(
  attributes: Map<string, string>,
  defaults: Readonly<Record<string, string>>,
  wanted: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
  what: string,
): void {
  for (const { Key = "", Value = "" } of wanted) {
    const current = defaults[Key];
    if (current === undefined) throw validationError(`${what} attribute key '${Key}' is not recognized`);
    const isSwitch = current === "true" || current === "false";
    const isNumber = /^\d+$/.test(current);
    if ((isSwitch && !/^(true|false)$/.test(Value)) || (isNumber && !/^\d+$/.test(Value)))
      throw validationError(`${what} attribute value '${Value}' is not valid for the attribute '${Key}'`);
    if (WORDS[Key]?.includes(Value) === false)
      throw validationError(`${what} attribute value '${Value}' is not valid for the attribute '${Key}'`);
    if (Key === "client_keep_alive.seconds" && (Number(Value) < 60 || Number(Value) > 604_800))
      throw validationError(`${what} attribute value '${Value}' must be between 60 and 604800`);
    if (Key === "idle_timeout.timeout_seconds" && (Number(Value) < 1 || Number(Value) > 4000))
      throw validationError(`${what} attribute value '${Value}' must be between 1 and 4000`);
  }
  for (const { Key = "", Value = "" } of wanted) attributes.set(Key, Value);
}
