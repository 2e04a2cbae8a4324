import { fileURLToPath } from "node:url";

/** The directory of the example's service: the snippets call it `./talk-service`. */
export const TALK_DIRECTORY = fileURLToPath(new URL("../../examples/talk-service/", import.meta.url));
