import { docker } from "./docker-command.js";
import { dockerUnreachable } from "./docker-errors.js";

/** The builder of the installed `docker`. */
export type Builder = "buildx" | "buildkit" | "classic" | "podman";

/** The last Docker client with BuildKit built in; later ones need the buildx plugin for it. */
const LAST_WITH_BUILDKIT = 22;
const FIRST_WITH_BUILDKIT = 19;

/** Determines the builder of `docker`, and checks that its engine answers. */
export async function findBuilder(signal: AbortSignal): Promise<Builder> {
  const [client, server, buildx] = await Promise.all([
    docker(["--version"], { signal }),
    docker(["version", "--format", "{{.Server.Version}}"], { signal }),
    docker(["buildx", "version"], { signal }),
  ]);
  if (server.code !== 0) throw dockerUnreachable(server.lines);
  if (/podman/i.test(client.stdout)) return "podman";
  if (buildx.code === 0) return "buildx";
  const major = Number(/version (\d+)\./.exec(client.stdout)?.[1]);
  return major >= FIRST_WITH_BUILDKIT && major <= LAST_WITH_BUILDKIT ? "buildkit" : "classic";
}
