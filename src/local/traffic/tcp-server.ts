import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { connectToFirst } from "./connect-tcp-proxy.js";
import type { ChooseUpstreams } from "./connect-upstream.js";
import type { ListenerServer, ServerIdentity } from "./listener-server.js";

/**
 * Starts a real server on loopback for a TCP or TLS listener of a Network Load Balancer: each connection goes to one
 * target, for as long as both sides keep it, also while the target is deregistered.
 *
 * @param identities - the certificates of a TLS listener, the default one first
 */
export async function startTcpServer(
  choose: ChooseUpstreams,
  identities: readonly ServerIdentity[] | undefined,
  at = 0,
): Promise<ListenerServer> {
  const sockets = new Set<Socket>();
  const serve = (client: Socket): void => {
    sockets.add(client);
    client.once("close", () => sockets.delete(client)).on("error", () => client.destroy());
    client.pause();
    void connectToFirst(choose).then((upstream) => {
      if (upstream === undefined || client.destroyed) {
        upstream?.destroy();
        return void client.resetAndDestroy();
      }
      sockets.add(upstream);
      upstream.on("error", () => client.destroy()).once("close", () => sockets.delete(upstream));
      // Each side may end its half of the connection, and still read.
      upstream.pipe(client);
      client.pipe(upstream);
      client.once("close", () => upstream.destroy());
      client.resume();
    });
  };
  const server =
    identities === undefined ? createServer({ allowHalfOpen: true }, serve) : tls(identities, serve);
  // Also those whose handshake is not done.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return {
    port: await listen(server, at),
    close: () => void server.close(),
    end: () =>
      new Promise((resolve) => {
        if (server.listening) server.close(() => resolve());
        else resolve();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function tls([first, ...others]: readonly ServerIdentity[], serve: (client: Socket) => void): Server {
  const { key, cert } = first!;
  const server = createTlsServer({ key, cert, minVersion: "TLSv1.2", allowHalfOpen: true }, serve);
  for (const { names, key, cert } of others) for (const name of names) server.addContext(name, { key, cert });
  return server;
}

const listen = (server: Server, at: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
