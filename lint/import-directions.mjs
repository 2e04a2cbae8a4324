import path from "node:path";

/*
 * Which folder of src may import which: the house's one-way streets. A folder may always import from
 * itself and from errors.ts. What ends in `.ts` is one file of a folder; `chains` are the files of src
 * itself (deployment.ts, cluster.ts, …) without index.ts and errors.ts.
 */
const domains = ["image", "cluster", "service", "scaling", "bluegreen", "job"];

const mayImport = {
  errors: [],
  spec: [],
  process: [],
  engine: ["spec"],
  docker: ["engine", "process"],
  aws: ["docker", "engine", "spec"],
  ...Object.fromEntries(domains.map((domain) => [domain, ["aws", "engine", "spec"]])),
  image: ["docker", "aws", "engine", "spec"],
  // Its colours are services, scaled or not: it moves requests between them.
  bluegreen: ["service", "scaling", "aws", "engine", "spec"],
  report: ["engine"],
  act: [...domains, "aws", "docker", "engine", "spec", "report"],
  chain: ["act", "aws", "docker", "engine", "spec"],
  chains: ["chain", "act", "aws", "engine", "spec"],
  index: ["chains", "chain", "act", "report", "aws", "docker", "engine", "spec"],
  local: ["aws/ports.ts", "aws/cloud.ts", "docker", "engine/clock.ts", "process"],
};

/** Clients are loaded here, and only when something is sent. */
const lazyClients = "aws/aws-cloud.ts";

/** `service/target-group.ts` -> `service`; `deployment.ts` -> `chains`. */
function layerOf(file) {
  if (file.includes("/")) return file.slice(0, file.indexOf("/"));
  const name = file.replace(/\.ts$/, "");
  return name === "index" || name === "errors" ? name : "chains";
}

function refusal(from, to, typeOnly) {
  const [layer, target] = [layerOf(from), layerOf(to)];
  if (layer === target || target === "errors") return undefined;
  const allowed = mayImport[layer];
  if (allowed === undefined)
    return `${layer}/ is not in the list of folders in ${path.basename(import.meta.filename)}`;
  if (allowed.includes(target) || allowed.includes(to)) return undefined;
  if (typeOnly && domains.includes(layer) && domains.includes(target)) return undefined;
  return `${from} may not import ${to}: ${layer} may import ${allowed.length > 0 ? allowed.join(", ") : "nothing"}`;
}

const isTypeOnly = (node) =>
  node.importKind === "type" ||
  node.exportKind === "type" ||
  (node.specifiers?.length > 0 && node.specifiers.every((specifier) => specifier.importKind === "type"));

export const importDirections = {
  meta: { type: "problem", schema: [], messages: { wrong: "{{why}}" } },
  create(context) {
    const src = path.join(context.cwd, "src");
    const from = path.relative(src, context.filename).split(path.sep).join("/");
    if (from.startsWith("..")) return {};

    const check = (node, source, typeOnly, dynamic) => {
      if (typeof source?.value !== "string") return;
      const report = (why) => context.report({ node, messageId: "wrong", data: { why } });
      if (source.value.startsWith(".")) {
        const to = path.relative(src, path.resolve(path.dirname(context.filename), source.value));
        const why = refusal(from, to.split(path.sep).join("/").replace(/\.js$/, ".ts"), typeOnly);
        if (why !== undefined) report(why);
      } else if (/^@(aws-sdk|smithy)\//.test(source.value)) {
        // An inline `type` leaves the import itself behind: the client would load with the library.
        const safe =
          node.importKind === "type" || node.exportKind === "type" || (dynamic && from === lazyClients);
        if (!safe)
          report(
            `${from} loads ${source.value}: write \`import type\`; only ${lazyClients} loads clients, lazily`,
          );
      }
    };

    return {
      ImportDeclaration: (node) => check(node, node.source, isTypeOnly(node), false),
      ExportNamedDeclaration: (node) => check(node, node.source, isTypeOnly(node), false),
      ExportAllDeclaration: (node) => check(node, node.source, isTypeOnly(node), false),
      ImportExpression: (node) => check(node, node.source, false, true),
    };
  },
};
