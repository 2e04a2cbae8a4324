import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { readActions } from "./actions.js";
import { elbArn, pathOf } from "./arn.js";
import { findLoadBalancer, listenersOf } from "./lookups.js";
import { certificateLeft } from "../acm/certificate-left.js";
import { checkGroupStickiness } from "./group-stickiness.js";
import { checkListenerProtocol, checkNetworkActions, isSecure } from "./network-load-balancers.js";
import { checkBatch, elbPage } from "./paging.js";
import { arnNotFound, requireElb, validationError } from "./service-errors.js";
import type { Listener, ListenerProtocol, Rule } from "./state.js";
import { readTags } from "./tags.js";
import { checkAssociation, refreshUse } from "./target-group-use.js";

type Handlers = Pick<ElbApi, "createListener" | "describeListeners" | "modifyListener" | "deleteListener">;

export const createListenerHandlers = (account: Account): Handlers => ({
  async createListener(input) {
    requireElb(input, ["LoadBalancerArn", "DefaultActions"]);
    const loadBalancer = findLoadBalancer(account, input.LoadBalancerArn ?? "");
    checkListenerProtocol(loadBalancer, input.Protocol ?? "HTTP");
    const endpoint = readEndpoint(account, input);
    const { port } = endpoint;
    const actions = readActions(account, input.DefaultActions);
    checkNetworkActions(loadBalancer, actions);
    const tags = readTags(input.Tags);
    const existing = listenersOf(account, loadBalancer.arn).find((other) => other.port === port);
    if (existing !== undefined) {
      const sameActions = JSON.stringify(defaultRule(account, existing).actions) === JSON.stringify(actions);
      const same =
        existing.protocol === endpoint.protocol && existing.certificateArn === endpoint.certificateArn;
      if (!same || !sameActions) throw duplicatePort();
      return { Listeners: [describe(account, existing)] };
    }
    checkAssociation(account, { loadBalancerArn: loadBalancer.arn, ...endpoint }, actions);
    checkGroupStickiness(account, actions);
    if (listenersOf(account, loadBalancer.arn).length >= 50) {
      throw new ServiceError("TooManyListeners", "The maximum number of listeners has been reached");
    }
    const arn = elbArn(account, `listener/${pathOf(loadBalancer.arn)}/${account.hex(16)}`);
    const listener: Listener = {
      arn,
      loadBalancerArn: loadBalancer.arn,
      ...endpoint,
      additionalCertificates: new Set(),
      attributes: new Map(),
      tags,
    };
    account.elb.listeners.set(arn, listener);
    const ruleArn = elbArn(account, `listener-rule/${pathOf(arn)}/${account.hex(16)}`);
    const rule: Rule = {
      arn: ruleArn,
      listenerArn: arn,
      priority: "default",
      conditions: [],
      actions,
      tags: new Map(),
    };
    account.elb.rules.set(ruleArn, rule);
    refreshUse(account);
    await account.traffic.open(listener);
    return { Listeners: [describe(account, listener)] };
  },

  async describeListeners(input) {
    checkBatch("listeners", input.ListenerArns);
    let wanted: Listener[];
    if (input.ListenerArns?.length) {
      wanted = input.ListenerArns.map((arn) => findListener(account, arn));
    } else if (input.LoadBalancerArn !== undefined) {
      wanted = listenersOf(account, findLoadBalancer(account, input.LoadBalancerArn).arn);
    } else {
      throw validationError("You must specify either listener ARNs or a load balancer ARN");
    }
    const { items, next } = elbPage(wanted, input);
    return { Listeners: items.map((item) => describe(account, item)), ...next };
  },

  async modifyListener(input) {
    requireElb(input, ["ListenerArn"]);
    const listener = findListener(account, input.ListenerArn ?? "");
    const { Port, Protocol, Certificates } = input;
    if (Port !== undefined && Port !== listener.port) {
      throw validationError("The local cloud does not support changing the port of a listener");
    }
    if (Protocol !== undefined || Certificates !== undefined) {
      const before =
        listener.certificateArn === undefined ? [] : [{ CertificateArn: listener.certificateArn }];
      const wanted = Protocol ?? listener.protocol;
      checkListenerProtocol(findLoadBalancer(account, listener.loadBalancerArn), wanted);
      const kept = isSecure(wanted) ? before : [];
      const isReplaced = (priority: Rule["priority"]): boolean =>
        priority === "default" && input.DefaultActions !== undefined;
      for (const { listenerArn, actions, priority } of account.elb.rules.values())
        if (listenerArn === listener.arn && !isReplaced(priority))
          checkAssociation(account, { ...listener, protocol: wanted }, actions);
      Object.assign(
        listener,
        readEndpoint(account, {
          Port: listener.port,
          Protocol: wanted,
          Certificates: Certificates ?? kept,
          SslPolicy: input.SslPolicy ?? (isSecure(wanted) ? listener.sslPolicy : undefined),
        }),
      );
      if (listener.certificateArn !== before[0]?.CertificateArn)
        certificateLeft(account, before[0]?.CertificateArn);
      if (!isSecure(listener.protocol)) listener.additionalCertificates.clear();
      await account.traffic.change(listener);
    }
    if (input.DefaultActions !== undefined) {
      const actions = readActions(account, input.DefaultActions);
      checkNetworkActions(findLoadBalancer(account, listener.loadBalancerArn), actions);
      checkAssociation(account, listener, actions);
      checkGroupStickiness(account, actions);
      defaultRule(account, listener).actions = actions;
      refreshUse(account);
    }
    return { Listeners: [describe(account, listener)] };
  },

  async deleteListener(input) {
    requireElb(input, ["ListenerArn"]);
    removeListener(account, findListener(account, input.ListenerArn ?? ""));
    refreshUse(account);
    return {};
  },
});

