import { createServer, type Server } from "node:net";

/** Listens on a free port of this computer, and returns it. It does not keep the program alive; its clients do. */
export const listenOnLoopback = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      server.unref();
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });

/**
 * Lets clients of another address of this computer reach a server that listens on loopback, at the same port. An address
 * of another computer, such as the virtual machine of Docker Desktop, is left alone.
 *
 * @returns ends it; connections that it has passed on are the server's
 */
export async function listenBeside(server: Server, port: number, address: string): Promise<() => void> {
  const beside = createServer({ allowHalfOpen: true }, (socket) => void server.emit("connection", socket));
  await new Promise<void>((resolve, reject) => {
    beside.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRNOTAVAIL" ? resolve() : reject(error),
    );
    beside.listen(port, address, resolve);
  });
  beside.unref();
  return () => void beside.close();
}
