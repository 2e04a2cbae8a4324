import { isIPv4, isIPv6 } from "node:net";

/**
 * The canonical form that EC2 stores: `100.68.0.18/18` becomes `100.68.0.0/18`. `undefined` if `cidr` is
 * invalid.
 */
export function canonicalCidrIpv4(cidr: string): string | undefined {
  const parsed = split(cidr, 32);
  if (parsed === undefined || !isIPv4(parsed.address)) return undefined;
  const bytes = mask(parsed.address.split(".").map(Number), 8, parsed.prefix);
  return `${bytes.join(".")}/${parsed.prefix}`;
}

/**
 * The canonical form that EC2 stores: lower case, host bits cleared, the longest run of zeros shortened.
 * `undefined` if `cidr` is invalid.
 */
export function canonicalCidrIpv6(cidr: string): string | undefined {
  const parsed = split(cidr, 128);
  if (parsed === undefined || !isIPv6(parsed.address)) return undefined;
  const groups = mask(expand(parsed.address), 16, parsed.prefix);
  // The URL parser produces the canonical spelling of an IPv6 address.
  const host = new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname;
  return `${host.slice(1, -1)}/${parsed.prefix}`;
}

function split(cidr: string, bits: number): { address: string; prefix: number } | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(cidr);
  const prefix = Number(match?.[2]);
  return match?.[1] === undefined || prefix > bits ? undefined : { address: match[1], prefix };
}

/** Clears the bits after the prefix, in words of `width` bits. */
const mask = (words: readonly number[], width: number, prefix: number): number[] =>
  words.map((word, index) => {
    const kept = Math.min(width, Math.max(0, prefix - index * width));
    return word & ((2 ** width - 1) ^ (2 ** (width - kept) - 1));
  });

function expand(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (dotted !== null) {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(2).map(Number);
    return expand(`${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const [left = "", right] = address.split("::");
  const words = (text: string) => (text === "" ? [] : text.split(":").map((group) => parseInt(group, 16)));
  if (right === undefined) return words(left);
  const gap = 8 - words(left).length - words(right).length;
  return [...words(left), ...Array<number>(gap).fill(0), ...words(right)];
}
