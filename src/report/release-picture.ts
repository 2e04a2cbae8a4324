import { mapTexts, printable } from "../printable.js";

type DrawnColorName = "blue" | "green";

interface PicturedColor {
  readonly release: number;
  readonly image: string | undefined;
  readonly deployedAt: Date | undefined;
  readonly tasks: { readonly desired: number; readonly running: number };
}

/** The part of a release that its picture shows. */
export interface PicturedRelease {
  readonly live: DrawnColorName | undefined;
  readonly held: DrawnColorName | undefined;
  readonly weights: Readonly<Record<DrawnColorName, number>>;
  readonly colors: Readonly<Record<DrawnColorName, PicturedColor | undefined>>;
  readonly preview:
    | {
        readonly color: DrawnColorName;
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
      }
    | undefined;
  readonly keptUntil: Date | undefined;
  readonly stopOverdue: boolean;
}

const WIDTH = 20;

/** The two colors with their share of the traffic, their version and its age; at most 80 columns with short names. */
export function releaseToText(deployment: string, pictured: PicturedRelease, now: Date): string {
  const release = mapTexts(pictured, printable);
  const { live, colors } = release;
  const inOrder = live === "green" ? (["green", "blue"] as const) : (["blue", "green"] as const);
  const present = inOrder.flatMap((name) => (colors[name] === undefined ? [] : [name]));
  if (present.length === 0) return `${printable(deployment)}: no version is deployed`;
  const states = present.map((name) => `${name} ${stateOf(name, release)}`);
  return [
    `${printable(deployment)}: ${states.join(", ")}`,
    ...present.flatMap((name) => linesOf(name, colors[name]!, release, now)),
  ].join("\n");
}

function stateOf(
  name: DrawnColorName,
  { live, held, weights, keptUntil, stopOverdue }: PicturedRelease,
): string {
  if (name === live)
    return weights[name] === 100 ? "is live" : `is live with ${weights[name]} % of the traffic`;
  if (weights[name] > 0) return `gets ${weights[name]} %`;
  if (name === held) return "is held";
  if (keptUntil === undefined) return "is kept until retire()";
  return stopOverdue
    ? `should have been stopped at ${timeText(keptUntil)}`
    : `is kept until ${timeText(keptUntil)}`;
}

function linesOf(
  name: DrawnColorName,
  { release, image, deployedAt, tasks }: PicturedColor,
  { weights, preview }: PicturedRelease,
  now: Date,
): string[] {
  const share = weights[name];
  const full = Math.round((share / 100) * WIDTH);
  const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
  const count = `${tasks.running} of ${tasks.desired} tasks`;
  const lines = [`  ${name.padEnd(5)}  ${bar} ${String(share).padStart(3)} %  release ${release}, ${count}`];
  const more = [
    image,
    deployedAt && `deployed ${timeText(deployedAt)}, ${ageText(now.getTime() - deployedAt.getTime())} ago`,
    preview?.color === name ? `look at it: ${previewText(preview)}` : undefined,
  ];
  return [...lines, ...more.flatMap((line) => (line === undefined ? [] : [`         ${line}`]))];
}

function previewText({ url, headers }: NonNullable<PicturedRelease["preview"]>): string {
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return sent.length === 0 ? url : `${url} with the header ${sent.join(", ")}`;
}

const timeText = (time: Date): string => `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** The largest unit is enough for a person: `2 days`. */
function ageText(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  const [value, unit] =
    minutes < 60
      ? [minutes, "minute"]
      : minutes < 48 * 60
        ? [Math.floor(minutes / 60), "hour"]
        : [Math.floor(minutes / 1440), "day"];
  return `${value} ${unit}${value === 1 ? "" : "s"}`;
}
