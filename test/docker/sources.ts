import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A directory to build, and changes to it between two builds. */
export class Sources implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(files: Readonly<Record<string, string>>): Promise<Sources> {
    const sources = new Sources(await mkdtemp(join(tmpdir(), "quayside sources ")));
    for (const [path, content] of Object.entries(files)) await sources.write(path, content);
    return sources;
  }

  async write(path: string, content: string, mode = 0o644): Promise<void> {
    const file = join(this.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, mode);
  }

  async link(path: string, target: string): Promise<void> {
    await symlink(target, join(this.directory, path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
