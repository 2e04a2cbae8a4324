import { fileURLToPath } from "node:url";

/** Tested by its tag: a `URL` of another realm (vm, Jest) is one, too. */
export const isUrl = (value: unknown): value is URL =>
  Object.prototype.toString.call(value) === "[object URL]";

/**
 * The path that a `file:` URL means, an object or a text: `new URL("talk-service", import.meta.url)`. Every other
 * value as it is, also a URL that is no path on this computer.
 */
export function toPath(value: unknown): unknown {
  const url = isUrl(value) ? value.href : value;
  if (typeof url !== "string" || !/^file:\/\//i.test(url)) return value;
  try {
    const path = fileURLToPath(url);
    return path.includes("\0") ? value : path;
  } catch {
    return value;
  }
}
