import { isRead } from "./operation-name.js";
import type { AwsPorts, ServiceName } from "./api.js";

/** Ports that read through the one and write through the other. */
export function readsAndWrites(reads: AwsPorts, writes: AwsPorts): AwsPorts {
  return new Proxy({} as AwsPorts, {
    get(_, service) {
      if (typeof service === "symbol") return undefined;
      const [reading, writing] = [reads[service as ServiceName], writes[service as ServiceName]];
      if (reading === undefined) return undefined;
      return new Proxy(
        {},
        {
          get: (__, method) =>
            Reflect.get(typeof method === "string" && isRead(method) ? reading : writing, method),
        },
      );
    },
  });
}
