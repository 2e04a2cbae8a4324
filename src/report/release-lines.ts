interface DrawnColor {
  readonly release: number;
  readonly tasks: { readonly desired: number; readonly running: number };
}

/** The part of a release that is rendered. */
export interface DrawnRelease {
  readonly live: string | undefined;
  readonly weights: Readonly<Record<"blue" | "green", number>>;
  readonly colors: Readonly<Record<"blue" | "green", DrawnColor | undefined>>;
  readonly keptUntil: Date | undefined;
  readonly stopOverdue: boolean;
}

/** The two colors, the live one first: the traffic of each, and until when the other one is kept. */
export function releaseLines(release: DrawnRelease | undefined): (readonly [string, string])[] {
  if (release === undefined) return [];
  const { live, weights, colors, keptUntil, stopOverdue } = release;
  const inOrder = live === "green" ? (["green", "blue"] as const) : (["blue", "green"] as const);
  const present = inOrder.flatMap((name) => {
    const color = colors[name];
    return color === undefined ? [] : [{ name, ...color }];
  });
  return present.map(({ name, release: number, tasks }, index) => {
    const isKept = keptUntil !== undefined && name !== live;
    const kept = isKept
      ? `, ${stopOverdue ? "should have been stopped at" : "until"} ${keptUntil.toISOString().slice(0, 19)}`
      : "";
    const text = `${name} ${weights[name]} %, release ${number}, ${tasks.running} of ${tasks.desired} running${kept}`;
    return [index === 0 ? "colors" : "", text] as const;
  });
}
