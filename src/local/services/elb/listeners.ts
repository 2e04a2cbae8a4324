import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { requireMembers } from "../../core/required-members.js";
import { Refusal } from "../../core/service-error.js";
import { readActions } from "./actions.js";
import { elbArn, pathOf } from "./arn.js";
import { findLoadBalancer, listenersOf } from "./lookups.js";
import { checkBatch, elbPage } from "./paging.js";
import { listenerNotFound, missing, validationError } from "./refusals.js";
import type { Listener, Rule } from "./state.js";
import { readTags } from "./tags.js";
import { checkAssociation, refreshUse } from "./target-group-use.js";

type Handlers = Pick<ElbPort, "createListener" | "describeListeners" | "modifyListener" | "deleteListener">;

export const createListenerHandlers = (world: World): Handlers => ({
  async createListener(input) {
    requireMembers(input, ["LoadBalancerArn", "DefaultActions"], missing);
    const loadBalancer = findLoadBalancer(world, input.LoadBalancerArn ?? "");
    const endpoint = readEndpoint(world, input);
    const { port } = endpoint;
    const actions = readActions(world, input.DefaultActions);
    const tags = readTags(input.Tags);
    const existing = listenersOf(world, loadBalancer.arn).find((other) => other.port === port);
    if (existing !== undefined) {
      const sameActions = JSON.stringify(defaultRule(world, existing).actions) === JSON.stringify(actions);
      const same =
        existing.protocol === endpoint.protocol && existing.certificateArn === endpoint.certificateArn;
      if (!same || !sameActions) throw duplicatePort();
      return { Listeners: [describe(world, existing)] };
    }
    checkAssociation(world, loadBalancer.arn, actions);
    if (listenersOf(world, loadBalancer.arn).length >= 50) {
      throw new Refusal("TooManyListeners", "The maximum number of listeners has been reached");
    }
    const arn = elbArn(world, `listener/${pathOf(loadBalancer.arn)}/${world.hex(16)}`);
    const listener: Listener = { arn, loadBalancerArn: loadBalancer.arn, ...endpoint, tags };
    world.elb.listeners.set(arn, listener);
    const ruleArn = elbArn(world, `listener-rule/${pathOf(arn)}/${world.hex(16)}`);
    const rule: Rule = {
      arn: ruleArn,
      listenerArn: arn,
      priority: "default",
      conditions: [],
      actions,
      tags: new Map(),
    };
    world.elb.rules.set(ruleArn, rule);
    refreshUse(world);
    await world.traffic.open(listener);
    return { Listeners: [describe(world, listener)] };
  },

  async describeListeners(input) {
    checkBatch("listeners", input.ListenerArns);
    let wanted: Listener[];
    if (input.ListenerArns?.length) {
      wanted = input.ListenerArns.map((arn) => findListener(world, arn));
    } else if (input.LoadBalancerArn !== undefined) {
      wanted = listenersOf(world, findLoadBalancer(world, input.LoadBalancerArn).arn);
    } else {
      throw validationError("You must specify either listener ARNs or a load balancer ARN");
    }
    const { items, next } = elbPage(wanted, input);
    return { Listeners: items.map((item) => describe(world, item)), ...next };
  },

  async modifyListener(input) {
    requireMembers(input, ["ListenerArn"], missing);
    const listener = findListener(world, input.ListenerArn ?? "");
    const { Port, Protocol, Certificates } = input;
    if (Port !== undefined && Port !== listener.port) {
      throw validationError("The local cloud does not change the port of a listener");
    }
    if (Protocol !== undefined || Certificates !== undefined) {
      const before =
        listener.certificateArn === undefined ? [] : [{ CertificateArn: listener.certificateArn }];
      const wanted = Protocol ?? listener.protocol;
      const kept = wanted === "HTTPS" ? before : [];
      Object.assign(
        listener,
        readEndpoint(world, {
          Port: listener.port,
          Protocol: wanted,
          Certificates: Certificates ?? kept,
          SslPolicy: input.SslPolicy ?? (wanted === "HTTPS" ? listener.sslPolicy : undefined),
        }),
      );
    }
    if (input.DefaultActions !== undefined) {
      const actions = readActions(world, input.DefaultActions);
      checkAssociation(world, listener.loadBalancerArn, actions);
      defaultRule(world, listener).actions = actions;
      refreshUse(world);
    }
    return { Listeners: [describe(world, listener)] };
  },

  async deleteListener(input) {
    requireMembers(input, ["ListenerArn"], missing);
    removeListener(world, findListener(world, input.ListenerArn ?? ""));
    refreshUse(world);
    return {};
  },
});

