import { defineConfig, type Options } from "tsup";

const entry = { index: "src/index.ts", "local/index": "src/local/index.ts" };

// Members with the tag `@internal` are left out of the declarations. tsup sets `baseUrl` for these, which
// TypeScript 6 calls deprecated.
const declarations = { compilerOptions: { ignoreDeprecations: "6.0", stripInternal: true } };

const shared: Options = {
  entry,
  target: "es2022",
  platform: "node",
  // Users' bundlers know `node:readline/promises`, but not all of them `readline/promises`.
  removeNodeProtocol: false,
  // One copy of what both entries use: an error thrown by one is `instanceof` the class of the other.
  splitting: true,
  // The code is readable as it is: maps would be most of the package, and nobody needs them.
  sourcemap: false,
  dts: declarations,
};

export default defineConfig([
  {
    ...shared,
    entry: { ...entry, "quayside-local": "src/bin/quayside-local.ts" },
    dts: { ...declarations, entry },
    format: "esm",
  },
  {
    ...shared,
    format: "cjs",
    // ESM only: Jest cannot require it, and neither can Node.js before 20.19 and 22.12.
    noExternal: ["httpxy"],
    esbuildOptions: (options) => {
      // Jest cannot run `import()` without a flag; lowered to `require` it is as lazy.
      options.supported = { ...options.supported, "dynamic-import": false };
      options.define = { ...options.define, "import.meta.url": "undefined" };
    },
    plugins: [
      {
        // esbuild writes `__require(`, which hides from the users' bundlers what is required.
        name: "visible-require",
        renderChunk: (code) => ({ code: code.replaceAll("__require(", "require(") }),
      },
    ],
  },
]);
