import { defineConfig, type Options } from "tsup";

const shared: Options = {
  entry: { index: "src/index.ts", "local/index": "src/local/index.ts" },
  target: "es2022",
  platform: "node",
  // One copy of what both entries use: an error thrown by one is `instanceof` the class of the other.
  splitting: true,
  sourcemap: true,
  // Members with the tag `@internal` are left out of the declarations. tsup sets `baseUrl` for these, which
  // TypeScript 6 calls deprecated.
  dts: { compilerOptions: { ignoreDeprecations: "6.0", stripInternal: true } },
};

export default defineConfig([
  { ...shared, format: "esm" },
  {
    ...shared,
    format: "cjs",
    esbuildOptions: (options) => {
      // Jest cannot run `import()` without a flag; lowered to `require` it is as lazy.
      options.supported = { ...options.supported, "dynamic-import": false };
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
