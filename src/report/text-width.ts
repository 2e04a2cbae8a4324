/*! The table of wide characters is get-east-asian-width's: MIT license, (c) Sindre Sorhus. */
import { eastAsianWidth } from "get-east-asian-width";
import { stripVTControlCharacters } from "node:util";

/** Texts of which every character takes one column: all that quayside itself writes. */
const SIMPLE =
  /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u203b\u2190-\u21ff\u2500-\u25fc\u2713\u2717\u2800-\u28ff]*$/;

/** Made when they are needed: both take longer than the rest of quayside. */
let segmenter: Intl.Segmenter | undefined;
let emoji: RegExp | undefined;
let invisible: RegExp | undefined;

/** The characters as a person sees them: a letter with its accents, an emoji with its skin. */
export function graphemes(text: string): string[] {
  if (SIMPLE.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The number of columns that a terminal takes for a text, without its colors. */
export function textWidth(text: string): number {
  const visible = stripVTControlCharacters(text);
  if (SIMPLE.test(visible)) return visible.length;
  return graphemes(visible).reduce((sum, each) => sum + graphemeWidth(each), 0);
}

function graphemeWidth(grapheme: string): number {
  // Written as strings: the flag v and its properties are newer than the language level of this build.
  emoji ??= new RegExp(String.raw`^\p{RGI_Emoji}$`, "v");
  invisible ??=
    /^[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]+$/u;
  if (invisible.test(grapheme)) return 0;
  if (emoji.test(grapheme)) return 2;
  return eastAsianWidth(grapheme.codePointAt(0)!);
}
