import type { ImageStore } from "./image-store.js";

/** Docker, which is loaded when an image is built. */
export function lazyDockerImages(): ImageStore {
  let loading: Promise<ImageStore> | undefined;
  const load = (): Promise<ImageStore> =>
    (loading ??= import("./docker-images.js").then(({ dockerImages }) => dockerImages()));
  return {
    check: async (signal) => (await load()).check(signal),
    build: async (order, run) => (await load()).build(order, run),
  };
}
