import { formatValue } from "./parsing/format-value.js";
import type { OptionsReader } from "./parsing/options-reader.js";

export interface DomainOptions {
  /**
   * The domain at which the service answers, or several, such as `"talk.example.com"` or `"*.example.com"`: in addition
   * to `host`, requests for it are routed to the service; Route 53 gets A and AAAA alias records that lead to the load
   * balancer, in the hosted zone with the longest suffix (for an internal load balancer, a private zone of its VPC if
   * there is one); and an HTTPS listener without a named certificate gets one from ACM, validated by DNS and renewed by
   * AWS. All of it is deleted with the deployment. A load balancer without described listeners gets HTTPS, to
   * which HTTP is redirected.
   *
   * Records that exist and are not the deployment's are an `OwnershipError` before anything is changed, unless the run
   * has the option `adopt: true`. Route 53 bills the zone and queries; certificates are free.
   *
   * @throws QuaysideError `no-hosted-zone`, `certificate-not-usable`
   * @defaultValue none: the service answers at the load balancer's own name
   */
  readonly domain?: string | readonly string[] | undefined;
}

const DOMAIN = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** Source: ACM User Guide, "Quotas": names of a certificate, and octets of its first one. */
const MAX_DOMAINS = 10;
const MAX_FIRST = 64;
const MAX_LENGTH = 128;

export function parseDomains(options: OptionsReader<DomainOptions>): readonly string[] {
  const given = options.patterns("domain", '"talk.example.com"') ?? [];
  const domains: string[] = [];
  for (const each of given) {
    const domain = each.toLowerCase();
    if (domains.includes(domain)) options.issue("domain", `${formatValue(each)} is listed twice`);
    else if (!DOMAIN.test(domain) || domain.length > MAX_LENGTH)
      options.issue(
        "domain",
        `must be a domain of at most ${MAX_LENGTH} characters, such as "talk.example.com" or "*.example.com"; got ${formatValue(each)}`,
      );
    else domains.push(domain);
  }
  if (domains.length > MAX_DOMAINS)
    options.issue(
      "domain",
      `must be ${MAX_DOMAINS} domains at most, which a certificate of ACM has; got ${domains.length}`,
    );
  if ((domains[0]?.length ?? 0) > MAX_FIRST)
    options.issue(
      "domain",
      `must begin with a domain of at most ${MAX_FIRST} characters, which ACM's limit is; got ${formatValue(domains[0])}`,
    );
  return domains;
}
