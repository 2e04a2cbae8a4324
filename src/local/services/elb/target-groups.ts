import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { untilConsistent } from "../../core/consistency.js";
import { ServiceError } from "../../core/service-error.js";
import { elbArn } from "./arn.js";
import { defaultHealthCheck, grpcHealthCheck, readHealthCheck } from "./health-check.js";
import { findTargetGroup, loadBalancerOf } from "./lookups.js";
import { checkName, isNameReserved, reserveName } from "./names.js";
import { isNetworkProtocol, tcpHealthCheck } from "./network-load-balancers.js";
import { checkBatch, elbPage } from "./paging.js";
import { checkDeletedArn, requireElb, targetGroupNotFound, validationError } from "./service-errors.js";
import type { Target, TargetGroup } from "./state.js";
import { readTags } from "./tags.js";
import { defaultAttributes } from "./target-group-attributes.js";
import { refreshTargets } from "./target-health.js";

type Handlers = Pick<
  ElbApi,
  | "createTargetGroup"
  | "describeTargetGroups"
  | "modifyTargetGroup"
  | "deleteTargetGroup"
  | "describeTargetHealth"
>;

export const createTargetGroupHandlers = (account: Account): Handlers => ({
  async createTargetGroup(input) {
    requireElb(input, ["Name"]);
    const wanted = read(account, input);
    const existing = [...account.elb.targetGroups.values()].find(({ name }) => name === wanted.name);
    if (existing !== undefined) {
      if (!isIdentical(existing, wanted)) throw duplicateName(wanted.name);
      return { TargetGroups: [describe(account, existing)] };
    }
    if (isNameReserved(account, "target group", wanted.name)) throw duplicateName(wanted.name);
    const group: TargetGroup = {
      ...wanted,
      arn: elbArn(account, `targetgroup/${wanted.name}/${account.hex(16)}`),
      attributes: defaultAttributes(wanted),
      targets: new Map(),
      inUseUntil: 0,
      attachedSince: undefined,
    };
    account.elb.targetGroups.set(group.arn, group);
    return { TargetGroups: [describe(account, group)] };
  },

  async describeTargetGroups(input) {
    checkBatch("target groups", input.TargetGroupArns);
    checkBatch("target groups", input.Names);
    const all = [...account.elb.targetGroups.values()];
    let wanted = all;
    if (input.TargetGroupArns?.length) {
      wanted = input.TargetGroupArns.map((arn) => findTargetGroup(account, arn));
    } else if (input.Names?.length) {
      wanted = input.Names.map((name) => {
        const found = all.find((other) => other.name === name);
        if (found === undefined) throw targetGroupNotFound();
        return found;
      });
    } else if (input.LoadBalancerArn !== undefined) {
      wanted = all.filter((group) => loadBalancerOf(account, group)?.arn === input.LoadBalancerArn);
    }
    const { items, next } = elbPage(wanted, input);
    return { TargetGroups: items.map((item) => describe(account, item)), ...next };
  },

  async modifyTargetGroup(input) {
    requireElb(input, ["TargetGroupArn"]);
    const group = findTargetGroup(account, input.TargetGroupArn ?? "");
    group.healthCheck = readHealthCheck(group.healthCheck, input, group);
    refreshTargets(account, group);
    return { TargetGroups: [describe(account, group)] };
  },

  async deleteTargetGroup(input) {
    requireElb(input, ["TargetGroupArn"]);
    const group = account.elb.targetGroups.get(input.TargetGroupArn ?? "");
    if (group === undefined) {
      checkDeletedArn(account, "target group", input.TargetGroupArn ?? "");
      return {};
    }
    if (loadBalancerOf(account, group) !== undefined || account.clock.now() < group.inUseUntil) {
      throw new ServiceError(
        "ResourceInUse",
        `Target group '${group.arn}' is currently in use by a listener or a rule`,
      );
    }
    account.elb.targetGroups.delete(group.arn);
    reserveName(
      account,
      "target group",
      group.name,
      account.clock.now() + untilConsistent(account, "nameLinger"),
    );
    return {};
  },

  async describeTargetHealth(input) {
    const group = findTargetGroup(account, input.TargetGroupArn ?? "");
    const targets = input.Targets?.map(({ Id = "", Port = group.port }) => {
      const notRegistered = {
        reason: "Target.NotRegistered",
        description: "Target is not registered to the target group",
      };
      const unknown = { id: Id, port: Port, state: "unused" as const, ...notRegistered };
      return group.targets.get(`${Id}:${Port}`) ?? unknown;
    });
    return { TargetHealthDescriptions: (targets ?? [...group.targets.values()]).map(describeTarget) };
  },
});

