import { docker } from "../../docker/docker-command.js";

const FORMAT = "{{range .IPAM.Config}}{{.Gateway}} {{end}}";

/**
 * The address at which containers in Docker's bridge network reach the computer of the engine: `172.17.0.1` on Linux.
 * `undefined` if the engine does not say it.
 */
export async function dockerGateway(): Promise<string | undefined> {
  const { code, stdout } = await docker(["network", "inspect", "bridge", "--format", FORMAT], {
    signal: AbortSignal.timeout(10_000),
  }).catch(() => ({ code: 1, stdout: "" }));
  return code === 0 ? /\d+(?:\.\d+){3}/.exec(stdout)?.[0] : undefined;
}
