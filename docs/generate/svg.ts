/** The colors of a picture, for a light and for a dark page. */
export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly panel: string;
  readonly accent: string;
  readonly blue: string;
  readonly green: string;
}

export const THEMES: Readonly<Record<"light" | "dark", Theme>> = {
  light: {
    text: "#213547",
    muted: "#5b6775",
    line: "#c2c9d1",
    panel: "#f6f6f7",
    accent: "#b45309",
    blue: "#2563eb",
    green: "#15803d",
  },
  dark: {
    text: "#dfdfd6",
    muted: "#a3a8ae",
    line: "#4a4f57",
    panel: "#202127",
    accent: "#f5a623",
    blue: "#60a5fa",
    green: "#4ade80",
  },
};

const SANS = "ui-sans-serif, system-ui, sans-serif";

/** The outside of a picture; `label` says what is to be seen to those who do not see it. */
export function svg(width: number, height: number, label: string, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${SANS}" font-size="13">`,
    `<title>${escapeXml(label)}</title>`,
    ...content,
    "</svg>",
    "",
  ].join("\n");
}

export function text(
  x: number,
  y: number,
  content: string,
  attributes: Readonly<Record<string, string | number>> = {},
): string {
  return `<text x="${x}" y="${y}"${toAttributes(attributes)}>${escapeXml(content)}</text>`;
}

export const shape = (name: string, attributes: Readonly<Record<string, string | number>>): string =>
  `<${name}${toAttributes(attributes)}/>`;

const toAttributes = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");

export const escapeXml = (value: string): string =>
  value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
