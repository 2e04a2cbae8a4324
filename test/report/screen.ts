import { stripVTControlCharacters } from "node:util";

/** What a reporter writes to: a terminal of 80 columns, or a file. */
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

  /** What a terminal shows: the sequences that the live block uses, carried out. */
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
