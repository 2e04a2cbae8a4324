import { graphemes, textWidth } from "./text-width.js";

const COLOR = /(\x1b\[\d+m)/;

/** A text as far as it fits into `width` columns, with an ellipsis at the end if it does not. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let left = Math.max(0, width - 1);
  let ended = false;
  // Color codes have no width: they are kept after the cut, too, so that every color ends.
  return text
    .split(COLOR)
    .map((part) => {
      if (COLOR.test(part)) return part;
      if (ended) return "";
      let kept = "";
      for (const each of graphemes(part)) {
        const columns = textWidth(each);
        if (columns > left) {
          ended = true;
          return `${kept}…`;
        }
        left -= columns;
        kept += each;
      }
      return kept;
    })
    .join("");
}
