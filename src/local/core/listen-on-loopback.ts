import type { Server } from "node:net";

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
