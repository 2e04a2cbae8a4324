import { clockTime } from "../duration-text.js";
import { html, type Html } from "./html.js";

export const WIDTH = 1000;
export const LABELS = 330;
const RIGHT = 60;

/** The scale from times to the columns of a picture. */
export interface Axis {
  readonly start: number;
  readonly end: number;
  x(at: number): number;
}

export function axisOf(start: number, end: number): Axis {
  const span = Math.max(1, end - start);
  const x = (at: number) =>
    LABELS + ((WIDTH - LABELS - RIGHT) * (Math.min(Math.max(at, start), end) - start)) / span;
  return { start, end, x };
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Lines at round times since the start, with their labels. */
export function grid({ start, end, x }: Axis, height: number): Html {
  const seconds = (end - start) / 1000;
  const step = STEPS.find((each) => seconds / each <= 8) ?? Math.ceil(seconds / 8);
  const times = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
  return html`${times.map((each) => {
    const at = x(start + each * 1000);
    return html`<line class="grid" x1="${at}" x2="${at}" y1="18" y2="${height}" /><text
        class="tick"
        x="${at}"
        y="12"
        >${clockTime(each)}</text
      >`;
  })}`;
}
