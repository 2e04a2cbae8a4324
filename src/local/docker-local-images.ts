import { buildImage } from "../docker/build-image.js";
import { findBuilder } from "../docker/builder.js";
import { docker } from "../docker/docker-command.js";
import type { ImageStore } from "../docker/image-store.js";
import type { Account } from "./core/account.js";
import { pushImage } from "./services/ecr/push.js";

const OWN_PLATFORM = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

/** Builds with this computer's Docker; the images stay in its engine, and the local ECR refers to them. */
export function dockerLocalImages(account: Account): ImageStore {
  return {
    async check(signal) {
      await findBuilder(signal);
    },

    async build(order, { signal, login, confirm, progress }) {
      const name = `${order.repository}:${order.tag}`;
      // This computer's engine holds one platform: its own, if the image is for several.
      const platform = order.platform.includes(",") ? OWN_PLATFORM : order.platform;
      await buildImage({ ...order, platform }, name, await findBuilder(signal), { signal, progress });
      await confirm();
      await login();
      const { stdout } = await docker(["image", "inspect", "--format", "{{.Id}}", name], { signal });
      const imageId = stdout.trim();
      pushImage(account, { ...order, digest: imageId, content: { type: "docker", imageId } });
      progress({ phase: "push", text: imageId, done: 1, total: 1, unit: "layers" });
      return imageId;
    },
  };
}
