import { createHash } from "node:crypto";
import type { Account } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { dnsName, isInZone } from "../route53/names.js";
import type { HostedZone } from "../route53/state.js";
import { DAY } from "./certificates.js";
import type { Certificate } from "./state.js";

/** Days for which ACM issues a certificate. */
const VALID_DAYS = 395;

/** The CNAME record that validates a name: it is the same for each certificate of the account with that name. */
export function validationRecord({ accountId }: Account, name: string) {
  // A wildcard is validated as the domain that it is for.
  const domain = name.replace(/^\*\./, "");
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
  return {
    name: `_${hash(`${accountId} ${domain}`)}.${domain}.`,
    value: `_${hash(`value ${accountId} ${domain}`)}.jkddzztszm.acm-validations.aws.`,
  };
}

const scheduled = new WeakSet<Certificate>();

/** Looks for the records of a certificate in a while, as ACM does again and again. */
export function scheduleValidation(account: Account, certificate: Certificate): void {
  if (certificate.status !== "PENDING_VALIDATION" || certificate.request === undefined) return;
  if (scheduled.has(certificate)) return;
  scheduled.add(certificate);
  account.clock.schedule(
    durations.certificateValidation,
    () => {
      scheduled.delete(certificate);
      look(account, certificate);
      scheduleValidation(account, certificate);
    },
    // Looking for what may never come drives no time.
    "background",
  );
}

function look(account: Account, certificate: Certificate): void {
  const { request } = certificate;
  if (request === undefined || !account.acm.certificates.has(certificate.arn)) return;
  const now = account.clock.now();
  if (now - certificate.createdAt.getTime() >= durations.validationTimeout) {
    certificate.status = "VALIDATION_TIMED_OUT";
    return;
  }
  const { names } = certificate;
  const areFound = names.every((name) => isFound(account, request.records.get(name)!));
  if (!areFound) return;
  if (names.some((name) => isForbidden(account, name))) {
    certificate.status = "FAILED";
    request.failure = "CAA_ERROR";
    return;
  }
  certificate.status = "ISSUED";
  certificate.issuedAt = new Date(now);
  certificate.notAfter = new Date(now + VALID_DAYS * DAY);
}

/** The public zone that the internet asks for a name: that of its longest suffix, if it is delegated. */
function publicZone({ route53 }: Account, name: string): HostedZone | undefined {
  const zones = [...route53.zones.values()].filter(
    (zone) => !zone.isPrivate && isInZone(dnsName(name), zone.name),
  );
  const [zone] = zones.sort((one, other) => other.name.length - one.name.length);
  return zone?.isDelegated === true ? zone : undefined;
}

function isFound(
  account: Account,
  { name, value }: { readonly name: string; readonly value: string },
): boolean {
  const zone = publicZone(account, name);
  return [...(zone?.records.values() ?? [])].some(
    ({ set, visibleAt }) =>
      set.Type === "CNAME" &&
      set.Name === dnsName(name) &&
      visibleAt <= account.clock.now() &&
      set.ResourceRecords?.some(({ Value = "" }) => dnsName(Value) === value) === true,
  );
}

/** A CAA record of the domain, or of the nearest domain above it, may forbid Amazon's authority (RFC 8659). */
function isForbidden(account: Account, name: string): boolean {
  const labels = name.replace(/^\*\./, "").split(".");
  for (let index = 0; index < labels.length; index++) {
    const domain = labels.slice(index).join(".");
    const zone = publicZone(account, domain);
    const caa = [...(zone?.records.values() ?? [])].find(
      ({ set }) => set.Type === "CAA" && set.Name === dnsName(domain),
    );
    if (caa === undefined) continue;
    const values = caa.set.ResourceRecords ?? [];
    return !values.some(({ Value = "" }) =>
      /issue(wild)?\s+"(amazon|amazontrust|awstrust|amazonaws)\.com/.test(Value),
    );
  }
  return false;
}
