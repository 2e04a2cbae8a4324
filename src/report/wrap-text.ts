/** A text as rows of a given width, broken between words; a word that is longer than a row is broken inside. */
export function wrapText(text: string, width: number): string[] {
  const rows: string[] = [];
  const [first = "", ...words] = text.split(" ");
  let row = fill(first, width, rows);
  for (const word of words) {
    const longer = `${row} ${word}`;
    if (longer.length <= width) {
      row = longer;
    } else {
      rows.push(row);
      row = fill(word, width, rows);
    }
  }
  return [...rows, row];
}

/** Fills rows with a long word, and returns the rest of it. */
function fill(word: string, width: number, rows: string[]): string {
  let rest = word;
  for (; rest.length > width; rest = rest.slice(width)) rows.push(rest.slice(0, width));
  return rest;
}
