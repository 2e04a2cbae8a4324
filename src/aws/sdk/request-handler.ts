import type { AwsSettings } from "../aws-options.js";
import { sendBounded, type Handler } from "./bounded-handler.js";
import { loadPackage } from "./load-package.js";
import { proxyFor } from "./proxy.js";
import type { SentRequest } from "./unexpected-response.js";

const TIMEOUTS = Object.freeze({
  requestTimeout: 30_000,
  throwOnRequestTimeout: true,
  connectionTimeout: 5_000,
});

interface HttpRequest extends SentRequest {
  readonly protocol: string;
  readonly port?: number;
}

/**
 * Returns the request handler of all clients: the SDK's own, with bounds for whole responses, and through a
 * proxy where there is one, which the SDK does not do by itself ("Proxies", AWS SDK for JavaScript guide).
 */
export async function createRequestHandler({ proxy }: Pick<AwsSettings, "proxy">): Promise<object> {
  const { NodeHttpHandler } = await nodeHttpHandler();
  const direct: Handler = new NodeHttpHandler(TIMEOUTS) as unknown as Handler;
  const proxied = new Map<string, Promise<Handler>>();

  const through = (url: string): Promise<Handler> => {
    let handler = proxied.get(url);
    if (handler === undefined) proxied.set(url, (handler = proxyHandler(url)));
    return handler;
  };
  return {
    metadata: { handlerProtocol: "http/1.1" },
    handle: async (request: HttpRequest, options?: object) => {
      const url = proxyFor(request, proxy, process.env);
      return sendBounded(url === undefined ? direct : await through(url), request, options);
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => TIMEOUTS,
    destroy: () => direct.destroy(),
  };
}

const nodeHttpHandler = () =>
  loadPackage("@smithy/node-http-handler", () => import("@smithy/node-http-handler"));

async function proxyHandler(url: string): Promise<Handler> {
  const [{ NodeHttpHandler }, { HttpsProxyAgent }, { HttpProxyAgent }] = await Promise.all([
    nodeHttpHandler(),
    import("https-proxy-agent"),
    import("http-proxy-agent"),
  ]);
  const settings = { keepAlive: true, maxSockets: 50 };
  return new NodeHttpHandler({
    ...TIMEOUTS,
    httpsAgent: new HttpsProxyAgent(url, settings) as never,
    httpAgent: new HttpProxyAgent(url, settings) as never,
  }) as unknown as Handler;
}
