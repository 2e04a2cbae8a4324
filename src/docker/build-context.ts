import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { QuaysideError } from "../errors.js";
import { isDirectoryContext } from "./build-secrets.js";
import { IgnoreFile, type Matched } from "./ignore/ignore-file.js";

export interface ContextSource {
  /** Relative to the current directory, or absolute. */
  readonly directory: string;
  /** Relative to the directory, or absolute. */
  readonly dockerfile: string;
  /** Other directories by name, or images and URLs. @defaultValue none */
  readonly contexts?: Readonly<Record<string, string>>;
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
  const hash = createHash("sha256");
  hash.update(`Dockerfile ${content.length}\n`).update(content);
  const { entries, sizes } = await addDirectory(hash, directory, ignored, signal);
  for (const [name, context] of Object.entries(source.contexts ?? {}).sort(([one], [other]) =>
    one < other ? -1 : 1,
  )) {
    hash.update(`\ncontext ${JSON.stringify(name)}\n`);
    const root = resolve(context);
    if (!isDirectoryContext(context)) hash.update(JSON.stringify(context));
    else await addDirectory(hash, root, await readIgnored(root), signal);
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

/** Adds every path, kind, mode and content below a directory to the hash. */
async function addDirectory(
  hash: Hash,
  root: string,
  ignored: IgnoreFile,
  signal: AbortSignal | undefined,
): Promise<{ readonly entries: readonly Entry[]; readonly sizes: ReadonlyMap<string, number> }> {
  const entries = await entriesBelow("", undefined, { root, ignored, signal });
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  const sizes = new Map<string, number>();
  for (const { path, kind, mode, size } of entries) {
    signal?.throwIfAborted();
    hash.update(`\n${kind} ${mode.toString(8)} ${JSON.stringify(path)} `);
    if (kind === "link") hash.update(JSON.stringify(await readlink(join(root, path))));
    if (kind !== "file") continue;
    // Each file is hashed separately, so that the boundary between two files is unambiguous.
    hash.update(await hashOfFile(join(root, path), signal));
    const [top = path] = path.split("/");
    sizes.set(top, (sizes.get(top) ?? 0) + size);
  }
  return { entries, sizes };
}

interface Walk {
  readonly root: string;
  readonly ignored: IgnoreFile;
  readonly signal: AbortSignal | undefined;
}

/** The entries of a folder, and of all folders in it. */
async function entriesBelow(folder: string, parent: Matched | undefined, walk: Walk): Promise<Entry[]> {
  const { root, ignored, signal } = walk;
  signal?.throwIfAborted();
  const found: Entry[] = [];
  for (const item of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? item.name : `${folder}/${item.name}`;
    const { ignored: isIgnored, matched } = ignored.match(path, parent);
    if (item.isDirectory()) {
      if (isIgnored && !ignored.mayInclude(path)) continue;
      const below = await entriesBelow(path, matched, walk).catch((error: unknown) => {
        if (isIgnored && (error as NodeJS.ErrnoException).code === "EACCES") return [];
        throw error;
      });
      // Docker sends the folders of all files that it sends.
      if (!isIgnored || below.length > 0) found.push(await entry(root, path, "directory"), ...below);
    } else if (!isIgnored && (item.isFile() || item.isSymbolicLink())) {
      // A link is sent as a link, wherever it points. Sockets and devices are not sent at all.
      found.push(await entry(root, path, item.isFile() ? "file" : "link"));
    }
  }
  return found;
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

/** `Dockerfile.dockerignore` takes precedence over `.dockerignore`, as in BuildKit. */
async function readIgnored(directory: string, dockerfile?: string): Promise<IgnoreFile> {
  const own = dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`];
  for (const path of [...own, join(directory, ".dockerignore")]) {
    const text = await readIfThere(path);
    if (text !== undefined) return IgnoreFile.parse(text, path);
  }
  return IgnoreFile.parse("", "");
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
