/*
 * Which room of src may import which: the house's one-way streets, without circles. A room may always import from
 * itself, errors.ts, error-codes.ts, diagnosis-codes.ts and printable.ts. `npm run check` keeps to it.
 */
const resources = [
  "bluegreen",
  "cluster",
  "service",
  "scaling",
  "load-balancer",
  "domains",
  "discovery",
  "network",
  "iam",
  "image",
  "job",
];
/** What errors say: any room may name it. */
const CODES = ["error-codes", "diagnosis-codes"];
const base = ["aws", "engine", "spec"];

const mayImport = {
  printable: [],
  "error-codes": [],
  "diagnosis-codes": [],
  errors: CODES,
  spec: [],
  process: [],
  engine: ["spec"],
  docker: ["engine", "process"],
  aws: ["docker", "engine", "spec"],
  iam: base,
  image: [...base, "docker"],
  job: base,
  "load-balancer": base,
  domains: base,
  discovery: base,
  network: base,
  scaling: base,
  cluster: [...base, "network"],
  service: [...base, "iam", "load-balancer", "image"],
  // Its colors are services, scaled or not, and it moves requests between them.
  bluegreen: [...base, "iam", "service", "scaling", "load-balancer"],
  graph: [...base, "docker", ...resources],
  report: ["engine", "spec/parsing/"],
  permissions: ["aws", "spec"],
  operations: [...base, "docker", "report", "graph", ...resources],
  chain: [...base, "docker", "operations", "permissions"],
  index: [...CODES, ...base, "docker", "chain", "operations", "report"],
  // The commands of the package.
  bin: ["local"],
  local: [
    "aws/api/",
    "aws/api.ts",
    "aws/cloud.ts",
    "aws/operation-name.ts",
    "aws/policy-document.ts",
    "docker",
    "engine/clock.ts",
    "process",
    // Its options are checked as those of chains.
    "spec/parsing/",
  ],
};

/** Clients are loaded here, and only when something is sent. */
const lazyClients = "^src/aws/sdk/";

/** What listens uses the SDK's protocols and schemas: all of it is loaded when a local cloud listens. */
const listening = "^src/local/wire/";

/** `aws` is the whole room, `errors` the file in the root, `aws/api.ts` one file, `aws/api/` one folder. */
const inSrc = (place) => (/\.ts$|\/$/.test(place) ? place.replace(".", "\\.") : `${place}(?:/|\\.ts$)`);

export default {
  forbidden: [
    {
      name: "no-circles",
      comment: "Of two files that import each other neither can be read alone, types included.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "room-without-directions",
      comment: "Every room of src stands in mayImport, in .dependency-cruiser.mjs.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(?:${Object.keys(mayImport).map(inSrc).join("|")})` },
      to: {},
    },
    ...Object.entries(mayImport).map(([room, rooms]) => ({
      name: `${room}-imports`,
      comment: `${room} may import ${["errors", ...CODES, ...rooms].join(", ")}.`,
      severity: "error",
      from: { path: `^src/${inSrc(room)}` },
      to: {
        path: "^src/",
        pathNot: `^src/(?:${[room, "errors", ...CODES, "printable", ...rooms].map(inSrc).join("|")})`,
      },
    })),
    {
      name: "aws-clients-are-loaded-lazily",
      comment: "Write `import type`: only src/aws/sdk loads clients, when something is sent.",
      severity: "error",
      from: { path: "^src/", pathNot: [lazyClients, listening] },
      to: { path: "node_modules/(?:@aws-sdk|@smithy)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "listening-is-loaded-by-import()",
      comment: "A local cloud that does not listen does not load the SDK's protocols.",
      severity: "error",
      from: { path: "^src/", pathNot: listening },
      to: { path: listening, dependencyTypesNot: ["type-only", "dynamic-import"] },
    },
    {
      name: "aws-clients-are-loaded-by-import()",
      comment: "Even where clients are made, `import()` loads them, not the library's own import.",
      severity: "error",
      from: { path: lazyClients },
      to: {
        path: "node_modules/(?:@aws-sdk|@smithy)/",
        dependencyTypesNot: ["type-only", "dynamic-import"],
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    includeOnly: { path: ["^src/", "node_modules/(?:@aws-sdk|@smithy)/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
