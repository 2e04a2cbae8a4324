import { createHash } from "node:crypto";
import { nameProblem, type NameRule } from "./names.js";

/**
 * A name derived from another one, which always fits: as wished when AWS takes it, otherwise shortened
 * and told apart by eight characters of the whole name's hash. The suffix stays readable.
 */
export function deriveName(rule: NameRule, wish: string, suffix = ""): string {
  const whole = `${wish}${suffix}`;
  if (nameProblem(rule, whole) === undefined) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  let base = trimHyphens(wish.replace(rule.illegal, "-"));
  if (rule.forbiddenPrefixes.some((prefix) => base.toLowerCase().startsWith(prefix))) base = `q-${base}`;
  base = trimHyphens(base.slice(0, rule.max - suffix.length - hash.length - 1));
  return `${base === "" ? "q" : base}-${hash}${suffix}`;
}

const trimHyphens = (text: string): string => text.replace(/^-+|-+$/g, "");