type Wanted = Pick<
  TargetGroup,
  | "name"
  | "protocol"
  | "protocolVersion"
  | "port"
  | "vpcId"
  | "targetType"
  | "ipAddressType"
  | "healthCheck"
  | "tags"
>;

function read(account: Account, input: Elb.CreateTargetGroupCommandInput): Wanted {
  const name = input.Name ?? "";
  checkName("target group", name);
  const { Protocol: protocol, Port: port, VpcId: vpcId } = input;
  if (protocol === undefined) throw validationError("A protocol must be specified");
  const isNetwork = isNetworkProtocol(protocol);
  if (!isNetwork && protocol !== "HTTP" && protocol !== "HTTPS")
    throw validationError(`The protocol '${protocol}' is not supported`);
  if (isNetwork && input.ProtocolVersion !== undefined)
    throw validationError("A protocol version can be specified for HTTP and HTTPS target groups only");
  if (port === undefined) throw validationError("A port must be specified");
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw validationError(`The port '${port}' must be between 1 and 65535`);
  }
  if (vpcId === undefined) throw validationError("A VPC ID must be specified");
  if (!account.ec2.vpcs.has(vpcId)) throw validationError(`The VPC ID '${vpcId}' is not found`);
  const targetType = input.TargetType ?? "instance";
  if (targetType !== "instance" && targetType !== "ip") {
    throw validationError(`The local cloud does not support target groups of type '${targetType}'`);
  }
  const protocolVersion = input.ProtocolVersion ?? "HTTP1";
  if (!["HTTP1", "HTTP2", "GRPC"].includes(protocolVersion))
    throw validationError(`The protocol version '${protocolVersion}' is not supported`);
  const ofHttp = protocolVersion === "GRPC" ? grpcHealthCheck : defaultHealthCheck;
  const defaults = isNetwork ? tcpHealthCheck : ofHttp;
  const healthCheck = readHealthCheck(defaults, input, { protocol, protocolVersion });
  return {
    name,
    protocol,
    protocolVersion,
    port,
    vpcId,
    targetType,
    ipAddressType: input.IpAddressType ?? "ipv4",
    healthCheck,
    tags: readTags(input.Tags),
  };
}

const isIdentical = (one: TargetGroup, other: Wanted): boolean =>
  one.protocol === other.protocol &&
  one.port === other.port &&
  one.vpcId === other.vpcId &&
  one.targetType === other.targetType &&
  one.protocolVersion === other.protocolVersion &&
  one.ipAddressType === other.ipAddressType &&
  Object.entries(other.healthCheck).every(
    ([key, value]) => one.healthCheck[key as keyof Wanted["healthCheck"]] === value,
  );

function describe(account: Account, group: TargetGroup): Elb.TargetGroup {
  const loadBalancer = loadBalancerOf(account, group);
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol as Elb.ProtocolEnum,
    Port: group.port,
    VpcId: group.vpcId,
    HealthCheckProtocol: group.healthCheck.protocol as Elb.ProtocolEnum,
    HealthCheckPort: group.healthCheck.port,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: group.healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: group.healthCheck.timeoutSeconds,
    HealthyThresholdCount: group.healthCheck.healthyThreshold,
    UnhealthyThresholdCount: group.healthCheck.unhealthyThreshold,
    ...(group.healthCheck.protocol !== "TCP" && {
      HealthCheckPath: group.healthCheck.path,
      Matcher:
        group.protocolVersion === "GRPC"
          ? { GrpcCode: group.healthCheck.httpCode }
          : { HttpCode: group.healthCheck.httpCode },
    }),
    LoadBalancerArns: loadBalancer === undefined ? [] : [loadBalancer.arn],
    TargetType: group.targetType,
    ...(!isNetworkProtocol(group.protocol) && { ProtocolVersion: group.protocolVersion }),
    IpAddressType: group.ipAddressType,
  };
}

type HealthOf = Pick<Target, "id" | "port" | "state" | "reason" | "description">;

const describeTarget = ({ id, port, state, reason, description }: HealthOf): Elb.TargetHealthDescription => ({
  Target: { Id: id, Port: port },
  HealthCheckPort: String(port),
  TargetHealth: {
    State: state,
    ...(reason === undefined ? {} : { Reason: reason as Elb.TargetHealthReasonEnum }),
    ...(description === undefined ? {} : { Description: description }),
  },
});

const duplicateName = (name: string): ServiceError =>
  new ServiceError(
    "DuplicateTargetGroupName",
    `A target group with the same name '${name}' exists, but with different settings`,
  );
