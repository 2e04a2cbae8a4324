import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The kernel counts in hundredths of a second on every architecture that Node runs on. */
const TICKS_A_SECOND = 100;

/**
 * Seconds of CPU that a process has used so far; `undefined` if it has ended, or if they cannot be determined.
 */
export function cpuSecondsOf(pid: number): number | undefined {
  try {
    return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined;
  }
}

/** Its own time and that of its ended children: fields 14 to 17, counted after the name in parentheses. */
function fromProc(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((total, ticks) => total + Number(ticks), 0) / TICKS_A_SECOND;
}

/** `[[dd-]hh:]mm:ss[.cc]` */
function fromPs(pid: number): number | undefined {
  if (process.platform === "win32") return undefined;
  const text = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }).trim();
  const [seconds = 0, minutes = 0, hours = 0, days = 0] = text.split(/[-:]/).reverse().map(Number);
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
