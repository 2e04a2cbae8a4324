import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist/", "coverage/", "docs/.vitepress/cache/", "docs/.vitepress/dist/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // `import { type X }` leaves the import itself behind, and what it loads.
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      // The library never prints, never exits, never reads the command line.
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        ...["exit", "argv", "exitCode", "abort"].map((property) => ({ object: "process", property })),
      ],
      "max-lines": ["error", { max: 300 }],
    },
  },
  {
    // Commands print, and read the command line.
    files: ["src/bin/**/*.ts"],
    rules: { "no-console": "off", "no-restricted-properties": "off" },
  },
  {
    // Rules that need types: a promise that nobody awaits is an error that nobody sees.
    files: [
      "src/**/*.ts",
      "test/**/*.ts",
      "examples/**/*.ts",
      "bench/**/*.ts",
      "smoke/**/*.ts",
      "docs/**/*.ts",
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      // An abort's reason is thrown on as it came.
      "@typescript-eslint/only-throw-error": [
        "error",
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
);
