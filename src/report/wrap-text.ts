import { graphemes, textWidth } from "./text-width.js";

/**
 * A text as rows of a given width, broken between words; a word that is longer than a row is broken inside, unless it
 * is an address, which a terminal opens only as a whole. Its colors take no room.
 */
export function wrapText(text: string, width: number): string[] {
  if (textWidth(text) <= width) return [text];
  const rows: string[] = [];
  const [first = "", ...words] = text.split(" ");
  let row = fill(first, width, rows);
  for (const word of words) {
    const longer = `${row} ${word}`;
    if (textWidth(longer) <= width) {
      row = longer;
    } else {
      rows.push(row);
      row = fill(word, width, rows);
    }
  }
  return [...rows, row];
}

/** A text of several lines, each as far as it fits; what is left of it follows in indented rows. */
export const wrapIndented = (text: string, width: number, indent: number): string =>
  text
    .split("\n")
    .flatMap((line) => {
      if (textWidth(line) <= width) return [line];
      const [start = ""] = /^ */.exec(line) ?? [];
      const [first, ...others] = wrapText(line.slice(start.length), width - start.length - indent);
      return [`${start}${first}`, ...others.map((row) => start + " ".repeat(indent) + row)];
    })
    .join("\n");

const ADDRESS = /^(?:\x1b\[\d+m)*https?:\/\//;

/** Fills rows with a long word, and returns the rest of it. */
function fill(word: string, width: number, rows: string[]): string {
  if (textWidth(word) <= width || ADDRESS.test(word)) return word;
  let row = "";
  let columns = 0;
  for (const each of word
    .split(/(\x1b\[\d+m)/)
    .flatMap((part) => (part.startsWith("\x1b") ? [part] : graphemes(part)))) {
    const taken = textWidth(each);
    if (columns + taken > width && row !== "") {
      rows.push(row);
      [row, columns] = ["", 0];
    }
    row += each;
    columns += taken;
  }
  return row;
}
