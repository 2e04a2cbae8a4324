import { ECS_NAME } from "../names.js";
import type { TaskInput } from "../input.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import type { SidecarOptions } from "../sidecars.js";
import type { FirelensOptions } from "./firelens.js";

/** The log router that is added to the task: a sidecar, with the options of one. */
export interface LogRouterOptions extends FirelensOptions, Omit<SidecarOptions, "firelens" | "image"> {
  /** The container's name. @defaultValue `"log_router"` */
  readonly name?: string | undefined;
  /** The image, as a sidecar's. @defaultValue AWS for Fluent Bit, stable; required for `fluentd` */
  readonly image?: string | undefined;
}

/** Source: Amazon ECS Developer Guide, "AWS for Fluent Bit image repositories for Amazon ECS". */
const FLUENT_BIT = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable";
const OWN: readonly string[] = ["type", "configFile", "metadata"];

/** The sidecar that the router of `.logs` is. */
export function routerSidecar(given: unknown, issues: Issues): TaskInput["sidecars"] {
  if (given === undefined) return [];
  const options = new OptionsReader<LogRouterOptions>(given, "logs.router", issues);
  const name = options.name("name", ECS_NAME) ?? "log_router";
  if (options.raw("type") === "fluentd" && options.raw("image") === undefined)
    options.issue("image", "is required for fluentd, of which AWS has no image");
  const entries = Object.entries(isPlainObject(given) ? given : {});
  const firelens = Object.fromEntries(entries.filter(([key]) => OWN.includes(key)));
  const rest = Object.fromEntries(entries.filter(([key]) => key !== "name" && !OWN.includes(key)));
  return [{ name, options: { image: FLUENT_BIT, ...rest, firelens } }];
}
