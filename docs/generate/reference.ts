import { Application } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";

/** Writes a page for every public name of both entries, from its doc comment. */
export async function writeReference(out: string): Promise<void> {
  const options: PluginOptions = {
    entryFileName: "index",
    hideBreadcrumbs: true,
    hidePageHeader: true,
    hideGroupHeadings: true,
    parametersFormat: "table",
    typeDeclarationFormat: "table",
    sanitizeComments: true,
  };
  const app = await Application.bootstrapWithPlugins({
    entryPoints: ["src/index.ts", "src/local/index.ts"],
    router: "member",
    plugin: ["typedoc-plugin-markdown"],
    tsconfig: "tsconfig.json",
    out,
    readme: "none",
    name: "Reference",
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    githubPages: false,
    skipErrorChecking: true,
    // Doc comments name methods and options of chains, which are no names in their file's scope.
    validation: { invalidLink: true, notExported: false, notDocumented: false },
    suppressCommentWarningsInDeclarationFiles: true,
    logLevel: "Error",
    ...options,
  } as Parameters<typeof Application.bootstrapWithPlugins>[0]);
  const project = await app.convert();
  if (project === undefined) throw new Error("typedoc could not read the sources");
  await app.generateOutputs(project);
}