export function findListener(account: Account, arn: string): Listener {
  const found = account.elb.listeners.get(arn);
  if (found === undefined) throw arnNotFound(account, "listener", arn);
  return found;
}

/** Removes a listener with its rules. Target groups stay. */
export function removeListener(account: Account, listener: Listener): void {
  account.elb.listeners.delete(listener.arn);
  for (const arn of [listener.certificateArn, ...listener.additionalCertificates])
    certificateLeft(account, arn);
  for (const rule of [...account.elb.rules.values()]) {
    if (rule.listenerArn === listener.arn) account.elb.rules.delete(rule.arn);
  }
  account.traffic.close(listener);
}

function defaultRule(account: Account, listener: Listener): Rule {
  for (const rule of account.elb.rules.values()) {
    if (rule.listenerArn === listener.arn && rule.priority === "default") return rule;
  }
  throw new Error(`Listener ${listener.arn} has no default rule`);
}

type Endpoint = Pick<Elb.CreateListenerCommandInput, "Port" | "Protocol" | "Certificates" | "SslPolicy">;

function readEndpoint(
  account: Account,
  { Port: port, Protocol: protocol, Certificates, SslPolicy }: Endpoint,
): Pick<Listener, "port" | "protocol" | "certificateArn" | "sslPolicy"> {
  if (port === undefined) throw validationError("A port must be specified");
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw validationError(`The port '${port}' must be between 1 and 65535`);
  }
  if (protocol === undefined) throw validationError("A protocol must be specified");
  if (!isSecure(protocol)) {
    if (Certificates?.length || SslPolicy !== undefined) {
      throw validationError("Certificates and SSL policies are for HTTPS and TLS listeners only");
    }
    return { port, protocol: protocol as ListenerProtocol, certificateArn: undefined, sslPolicy: undefined };
  }
  const arn = Certificates?.[0]?.CertificateArn;
  if (Certificates?.length !== 1 || arn === undefined) {
    throw validationError(`A certificate must be specified for ${protocol} listeners`);
  }
  checkCertificate(account, arn);
  const sslPolicy = SslPolicy ?? "ELBSecurityPolicy-2016-08";
  return { port, protocol: protocol as ListenerProtocol, certificateArn: arn, sslPolicy };
}

/** Certificates in IAM are accepted unchecked: the local cloud has none. */
export function checkCertificate(account: Account, arn: string): void {
  if (arn.includes(":server-certificate/")) return;
  const found = account.acm.certificates.get(arn);
  if (found === undefined) {
    throw new ServiceError("CertificateNotFound", `Certificate ARN '${arn}' is not valid`);
  }
  if (found.status !== "ISSUED" || found.notAfter.getTime() <= account.clock.now()) {
    throw new ServiceError(
      "UnsupportedCertificate",
      `The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
    );
  }
}

const describe = (account: Account, listener: Listener): Elb.Listener => ({
  ListenerArn: listener.arn,
  LoadBalancerArn: listener.loadBalancerArn,
  Port: listener.port,
  Protocol: listener.protocol,
  ...(listener.certificateArn === undefined
    ? {}
    : { Certificates: [{ CertificateArn: listener.certificateArn }], SslPolicy: listener.sslPolicy }),
  DefaultActions: structuredClone(defaultRule(account, listener).actions),
});

const duplicatePort = (): ServiceError =>
  new ServiceError("DuplicateListener", "A listener with the specified port already exists");
