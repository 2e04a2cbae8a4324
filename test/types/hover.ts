import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { options, root } from "./compile.js";

/** Returns what an editor shows for each place of a source that has the mark `/*?*\/` before it. */
export function hover(source: string): readonly string[] {
  const file = path.join(root, "test/types/hovered.ts");
  const read = (name: string): string | undefined =>
    name === file ? source : ts.sys.fileExists(name) ? readFileSync(name, "utf8") : undefined;
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = read(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: read,
    readDirectory: (...scope) => ts.sys.readDirectory(...scope),
    directoryExists: (name) => ts.sys.directoryExists(name),
    getDirectories: (name) => ts.sys.getDirectories(name),
  });
  const errors = service.getSemanticDiagnostics(file);
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, formatHost));
  const texts = [...source.matchAll(/\/\*\?\*\//g)].map(({ index, 0: { length } }) =>
    ts.displayPartsToString(service.getQuickInfoAtPosition(file, index + length)?.displayParts),
  );
  service.dispose();
  return texts;
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};
