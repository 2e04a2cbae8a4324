import { QuaysideError } from "../errors.js";
import { buildImage } from "./build-image.js";
import { buildIndex } from "./build-index.js";
import { findBuilder, type Builder } from "./builder.js";
import type { ImageStore } from "./image-store.js";
import { pushImage } from "./push-image.js";

/** Builds with the user's own Docker and pushes to the registry that the order names. */
export function dockerImages(): ImageStore {
  let found: Promise<Builder> | undefined;
  const builder = (signal: AbortSignal): Promise<Builder> => {
    found ??= findBuilder(signal);
    // The user may start Docker before the next call.
    found.catch(() => (found = undefined));
    return found;
  };
  return {
    async check(signal) {
      found = undefined;
      await builder(signal);
    },

    async build(order, run) {
      const name = `${order.repository}:${order.tag}`;
      if (order.platform.includes(",")) return buildIndex(order, name, await builder(run.signal), run);
      await buildImage(order, name, await builder(run.signal), run);
      await run.confirm();
      const digest = await pushImage(name, run);
      if (digest !== undefined) return digest;
      throw new QuaysideError(
        "image-push-failed",
        `The image was pushed as ${name}, but \`docker push\` did not report a digest`,
        {
          fix: "Run again: an image that is already in ECR is used as it is.",
        },
      );
    },
  };
}
