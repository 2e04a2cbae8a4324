import { SpecError } from "../errors.js";
import { readTaskDefinition } from "../spec/from-task-definition/read-task-definition.js";
import { Issues } from "../spec/parsing/issues.js";
import { OptionsReader } from "../spec/parsing/options-reader.js";

/** How a task definition becomes a chain. */
export interface FromTaskDefinitionOptions {
  /** The deployment's name. @defaultValue the task definition's family */
  readonly name?: string | undefined;
  /**
   * The main container: the one of `.container`, behind the load balancer. It must be essential.
   * @defaultValue the first essential container with a port, or else the first essential one
   */
  readonly container?: string | undefined;
  /**
   * Images in place of the task definition's, by container: an image reference, or a directory with a Dockerfile,
   * which is built. For templates whose image is a placeholder, such as `"<IMAGE1_NAME>"`.
   * @defaultValue the images of the task definition
   * @example
   * ```ts
   * import { readFileSync } from "node:fs";
   * import { Deployment } from "quayside";
   *
   * const json = readFileSync("taskdef.json", "utf8");
   * const talk = Deployment.fromTaskDefinition(json, { images: { web: "./talk-service" } });
   * ```
   */
  readonly images?: Readonly<Record<string, string>> | undefined;
}

/** The calls with which a chain is made of a task definition. */
export interface TaskDefinitionCalls<Chain> {
  image(source: unknown, options?: unknown): Chain;
  container(options: unknown): Chain;
  sidecar(name: unknown, options: unknown): Chain;
  task(options: unknown): Chain;
  volume(name: unknown, options: unknown): Chain;
  logs(group: unknown, options: unknown): Chain;
  taskRole(role: unknown): Chain;
  tags(tags: unknown): Chain;
}

/** @throws SpecError that names, by path, what the chain cannot express */
export function fromTaskDefinition<Chain extends TaskDefinitionCalls<Chain>>(
  create: (name: string) => Chain,
  json: unknown,
  given: unknown,
): Chain {
  const issues = new Issues();
  const options = new OptionsReader<FromTaskDefinitionOptions>(given, "options", issues);
  const name = options.string("name");
  const container = options.string("container");
  const images = options.map("images") ?? {};
  options.close();
  const read = readTaskDefinition(json, container, images, issues);
  const { family, main } = read;
  if (name === undefined && family === undefined)
    issues.add("family", "is required: the name of the deployment, which { name } can give, too");
  if (issues.list.length > 0 || main === undefined)
    throw new SpecError(`Task definition ${family ?? ""}`.trim(), issues.list);

  let chain = create(name ?? family ?? "")
    .image(main.image, main.credentials === undefined ? undefined : { credentials: main.credentials })
    .container({ name: main.name, ...main.options })
    .task(read.task);
  for (const { name: sidecar, image, credentials, essential, options: more } of read.sidecars)
    chain = chain.sidecar(sidecar, { image, ...(credentials && { credentials }), essential, ...more });
  for (const volume of read.volumes) chain = chain.volume(volume.name, volume.options);
  if (read.logs !== undefined) chain = chain.logs(read.logs.group, read.logs.options);
  if (read.taskRole !== undefined) chain = chain.taskRole(read.taskRole);
  if (read.tags !== undefined) chain = chain.tags(read.tags);
  return chain;
}
