import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { listenBeside, listenOnLoopback } from "../core/listen-on-loopback.js";
import type { ChooseUpstreams, ConnectProxy, OtherAddress } from "./connect-upstream.js";

/** Passes connections on, each to the first task that accepts it. */
export async function startTcpProxy(choose: ChooseUpstreams, address?: OtherAddress): Promise<ConnectProxy> {
  const sockets = new Set<Socket>();
  // A client may end its side, and still read the answer.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    sockets.add(client);
    client.once("close", () => sockets.delete(client)).on("error", () => client.destroy());
    client.pause();
    void connectToFirst(choose).then((upstream) => {
      if (upstream === undefined) return void client.destroy();
      upstream.once("close", () => client.destroy()).on("error", () => client.destroy());
      client.once("close", () => upstream.destroy());
      upstream.pipe(client);
      client.pipe(upstream);
    });
  });
  const port = await listenOnLoopback(server);
  const endBeside = address === undefined ? undefined : await listenBeside(server, port, address);
  return {
    port,
    end: async () => {
      endBeside?.();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A connection to the first task that accepts one: a task that has just ended refuses it. */
export async function connectToFirst(choose: ChooseUpstreams): Promise<Socket | undefined> {
  const upstreams = choose();
  if (upstreams === "unreachable") return undefined;
  for (const { port } of upstreams) {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      socket.destroy();
    }
  }
  return undefined;
}
