/** Without what differs from run to run. */
export const steady = (text: string): string =>
  text
    .replaceAll(/^ +\d+:\d\d /gm, "  0:00 ")
    .replaceAll(/(\d+ min )?[\d.]+ s\b/g, "… s")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…")
    .replaceAll(/returned by \w+/g, "returned by …")
    .replaceAll(/\d+ min(?= |:|$)/gm, "… s");

/** What progress says first on the local cloud at its own speed. */
export const TIMES = "       Times and durations are AWS's: its time passes 60 times faster here.";

/** The lines of what is done: waits, ECS's events and the order of what is done at the same time differ. */
export const doneIn = (text: string): string[] =>
  steady(text)
    .split("\n")
    .filter((line) => !/^ {2}0:00 […·↻!]/.test(line));
