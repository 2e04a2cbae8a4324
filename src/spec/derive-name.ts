import { createHash } from "node:crypto";
import { nameProblem, type NameRule } from "./names.js";

/**
 * Derives a valid name from another name and a suffix. A name that breaks the rule is sanitized, shortened
 * and made unique with eight characters of its hash; the suffix is kept.
 */
export function deriveName(rule: NameRule, base: string, suffix = ""): string {
  const name = `${base}${suffix}`;
  if (nameProblem(rule, name) === undefined) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  // The rest is cut below in any case.
  let short = trimHyphens(base.slice(0, 4 * rule.max).replace(rule.illegal, "-"));
  if (rule.forbiddenPrefixes.some((prefix) => short.toLowerCase().startsWith(prefix))) short = `q-${short}`;
  short = trimHyphens(short.slice(0, rule.max - suffix.length - hash.length - 1));
  return `${short === "" ? "q" : short}-${hash}${suffix}`;
}

const trimHyphens = (text: string): string => text.replace(/^-+|-+$/g, "");
