import { isIP } from "node:net";

export interface Cidr {
  /** The block as AWS stores and returns it: its first address, IPv6 compressed. */
  readonly canonical: string;
  /** True if the text gives the block by its first address. */
  readonly isFirst: boolean;
}

/** Parses an IPv4 or IPv6 block. Returns `undefined` for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [, address, length] = match as unknown as [string, string, string];
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const prefix = Number(length);
  if (family === 0 || prefix > bits || address.includes("%")) return undefined;

  const host = BigInt(bits - prefix);
  const value = family === 4 ? readIpv4(address) : readIpv6(address);
  const first = (value >> host) << host;
  return {
    canonical: `${family === 4 ? writeIpv4(first) : writeIpv6(first)}/${prefix}`,
    isFirst: first === value,
  };
}

const readIpv4 = (address: string): bigint =>
  address.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);

const writeIpv4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");

/** The URL parser reads every notation of an IPv6 address and returns the canonical one. */
const canonicalIpv6 = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1);

function readIpv6(address: string): bigint {
  const [head = "", tail] = canonicalIpv6(address).split("::");
  const groups = (text: string | undefined): string[] =>
    text === undefined || text === "" ? [] : text.split(":");
  const before = groups(head);
  const after = groups(tail);
  const middle = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...middle, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

function writeIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  );
  return canonicalIpv6(groups.join(":"));
}
