import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../../src/local/runtime/free-port.js";

/** The password of the registry that is started here, and of nothing else. */
export const PASSWORD = "pass-word-of-the-registry";
const HTPASSWD = "AWS:$2y$05$So37i47HHjsM.AKpSHSD8.V7ImJFgPo5gqOKl4aKB4wGpypil2x8y\n";

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
}

/** A real registry on loopback that requires a password, as ECR does. */
export class Registry {
  readonly host: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(host: string, child: ChildProcess, folder: string) {
    this.host = host;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(): Promise<Registry> {
    const folder = await mkdtemp(join(tmpdir(), "quayside-registry-"));
    const host = `127.0.0.1:${await freePort()}`;
    const config = {
      version: 0.1,
      log: { level: "info" },
      storage: { filesystem: { rootdirectory: join(folder, "data") } },
      http: { addr: host, secret: "none" },
      auth: { htpasswd: { realm: "test", path: join(folder, "htpasswd") } },
    };
    await writeFile(join(folder, "htpasswd"), HTPASSWD);
    // JSON is valid YAML.
    await writeFile(join(folder, "config.yml"), JSON.stringify(config));
    const child = spawn("docker-registry", ["serve", join(folder, "config.yml")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      const said: string[] = [];
      const hear = (line: string) => {
        said.push(line);
        if (line.includes("listening on")) resolve();
      };
      createInterface(child.stderr!).on("line", hear);
      createInterface(child.stdout!).on("line", hear);
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`docker-registry ended: ${said.join("\n")}`)));
    });
    return new Registry(host, child, folder);
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    if (this.#child.exitCode === null && this.#child.kill("SIGKILL")) await exited;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Read directly from the registry, without Docker. */
  async manifest(repository: string, reference: string): Promise<Manifest | undefined> {
    const accept = [
      "application/vnd.docker.distribution.manifest.v2+json",
      "application/vnd.oci.image.manifest.v1+json",
      "application/vnd.oci.image.index.v1+json",
    ].join(",");
    const answer = await this.#get(`${repository}/manifests/${reference}`, { accept });
    if (!answer.ok) return undefined;
    return {
      digest: answer.headers.get("docker-content-digest")!,
      mediaType: answer.headers.get("content-type")!,
      text: await answer.text(),
    };
  }

  async blob(repository: string, digest: string): Promise<Response> {
    return this.#get(`${repository}/blobs/${digest}`, {});
  }

  #get(path: string, headers: Record<string, string>): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`AWS:${PASSWORD}`).toString("base64")}`;
    return fetch(`http://${this.host}/v2/${path}`, { headers: { ...headers, authorization } });
  }
}
