import { defined } from "./defined.js";
import type { JsonReader } from "./json-reader.js";

/** The option `firelens` of a log router. */
export const readFirelens = (reader: JsonReader): Readonly<Record<string, unknown>> | undefined =>
  reader.object("firelensConfiguration", (each) => {
    const type = each.text("type");
    const options = each.object("options", (option) => {
      const fileType = option.text("config-file-type");
      const configFile = option.text("config-file-value");
      const isArn = configFile?.startsWith("arn:") ?? false;
      if (configFile !== undefined && fileType !== (isArn ? "s3" : "file"))
        option.issue("config-file-type", `must be ${isArn ? "s3" : "file"} for this file`);
      const metadata = option.text("enable-ecs-log-metadata");
      if (metadata !== undefined && metadata !== "true" && metadata !== "false")
        option.issue("enable-ecs-log-metadata", "must be true or false");
      return { configFile, metadata: metadata && metadata === "true" };
    });
    return defined({ type, ...options });
  });
