import dockerignore from "@balena/dockerignore";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { QuaysideError } from "../errors.js";

export interface ContextSource {
  /** Relative to the current directory, or absolute. */
  readonly directory: string;
  /** Relative to the directory, or absolute. */
  readonly dockerfile: string;
}

/** The files that Docker would receive, with a hash that identifies them. */
export interface BuildContext {
  /** Absolute. */
  readonly directory: string;
  /** Absolute. */
  readonly dockerfile: string;
  /** The hexadecimal hash over the Dockerfile and every path, kind, mode and content of the context. */
  readonly hash: string;
  readonly files: number;
  readonly bytes: number;
  /** The top-level directories and files, largest first. */
  readonly largest: readonly { readonly name: string; readonly bytes: number }[];
}

interface Entry {
  /** With `/` on every system, as in the image. */
  readonly path: string;
  readonly kind: "file" | "directory" | "link";
  readonly mode: number;
  readonly size: number;
}

/**
 * Write permissions are left out: they depend on the umask of the user who checked out the sources, and deploys
 * of the same sources by two users would always differ.
 */
const MODE = 0o555;

/** Walks the context as Docker does, honoring `.dockerignore`. Times and owners do not count. */
export async function readBuildContext(source: ContextSource, signal?: AbortSignal): Promise<BuildContext> {
  const directory = resolve(source.directory);
  const dockerfile = resolve(directory, source.dockerfile);
  const [content, ignored] = await Promise.all([
    readFile(dockerfile).catch((cause: unknown) => {
      throw noDockerfile(dockerfile, cause);
    }),
    readIgnored(directory, dockerfile),
  ]);
  const entries: Entry[] = [];
  await walk(directory, "", ignored, entries, signal);
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));

  const hash = createHash("sha256");
  hash.update(`Dockerfile ${content.length}\n`).update(content);
  const sizes = new Map<string, number>();
  for (const { path, kind, mode, size } of entries) {
    signal?.throwIfAborted();
    hash.update(`\n${kind} ${mode.toString(8)} ${JSON.stringify(path)} `);
    if (kind === "link") hash.update(JSON.stringify(await readlink(join(directory, path))));
    if (kind !== "file") continue;
    // Each file is hashed separately, so that the boundary between two files is unambiguous.
    hash.update(await hashOfFile(join(directory, path), signal));
    const [top = path] = path.split("/");
    sizes.set(top, (sizes.get(top) ?? 0) + size);
  }
  return {
    directory,
    dockerfile,
    hash: hash.digest("hex"),
    files: entries.filter(({ kind }) => kind === "file").length,
    bytes: [...sizes.values()].reduce((total, size) => total + size, 0),
    largest: [...sizes]
      .map(([name, bytes]) => ({ name, bytes }))
      .sort((one, other) => other.bytes - one.bytes),
  };
}

async function walk(
  root: string,
  folder: string,
  ignored: Ignored,
  found: Entry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const items = await readdir(join(root, folder), { withFileTypes: true });
  for (const item of items) {
    const path = folder === "" ? item.name : `${folder}/${item.name}`;
    if (item.isDirectory()) {
      if (!ignored.file(path)) found.push(await entry(root, path, "directory"));
      if (!ignored.folder(path)) await walk(root, path, ignored, found, signal);
    } else if (item.isFile() || item.isSymbolicLink()) {
      // A link is sent as a link, wherever it points. Sockets and devices are not sent at all.
      if (!ignored.file(path)) found.push(await entry(root, path, item.isFile() ? "file" : "link"));
    }
  }
}

async function entry(root: string, path: string, kind: Entry["kind"]): Promise<Entry> {
  const { mode, size } = await lstat(join(root, path));
  // The mode of a link has no meaning, and differs between systems.
  return { path, kind, mode: kind === "link" ? 0 : mode & MODE, size };
}

async function hashOfFile(path: string, signal: AbortSignal | undefined): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  return hash.digest();
}

interface Ignored {
  readonly file: (path: string) => boolean;
  /** True if nothing below the directory can be part of the context either. */
  readonly folder: (path: string) => boolean;
}

/** `Dockerfile.dockerignore` takes precedence over `.dockerignore`, as in BuildKit. */
async function readIgnored(directory: string, dockerfile: string): Promise<Ignored> {
  const text =
    (await readIfThere(`${dockerfile}.dockerignore`)) ??
    (await readIfThere(join(directory, ".dockerignore"))) ??
    "";
  const matcher = dockerignore().add(text);
  const exceptions = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1).replace(/^\.?\/+/, ""));
  const file = (path: string): boolean => matcher.ignores(path);
  const mayHold = (folder: string) => (exception: string) => {
    const certain = /^[^*?[\\]*/.exec(exception)![0];
    return certain.startsWith(folder) || (certain !== exception && folder.startsWith(certain));
  };
  return { file, folder: (path) => file(path) && !exceptions.some(mayHold(`${path}/`)) };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function noDockerfile(dockerfile: string, cause: unknown): QuaysideError {
  const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "it does not exist" : String(cause);
  return new QuaysideError("no-dockerfile", `The Dockerfile ${dockerfile} cannot be read: ${why}`, {
    cause,
    facts: { dockerfile },
    fix: 'Check the directory, or specify the Dockerfile: .image("./directory", { dockerfile: "docker/Dockerfile" }).',
  });
}
