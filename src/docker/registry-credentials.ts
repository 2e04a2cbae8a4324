import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { RegistryLogin } from "./image-store.js";

const HELPER = "quayside";
const SECRET = "QUAYSIDE_REGISTRY_LOGIN";

/**
 * Calls `work` with an environment in which `docker` is logged in to one registry, and cleans up afterwards.
 *
 * The credentials are in no file and no argument: a temporary configuration, with the user's contexts and
 * plugins linked into it, names a credential helper, and the helper prints what it finds in its environment.
 * The user's own configuration is not changed.
 */
export async function withLogin<T>(
  login: RegistryLogin,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "quayside-docker-"));
  try {
    const helpers = join(folder, "bin");
    await mkdir(helpers);
    await Promise.all([writeConfig(folder, login.registry), writeHelper(helpers)]);
    return await work({
      DOCKER_CONFIG: folder,
      PATH: `${helpers}${delimiter}${process.env["PATH"] ?? ""}`,
      [SECRET]: JSON.stringify({
        ServerURL: login.registry,
        Username: login.username,
        Secret: login.password,
      }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The user's configuration without the logins: with its context, proxies and HTTP headers. */
async function writeConfig(folder: string, registry: string): Promise<void> {
  const own = process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const { auths: _auths, credsStore: _store, credHelpers: _helpers, ...rest } = await readConfig(own);
  await writeFile(
    join(folder, "config.json"),
    JSON.stringify({ ...rest, credHelpers: { [registry]: HELPER } }),
  );
  // A junction needs no privilege on Windows; other systems ignore the type. A link to a missing directory does
  // no harm.
  await Promise.all(
    ["contexts", "cli-plugins", "buildx"].map((name) =>
      symlink(join(own, name), join(folder, name), "junction"),
    ),
  );
}

async function readConfig(folder: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  } catch {
    // There is no configuration, or Docker cannot read it either.
    return {};
  }
}

async function writeHelper(folder: string): Promise<void> {
  if (process.platform === "win32") {
    const script = `@"${process.execPath}" -e "process.stdout.write(process.env.${SECRET})"\r\n`;
    return writeFile(join(folder, `docker-credential-${HELPER}.cmd`), script);
  }
  const path = join(folder, `docker-credential-${HELPER}`);
  await writeFile(path, `#!/bin/sh\nprintf '%s' "$${SECRET}"\n`);
  await chmod(path, 0o700);
}
