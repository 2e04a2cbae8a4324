import { Aliases } from "./aliases.js";

/** Hosts that everybody uses, or that name a service. */
const PUBLIC =
  /(^|\.)(amazonaws\.com(\.cn)?|amazon\.com|aws|docker\.io|docker\.com|ghcr\.io|quay\.io|gcr\.io|k8s\.io|localhost)$/i;
const HOST = /(?<![\w.-])(?:\*\.)?[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)+(?![\w-])/gi;

/**
 * Replaces host names label by label, so that `talk.example.com` still belongs to `*.example.com`. A text does not say
 * which of its dotted words are hosts: those are, that a member for hosts, a URL or an image had before.
 */
export class HostAliases {
  readonly #domains = new Aliases((number) => `domain-${number}.example`);
  readonly #labels = new Aliases((number) => `host-${number}`);
  readonly #numbers = new Aliases((number) => String(1_000_000_000 + number));

  /** Notes that a word is a host. */
  note(host: string): void {
    const name = host.toLowerCase().replace(/^\*\./, "");
    if (PUBLIC.test(name) || !/^[a-z\d-]+(\.[a-z\d-]+)*\.[a-z][a-z\d-]*$/.test(name)) return;
    this.#domains.of(domainOf(name));
  }

  replaceIn(text: string): string {
    for (const [, host] of text.matchAll(/\b[a-z+]+:\/\/(?:[^\s/@]*@)?([^\s/:"'?]+)/gi)) this.note(host!);
    const withoutUsers = text.replace(/\b([a-z+]+:\/\/)[^\s/@]+@/gi, "$1");
    const withoutNumbers = withoutUsers.replace(
      /-(\d{6,})(\.[a-z\d-]+\.elb\.amazonaws\.com)/gi,
      (_, number: string, rest: string) => `-${this.#numbers.of(number)}${rest}`,
    );
    return withoutNumbers.replace(HOST, (host) => this.#alias(host.toLowerCase()) ?? host);
  }

  #alias(host: string): string | undefined {
    const domain = domainOf(host);
    if (!this.#domains.has(domain)) return undefined;
    const labels = host === domain ? [] : host.slice(0, -domain.length - 1).split(".");
    return [
      ...labels.map((label) => (label === "*" ? label : this.#labels.of(label))),
      this.#domains.of(domain),
    ].join(".");
  }
}

const domainOf = (host: string): string => host.split(".").slice(-2).join(".");
