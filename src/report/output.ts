/** What a reporter writes to: `process.stderr`, a file's stream, or anything that has a `write`. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Whether lines on it can be drawn over: a terminal that somebody looks at. */
export function isLive(output: Output): boolean {
  return output.isTTY === true && process.env["TERM"] !== "dumb" && !isSet("CI");
}

/** As https://no-color.org has it; `FORCE_COLOR` is for those who pipe into something that shows colors. */
export function hasColor(output: Output): boolean {
  if (isSet("NO_COLOR")) return false;
  if (isSet("FORCE_COLOR")) return process.env["FORCE_COLOR"] !== "0";
  return output.isTTY === true && process.env["TERM"] !== "dumb";
}

const isSet = (name: string): boolean => (process.env[name] ?? "") !== "";