export function findListener(world: World, arn: string): Listener {
  const found = world.elb.listeners.get(arn);
  if (found === undefined) throw listenerNotFound(arn);
  return found;
}

/** With its rules. Target groups stay. */
export function removeListener(world: World, listener: Listener): void {
  world.elb.listeners.delete(listener.arn);
  for (const rule of [...world.elb.rules.values()]) {
    if (rule.listenerArn === listener.arn) world.elb.rules.delete(rule.arn);
  }
  world.traffic.close(listener);
}

function defaultRule(world: World, listener: Listener): Rule {
  for (const rule of world.elb.rules.values()) {
    if (rule.listenerArn === listener.arn && rule.priority === "default") return rule;
  }
  throw new Error(`Listener ${listener.arn} has no default rule`);
}

type Endpoint = Pick<Elb.CreateListenerCommandInput, "Port" | "Protocol" | "Certificates" | "SslPolicy">;

function readEndpoint(
  world: World,
  { Port: port, Protocol: protocol, Certificates, SslPolicy }: Endpoint,
): Pick<Listener, "port" | "protocol" | "certificateArn" | "sslPolicy"> {
  if (port === undefined) throw validationError("A port must be specified");
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw validationError(`The port '${port}' must be between 1 and 65535`);
  }
  if (protocol === undefined) throw validationError("A protocol must be specified");
  if (protocol !== "HTTP" && protocol !== "HTTPS") {
    throw new Refusal(
      "UnsupportedProtocol",
      `The protocol '${protocol}' is not supported by an application load balancer`,
    );
  }
  if (protocol === "HTTP") {
    if (Certificates?.length || SslPolicy !== undefined) {
      throw validationError("Certificates and SSL policies are for HTTPS listeners only");
    }
    return { port, protocol, certificateArn: undefined, sslPolicy: undefined };
  }
  const arn = Certificates?.[0]?.CertificateArn;
  if (Certificates?.length !== 1 || arn === undefined) {
    throw validationError("A certificate must be specified for HTTPS listeners");
  }
  checkCertificate(world, arn);
  return { port, protocol, certificateArn: arn, sslPolicy: SslPolicy ?? "ELBSecurityPolicy-2016-08" };
}

/** Those in IAM are taken at their word: the local cloud has none. */
function checkCertificate(world: World, arn: string): void {
  if (arn.includes(":server-certificate/")) return;
  const found = world.acm.certificates.get(arn);
  if (found === undefined) {
    throw new Refusal("CertificateNotFound", `Certificate ARN '${arn}' is not valid`);
  }
  if (found.status !== "ISSUED" || found.notAfter.getTime() <= world.clock.now()) {
    throw new Refusal(
      "UnsupportedCertificate",
      `The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
    );
  }
}

const describe = (world: World, listener: Listener): Elb.Listener => ({
  ListenerArn: listener.arn,
  LoadBalancerArn: listener.loadBalancerArn,
  Port: listener.port,
  Protocol: listener.protocol,
  ...(listener.certificateArn === undefined
    ? {}
    : { Certificates: [{ CertificateArn: listener.certificateArn }], SslPolicy: listener.sslPolicy }),
  DefaultActions: structuredClone(defaultRule(world, listener).actions),
});

const duplicatePort = (): Refusal =>
  new Refusal("DuplicateListener", "A listener with the specified port already exists");
