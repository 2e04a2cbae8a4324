import type { ListenerAddress } from "../../aws/cloud.js";
import type { Account } from "../core/account.js";

/** A listener with real traffic answers at its port of this computer; any other one has AWS's address. */
export function addressOf(
  account: Pick<Account, "elb" | "traffic">,
  { dnsName, protocol, port, host }: ListenerAddress,
): string {
  const balancer = [...account.elb.loadBalancers.values()].find((one) => one.dnsName === dnsName);
  const listener = [...account.elb.listeners.values()].find(
    (one) => one.loadBalancerArn === balancer?.arn && one.port === port,
  );
  const real = listener && (account.traffic.address(listener, host) ?? account.traffic.address(listener));
  const standard = (protocol === "https" && port === 443) || (protocol === "http" && port === 80);
  return real ?? `${protocol}://${dnsName}${standard ? "" : `:${port}`}`;
}
