/** A domain name as Route 53 returns it: in lower case, with a dot at the end, special characters as octal codes. */
export function dnsName(name: string): string {
  const lower = name.toLowerCase().replace(/[^a-z0-9\-_.\\]/g, octal);
  return lower.endsWith(".") ? lower : `${lower}.`;
}

const octal = (character: string): string => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;

/** The order of names in a zone: by their labels, from the last one to the first. */
export const zoneOrder = (name: string): string => name.split(".").reverse().join(".");

export const isInZone = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);
