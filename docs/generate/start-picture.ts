/*
 * Draws what `npm start` prints, shortened, as the README's picture: `npm run docs:picture`. The picture is
 * committed, because it is of a run on the real clock; a test compares it with what the example prints.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { escapeXml, svg } from "./svg.js";

/** The lines that the picture shows, without their colors: no plan, no notes, not what is deleted. */
export function shown(lines: readonly string[]): readonly string[] {
  const isPart = (line: string): boolean => {
    const text = withoutColors(line);
    return (
      /^\s*\d+:\d\d (?:\d+ to create|✓|Done in)|^talk-service answers|^\s+Talk details/.test(text) &&
      !/ deleted /.test(text)
    );
  };
  const end = lines.findIndex((line) => withoutColors(line).startsWith("Destroying"));
  return lines.slice(0, end).filter(isPart);
}

const COLOR = /\u001b\[(\d+)m/g;

const withoutColors = (line: string): string => line.replaceAll(COLOR, "");

const STYLES: Readonly<Record<string, string>> = {
  "1": 'font-weight="700" fill="#ffffff"',
  "2": 'fill="#8b949e"',
  "32": 'fill="#3fb950"',
  "36": 'fill="#39c5cf"',
};

const [LINE, CHARACTER, MARGIN, MOST] = [19, 8.05, 18, 108];

function picture(lines: readonly string[]): string {
  const rows = ["\u001b[2m$\u001b[22m npm start", "", ...lines.map((line) => line.trimEnd())];
  const width = Math.round(
    MARGIN * 2 + Math.min(MOST, Math.max(...rows.map((row) => withoutColors(row).length))) * CHARACTER,
  );
  const height = MARGIN * 2 + 22 + rows.length * LINE;
  const texts = rows.map((row, index) => {
    const y = MARGIN + 40 + index * LINE;
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans(row)}</text>`;
  });
  return svg(width, height, "What npm start prints", [
    `<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (fill, index) => `<circle cx="${MARGIN + 6 + index * 20}" cy="20" r="6" fill="${fill}"/>`,
    ),
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13.4" fill="#e6edf3">`,
    ...texts,
    "</g>",
  ]);
}

/** The parts of a line, each in its color. */
function spans(row: string): string {
  let style: string | undefined;
  return row
    .split(/(\u001b\[\d+m)/)
    .map((part) => {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
      if (code !== undefined) style = STYLES[code];
      if (code !== undefined || part === "") return "";
      return style === undefined ? escapeXml(part) : `<tspan ${style}>${escapeXml(part)}</tspan>`;
    })
    .join("");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const example = ["--import", "tsx", "examples/talk-service/deploy.ts", "--once"];
  const { NO_COLOR: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, example, {
    env: { ...env, FORCE_COLOR: "1" },
  });
  await writeFile("docs/public/pictures/npm-start.svg", picture(shown(stdout.split("\n"))));
}
