import { stripVTControlCharacters } from "node:util";

/** The output of a reporter: a terminal of 80 columns, or a file. */
export class Screen {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 80;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }

  /** What a terminal displays, after the control sequences of the live block. */
  get lines(): string[] {
    const lines: string[] = [];
    for (const part of this.text.split(/(\x1b\[\d+A\x1b\[0J)/)) {
      const up = /^\x1b\[(\d+)A/.exec(part);
      if (up) lines.splice(lines.length - Number(up[1]));
      else lines.push(...part.split("\n").slice(0, -1));
    }
    return lines.map((line) => stripVTControlCharacters(line));
  }
}
