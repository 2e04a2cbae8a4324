import { isIPv6 } from "node:net";
import { Aliases } from "./aliases.js";

/** Addresses that say nothing about an account: unspecified, loopback, link-local (RFC 6890). */
const COMMON = /^(0\.|127\.|169\.254\.|255\.)/;
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

/**
 * Replaces IP addresses. Private ones (RFC 1918) stay private, and addresses of one block stay in one block; public
 * ones come from the block for benchmarks (RFC 2544), IPv6 from that for documentation (RFC 3849).
 */
export class AddressAliases {
  readonly #public = new Aliases((number) => `198.18.${number >> 8}.${number & 255}`);
  readonly #six = new Aliases((number) => `2001:db8::${number.toString(16)}`);
  /** The numbers that have been given below each prefix. */
  readonly #blocks = new Map<string, Map<string, number>>();

  replaceIn(text: string): string {
    return text
      .replace(/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)/g, (address) => this.#four(address))
      .replace(/\b(ip|ec2)-(\d{1,3}(?:-\d{1,3}){3})\b/g, (_, kind: string, dashed: string) => {
        return `${kind}-${this.#four(dashed.replaceAll("-", ".")).replaceAll(".", "-")}`;
      })
      .replace(/(?<![\w:.-])[\da-f:]{3,}(?![\w:])/gi, (word) =>
        isIPv6(word) && word !== "::1" ? this.#six.of(word.toLowerCase()) : word,
      );
  }

  #four(address: string): string {
    const octets = address.split(".");
    if (octets.some((octet) => Number(octet) > 255) || COMMON.test(address)) return address;
    if (!PRIVATE.test(address)) return this.#public.of(address);
    // 192.168 and 172.16 keep both of the octets that make them private.
    const kept = octets[0] === "10" ? 1 : 2;
    return octets
      .map((octet, index) => {
        if (index < kept || octet === "0") return octet;
        const prefix = octets.slice(0, index).join(".");
        const block = this.#blocks.get(prefix) ?? new Map<string, number>();
        this.#blocks.set(prefix, block);
        if (!block.has(octet)) block.set(octet, block.size + 1);
        return String(block.get(octet));
      })
      .join(".");
  }
}
