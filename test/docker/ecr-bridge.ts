import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { PASSWORD, type Registry } from "./registry.js";

/**
 * Mediates between the library and moto, which answers ECR's API but has no registry: it reports repositories
 * as being in the real registry, answers GetAuthorizationToken with that registry's password, and adds pushed
 * images to moto before the library requests them.
 */
export class EcrBridge {
  readonly endpoint: string;
  /** Passwords to return before the correct one. */
  readonly stalePasswords: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(moto: string, registry: Registry): Promise<EcrBridge> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const bridge = new EcrBridge(server);
    server.on("request", (request, response) => void answer(request, response));
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      try {
        const body = await text(request);
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(
            ([name]) => !/^(host|connection|content-length|transfer-encoding|expect)$/.test(name),
          ),
        ) as Record<string, string>;
        const send = (target: string, json: unknown) =>
          fetch(moto, {
            method: "POST",
            headers: { ...headers, "x-amz-target": `${ECR}.${target}` },
            body: JSON.stringify(json),
          });
        const target = headers["x-amz-target"] ?? "";
        if (target === `${ECR}.BatchGetImage`) await publish(JSON.parse(body) as Asked, registry, send);
        const told = await fetch(new URL(request.url ?? "/", moto), {
          method: request.method!,
          headers,
          ...(body !== "" && { body }),
        });
        const said = bridge.#rewrite(target, await told.text(), registry);
        const kept = [...told.headers].filter(
          ([name]) => name === "content-type" || name.startsWith("x-amz"),
        );
        response.writeHead(told.status, Object.fromEntries(kept));
        response.end(said);
      } catch (error) {
        response.writeHead(502).end(String(error));
      }
    };
    return bridge;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  #rewrite(target: string, said: string, registry: Registry): string {
    if (target === `${ECR}.GetAuthorizationToken`) {
      const password = this.stalePasswords.shift() ?? PASSWORD;
      return JSON.stringify({
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"),
            proxyEndpoint: `http://${registry.host}`,
          },
        ],
      });
    }
    if (!target.startsWith(ECR)) return said;
    return said.replaceAll(/\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/g, registry.host);
  }
}

const ECR = "AmazonEC2ContainerRegistry_V20150921";

interface Asked {
  readonly repositoryName: string;
  readonly imageIds: readonly { readonly imageTag?: string }[];
}

async function publish(
  { repositoryName, imageIds }: Asked,
  registry: Registry,
  send: (target: string, json: unknown) => Promise<unknown>,
): Promise<void> {
  for (const { imageTag } of imageIds) {
    const manifest = imageTag && (await registry.manifest(repositoryName, imageTag));
    if (!manifest) continue;
    // Rejected if moto already has it.
    await send("PutImage", {
      repositoryName,
      imageTag,
      imageManifest: manifest.text,
      imageManifestMediaType: manifest.mediaType,
      imageDigest: manifest.digest,
    });
  }
}
