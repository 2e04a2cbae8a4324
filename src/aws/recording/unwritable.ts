import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** What prevents files from being written below a path; `undefined`: nothing. Nothing is written. */
export function unwritable(path: string): string | undefined {
  let folder = resolve(path);
  try {
    // What does not exist yet is created in the nearest directory that does.
    while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
    if (!statSync(folder).isDirectory()) return `${folder} is not a directory`;
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return `${folder} is not writable`;
  }
}
