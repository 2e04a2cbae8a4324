import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The directories of this computer that stand for volumes: those of a task are deleted with it, those of file systems and
 * of instances are shared, and deleted with the cloud.
 */
export class VolumeDirectories {
  #root: string | undefined;

  /** The directory of a volume of one task. */
  ofTask(taskId: string, volume: string): string {
    return this.#directory("tasks", taskId, volume);
  }

  /** A directory that several tasks share: a file system, or a directory of an instance. */
  shared(name: string, path: string): string {
    return this.#directory("shared", name, path.replaceAll(/[^A-Za-z0-9_-]/g, "_"));
  }

  /** Deletes the volumes of a task. */
  release(taskId: string): void {
    if (this.#root !== undefined) remove(join(this.#root, "tasks", taskId));
  }

  close(): void {
    if (this.#root !== undefined) remove(this.#root);
    this.#root = undefined;
  }

  #directory(...path: readonly string[]): string {
    this.#root ??= mkdtempSync(join(tmpdir(), "quayside-volumes-"));
    const directory = join(this.#root, ...path);
    mkdirSync(directory, { recursive: true });
    return directory;
  }
}

/** Deletes a directory, except for what containers of another user have written there. */
function remove(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
