import { printable } from "../../printable.js";

/** A piece of HTML or SVG that is written as it is. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | readonly (Html | undefined)[];

/** HTML from a template: every value in it is escaped, unless it is HTML itself. */
export const html = (strings: TemplateStringsArray, ...values: readonly Part[]): Html =>
  new Html(String.raw({ raw: strings }, ...values.map(write)));

function write(value: Part): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "number") return String(Math.round(value * 10) / 10);
  if (typeof value !== "string") return value.map((each) => each?.text ?? "").join("");
  return printable(value)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
