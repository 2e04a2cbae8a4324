import type { Output } from "./output.js";

const FRAME = 100;

/**
 * A block of lines at the end of a terminal that is redrawn in place, below lines that stay. It redraws itself
 * while it is not empty; its timer does not keep the process alive.
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

  /** Redraws the block, below `line` if given, which stays and may wrap. */
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

/** A line longer than the terminal would wrap, and the block would then be erased incorrectly. */
function cut(text: string, width: number): string {
  const parts = text.match(/\x1b\[\d+m|./gsu) ?? [];
  const isColor = (part: string) => part.startsWith("\x1b");
  const length = parts.filter((part) => !isColor(part)).length;
  if (length <= width) return text;
  let seen = 0;
  // Color codes have no width: they are kept after the cut, too, so that every color ends.
  return parts
    .map((part) => (isColor(part) ? part : ++seen < width ? part : seen === width ? "…" : ""))
    .join("");
}
