import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const ecs = "@aws-sdk/client-ecs";
const value = (from: string) => `import { x } from "${from}";\nexport const y = x;\n`;
const type = (from: string) => `import type { X } from "${from}";\nexport type Y = X;\n`;

/** Files of a house of the same rooms; `what` each does wrong, if anything. */
const house: Readonly<Record<string, { readonly code: string; readonly breaks?: string }>> = {
  "index.ts": { code: value("./chain/deployment.js") },
  "errors.ts": { code: value("./engine/clock.js"), breaks: "errors-imports" },
  "spec/size.ts": { code: value("../engine/clock.js"), breaks: "spec-imports" },
  "engine/clock.ts": { code: "export const x = 1;\n" },
  "engine/apply.ts": { code: value("../aws/tags.js"), breaks: "engine-imports" },
  "engine/report.ts": { code: value("../report/text.js"), breaks: "engine-imports" },
  "aws/tags.ts": { code: value("../engine/clock.js") },
  "aws/api.ts": { code: "export type X = 1; export const x = 1;\n" },
  "aws/sdk/clients.ts": { code: `export const load = () => import("${ecs}");\n` },
  "aws/eager.ts": { code: value(ecs), breaks: "aws-clients-are-loaded-lazily" },
  "cluster/cluster.ts": { code: value("../service/target.js"), breaks: "cluster-imports" },
  "iam/role.ts": { code: type("../cluster/cluster.js"), breaks: "iam-imports" },
  "load-balancer/listener.ts": { code: type(ecs) },
  "service/service.ts": { code: value("../load-balancer/listener.js") },
  "service/target.ts": { code: value("../operations/deploy.js"), breaks: "service-imports" },
  "service/lazy.ts": {
    code: `export const load = () => import("${ecs}");\n`,
    breaks: "aws-clients-are-loaded-lazily",
  },
  "graph/deployment-graph.ts": { code: value("../service/service.js") },
  "operations/deploy.ts": { code: value("../chain/deployment.js"), breaks: "operations-imports" },
  "chain/deployment.ts": { code: value("../local/cloud.js"), breaks: "chain-imports" },
  "report/text.ts": { code: value("../aws/tags.js"), breaks: "report-imports" },
  "local/cloud.ts": { code: value("../aws/api.js") },
  "local/services/elb/elb.ts": { code: value("../../../engine/clock.js") },
  "local/services/ecs/ecs.ts": { code: value("../../../engine/apply.js"), breaks: "local-imports" },
  "local/services/iam/iam.ts": { code: value("../../../aws/tags.js"), breaks: "local-imports" },
  "utils/a.ts": { code: value("../engine/clock.js"), breaks: "room-without-directions" },
  "job/one.ts": { code: type("./two.js"), breaks: "no-circles" },
  "job/two.ts": { code: type("./one.js"), breaks: "no-circles" },
};

let found: Readonly<Record<string, readonly string[]>>;
let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "quayside-house-"));
  for (const [file, { code }] of Object.entries(house)) {
    mkdirSync(path.join(root, "src", path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, "src", file), code);
  }
  symlinkSync(path.resolve("node_modules"), path.join(root, "node_modules"));
  writeFileSync(
    path.join(root, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { module: "nodenext" } }),
  );
  const program = path.resolve("node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = path.resolve(".dependency-cruiser.mjs");
  const args = [program, "src", "--config", config, "--output-type", "json"];
  const report = execFileSync(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const { summary } = JSON.parse(report.toString()) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  found = Object.fromEntries(
    Object.keys(house).map((file) => [
      file,
      [...new Set(summary.violations.flatMap((each) => (each.from === `src/${file}` ? each.rule.name : [])))],
    ]),
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each(Object.entries(house))("the direction of imports is checked: %s", (file, { breaks }) => {
  // A file among others in a circle is reported once, by the file that closes it.
  if (breaks === "no-circles")
    expect([...(found["job/one.ts"] ?? []), ...(found["job/two.ts"] ?? [])]).toContain(breaks);
  else expect(found[file]).toEqual(breaks === undefined ? [] : [breaks]);
});
