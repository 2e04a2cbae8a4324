/** The output of a reporter: `process.stderr`, a file stream, or anything with a `write` method. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** The columns that texts of several lines are wrapped at: those of the terminal, or 80. */
export const screenWidth = (): number => (process.stdout.isTTY ? Math.max(40, process.stdout.columns) : 80);

/** True if lines can be redrawn: an interactive terminal. */
export function isLive(output: Output): boolean {
  return output.isTTY === true && process.env["TERM"] !== "dumb" && !isSet("CI");
}

/** As https://no-color.org defines it; `FORCE_COLOR` is for pipes into programs that show colors. */
export function hasColor(output: Output): boolean {
  if (isSet("NO_COLOR")) return false;
  if (isSet("FORCE_COLOR")) return process.env["FORCE_COLOR"] !== "0";
  return output.isTTY === true && process.env["TERM"] !== "dumb";
}

const isSet = (name: string): boolean => (process.env[name] ?? "") !== "";
