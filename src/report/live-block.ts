import type { Output } from "./output.js";

const FRAME = 100;

/**
 * Lines at the end of a terminal that are drawn over and over, below others that stay. It redraws
 * itself while there is something in it; its timer keeps no process alive.
 */
export class LiveBlock {
  readonly #output: Output;
  readonly #render: () => readonly string[];
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: Output, render: () => readonly string[]) {
    this.#output = output;
    this.#render = render;
  }

  /** Draws the block anew, below `line` if there is one. */
  draw(line?: string): void {
    const lines = this.#render().map((text) => cut(text, (this.#output.columns ?? 80) - 1));
    const erase = this.#drawn > 0 ? `\x1b[${this.#drawn}A\x1b[0J` : "";
    const text = [...(line === undefined ? [] : [line]), ...lines].map((each) => `${each}\n`).join("");
    if (erase + text !== "") this.#output.write(erase + text);
    this.#drawn = lines.length;
    this.#animate(lines.length > 0);
  }

  #animate(alive: boolean): void {
    if (!alive) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.draw(), FRAME);
      this.#timer.unref();
    }
  }
}

/** A line longer than the terminal would wrap, and the block would then be erased wrongly. */
function cut(text: string, width: number): string {
  let seen = 0;
  let result = "";
  // Colours take no room: they are kept whole, also behind the cut, so that they end.
  // eslint-disable-next-line no-control-regex
  for (const [part] of text.matchAll(/\x1b\[\d+m|./gsu)) {
    if (part.length > 2) result += part;
    else if (seen < width) {
      result += seen === width - 1 && seen + 1 < visibleLength(text) ? "…" : part;
      seen += 1;
    }
  }
  return result;
}

// eslint-disable-next-line no-control-regex
const visibleLength = (text: string): number => [...text.replace(/\x1b\[\d+m/g, "")].length;
