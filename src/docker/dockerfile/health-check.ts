import { DockerfileError } from "./dockerfile-error.js";
import type { Instruction } from "./instructions.js";

/** The health check of a Dockerfile. Durations are in seconds; `undefined` means Docker's default. */
export interface DockerfileHealthCheck {
  /** `["CMD", word, …]`, or `["CMD-SHELL", line]`. */
  readonly command: readonly string[];
  readonly interval: number | undefined;
  readonly timeout: number | undefined;
  readonly startPeriod: number | undefined;
  readonly retries: number | undefined;
}

const FLAGS = new Set(["interval", "timeout", "start-period", "start-interval", "retries"]);

/** Parses HEALTHCHECK; `undefined` for `HEALTHCHECK NONE`. Variables in it are for the shell, not for Docker. */
export function parseDockerfileHealthCheck({
  flags,
  rest,
  json,
}: Instruction): DockerfileHealthCheck | undefined {
  const [, type = "", line = ""] = /^(\S*)\s*([^]*)$/u.exec(rest)!;
  if (type === "") throw new DockerfileError("HEALTHCHECK requires at least one argument");
  if (type.toUpperCase() === "NONE") {
    if (line !== "") throw new DockerfileError("HEALTHCHECK NONE takes no arguments");
    return undefined;
  }
  if (type.toUpperCase() !== "CMD")
    throw new DockerfileError(`HEALTHCHECK must be followed by CMD or NONE; got ${type}`);
  if (json === undefined ? line === "" : json.length === 0)
    throw new DockerfileError("HEALTHCHECK CMD has no command");
  const values = new Map(flags.map(parseFlag));
  const seconds = (name: string): number | undefined => {
    const value = values.get(name);
    return value === undefined || value === "" ? undefined : goDuration(value, name) || undefined;
  };
  seconds("start-interval");
  return {
    command: json === undefined ? ["CMD-SHELL", line] : ["CMD", ...json],
    interval: seconds("interval"),
    timeout: seconds("timeout"),
    startPeriod: seconds("start-period"),
    retries: parseRetries(values.get("retries")),
  };
}

function parseFlag(flag: string): [name: string, value: string] {
  const [, name = "", value = ""] = /^--([^=]*)(?:=([^]*))?$/u.exec(flag) ?? [];
  if (!FLAGS.has(name)) throw new DockerfileError(`HEALTHCHECK has the unknown flag ${flag}`);
  return [name, value];
}

function parseRetries(value = ""): number | undefined {
  if (value === "") return undefined;
  if (!/^\+?\d{1,9}$/.test(value))
    throw new DockerfileError(`HEALTHCHECK has the invalid number of retries ${value}`);
  // Docker's default applies to 0.
  return Number(value) || undefined;
}

/** Seconds for each unit of Go's durations. */
const UNITS = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 } as const;

/** `1m30s`, `0.5h`, `500ms`: Go's time.ParseDuration. */
function goDuration(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gu)];
  const isWhole = parts.map(([whole]) => whole).join("") === text.replace(/^\+/, "");
  const total = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS],
    0,
  );
  if (text !== "0" && (!isWhole || parts.length === 0 || (total !== 0 && total < 0.001)))
    throw new DockerfileError(`HEALTHCHECK has the invalid duration --${flag}=${text}`);
  return total;
}
