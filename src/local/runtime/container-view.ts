import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import type { Mount, TaskToRun } from "./task-runtime.js";

/*
 * A process has no file system of its own: what a container would see at the paths of its mounts are directories of this
 * computer.
 */

/** The text with the path of a mount at its beginning, or after `=`, replaced; a deeper mount wins. */
export function inMounts(text: string, mounts: readonly Mount[]): string {
  const [, option = "", value = text] = /^(--?[A-Za-z0-9-]+=)(.*)$/s.exec(text) ?? [];
  const deepest = mounts
    .filter(({ path }) => value === path || value.startsWith(path.endsWith("/") ? path : `${path}/`))
    .sort((one, other) => other.path.length - one.path.length)[0];
  return deepest === undefined ? text : option + join(deepest.directory, value.slice(deepest.path.length));
}

/** The directory that the process starts in. */
export function workingDirectory(
  { workingDirectory: described, mounts = [] }: TaskToRun,
  own: string | undefined,
): string | undefined {
  if (described === undefined) return own;
  const mounted = inMounts(described, mounts);
  if (mounted !== described) return mounted;
  const inside = join(own ?? ".", posix.basename(described));
  return existsSync(inside) ? inside : own;
}

/** The options of the shell's `ulimit` for the limits that every shell can set. */
const OPTIONS: Readonly<Record<string, string>> = {
  core: "-c",
  data: "-d",
  fsize: "-f",
  nofile: "-n",
  stack: "-s",
  cpu: "-t",
};

/** The command under its resource limits, as far as this computer allows them. */
export function limited(
  program: string,
  args: readonly string[],
  ulimits: NonNullable<TaskToRun["ulimits"]>,
): [string, string[]] {
  const commands = ulimits.flatMap(({ name, soft, hard }) => {
    const option = OPTIONS[name];
    if (option === undefined) return [];
    const set = (kind: "-S" | "-H", limit: number) =>
      `ulimit ${kind} ${option} ${limit < 0 ? "unlimited" : limit} 2>/dev/null || true`;
    return [set("-S", soft), set("-H", hard)];
  });
  if (commands.length === 0 || process.platform === "win32") return [program, [...args]];
  return ["/bin/sh", ["-c", [...commands, 'exec "$@"'].join("\n"), "sh", program, ...args]];
}
