import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { isSecure } from "./network-load-balancers.js";
import { ServiceError } from "../../core/service-error.js";
import { certificateLeft } from "../acm/certificate-left.js";
import { checkCertificate, findListener } from "./listeners.js";
import { elbPage } from "./paging.js";
import { requireElb, validationError } from "./service-errors.js";
import type { Listener } from "./state.js";

type Handlers = Pick<
  ElbApi,
  "addListenerCertificates" | "removeListenerCertificates" | "describeListenerCertificates"
>;

/** "Certificates per Application Load Balancer (not counting default certificates)" (ELB quotas). */
const MAX_CERTIFICATES = 25;

/** The certificates of HTTPS listeners besides the default one: TLS chooses by the name that the client asks for. */
export const createListenerCertificateHandlers = (account: Account): Handlers => ({
  async addListenerCertificates(input) {
    requireElb(input, ["ListenerArn", "Certificates"]);
    const listener = findListener(account, input.ListenerArn ?? "");
    if (!isSecure(listener.protocol)) {
      throw new ServiceError(
        "UnsupportedProtocol",
        "Certificates can be added to listeners with the protocol HTTPS or TLS only",
      );
    }
    const [given, ...others] = input.Certificates ?? [];
    if (given?.CertificateArn === undefined || others.length > 0)
      throw validationError("You must specify exactly one certificate");
    const arn = given.CertificateArn;
    checkCertificate(account, arn);
    if (!listener.additionalCertificates.has(arn) && countOf(account, listener) >= MAX_CERTIFICATES)
      throw new ServiceError("TooManyCertificates", "The maximum number of certificates has been reached");
    // It succeeds for one that is there, also for the default one.
    listener.additionalCertificates.add(arn);
    await account.traffic.change(listener);
    return { Certificates: [{ CertificateArn: arn, IsDefault: false }] };
  },

  async removeListenerCertificates(input) {
    requireElb(input, ["ListenerArn", "Certificates"]);
    const listener = findListener(account, input.ListenerArn ?? "");
    for (const { CertificateArn = "" } of input.Certificates ?? []) {
      if (CertificateArn === listener.certificateArn)
        throw new ServiceError(
          "OperationNotPermitted",
          `Default certificate '${CertificateArn}' cannot be removed from a listener`,
        );
      if (listener.additionalCertificates.delete(CertificateArn)) certificateLeft(account, CertificateArn);
    }
    await account.traffic.change(listener);
    return {};
  },

  async describeListenerCertificates(input) {
    requireElb(input, ["ListenerArn"]);
    const { certificateArn, additionalCertificates } = findListener(account, input.ListenerArn ?? "");
    const all = [
      ...(certificateArn === undefined ? [] : [{ CertificateArn: certificateArn, IsDefault: true }]),
      ...[...additionalCertificates].map((CertificateArn) => ({ CertificateArn, IsDefault: false })),
    ];
    const { items, next } = elbPage(all, input);
    return { Certificates: items, ...next };
  },
});

const countOf = ({ elb }: Account, { loadBalancerArn }: Listener): number =>
  [...elb.listeners.values()]
    .filter((one) => one.loadBalancerArn === loadBalancerArn)
    .reduce((sum, { additionalCertificates }) => sum + additionalCertificates.size, 0);
