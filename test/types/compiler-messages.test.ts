import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { compile } from "./compile.js";

const incomplete = {
  "nothing.ts": 'void new Deployment("talk").deploy();',
  "no-image.ts": 'void new Deployment("talk").cluster("c").port(80).plan();',
  "no-cluster.ts": 'void new Deployment("talk").image("talk").behindAlb("alb").destroy();',
  "complete.ts": 'void new Deployment("talk").image("talk").cluster("c").deploy();',
  "fleet-no-cluster.ts": 'void new Fleet(new Deployment("talk").image("talk")).deploy();',
  "fleet-no-image.ts": 'void new Fleet([new Deployment("talk").cluster("c")]).deploy();',
  "fleet-computed.ts":
    'void new Fleet(...["talk"].map((name) => new Deployment(name).image(name).cluster("c"))).deploy();',
  "fleet-list.ts":
    'void new Fleet(["talk"].map((name) => new Deployment(name).image(name).cluster("c"))).deploy();',
};
const examples = examplesOf(new URL("../../src/", import.meta.url));

let messages: Readonly<Record<string, readonly string[]>>;

// One program for all sources, because it mostly reads the SDK's declarations.
beforeAll(() => {
  const chains = Object.entries(incomplete).map(([name, line]) => [
    name,
    `import { Deployment, Fleet } from "quayside";\n${line}`,
  ]);
  messages = compile({ ...(Object.fromEntries(chains) as Record<string, string>), ...examples });
});

test("the compiler says which call is missing, in a sentence", () => {
  expect(Object.keys(incomplete).map((name) => messages[name]?.map((message) => message.split("\n")[0])))
    .toMatchInlineSnapshot(`
      [
        [
          "The 'this' context of type 'Deployment<NoCalls>' is not assignable to method's 'this' of type 'NotReady<"call .image(...) first">'.",
        ],
        [
          "The 'this' context of type 'Deployment<HasCluster>' is not assignable to method's 'this' of type 'NotReady<"call .image(...) first">'.",
        ],
        [
          "The 'this' context of type 'Deployment<HasImage>' is not assignable to method's 'this' of type 'NotReady<"call .cluster(...) first">'.",
        ],
        [],
        [
          "Argument of type 'Deployment<HasImage>' is not assignable to parameter of type 'NotReady<"call .cluster(...) first">'.",
        ],
        [
          "Property '[missing]' is missing in type 'Deployment<HasCluster>' but required in type 'NotReady<"call .image(...) first">'.",
        ],
        [],
        [],
      ]
    `);
});

test.each(Object.keys(examples))("the example in the documentation compiles: %s", (name) => {
  expect(messages[name]).toEqual([]);
});

test("every chain has examples in its documentation", () => {
  const files = new Set(Object.keys(examples).map((name) => name.replace(/-\d+\.ts$/, "")));
  expect([...files].sort()).toEqual(
    expect.arrayContaining([
      "chain-operations",
      "chain-task-chain",
      "chain-cluster",
      "chain-deployment",
      "chain-fleet",
      "chain-job",
      "chain-load-balancer",
    ]),
  );
});

/** The examples in the documentation, each a module of its own. */
function examplesOf(src: URL): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  for (const file of files) {
    const blocks = readFileSync(new URL(file, src), "utf8").matchAll(/^( *)\* ```ts\n([^]*?)^ *\* ```$/gm);
    for (const [index, [, , text = ""]] of [...blocks].entries()) {
      found[file.replaceAll(/[/\\]/g, "-").replace(/\.ts$/, `-${index + 1}.ts`)] = text.replace(
        /^ *\* ?/gm,
        "",
      );
    }
  }
  return found;
}
