import { Agent, createServer, request } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Stands before an endpoint, takes `latency` milliseconds more for each request, and counts them. */
export async function slowProxy(target: string, latency: number) {
  const agent = new Agent({ keepAlive: true });
  const counted = { calls: 0 };
  const server = createServer((incoming, outgoing) => {
    counted.calls += 1;
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      if (latency > 0) await pause(latency);
      const { method, headers, url } = incoming;
      const passed = request(`${target}${url}`, { method, headers, agent }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on("error", () => outgoing.destroy());
      passed.end(Buffer.concat(chunks));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counted,
    close: () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}
