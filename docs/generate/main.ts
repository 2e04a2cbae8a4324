/*
 * Writes the pages of the documentation that are made from the sources: the reference, the codes of errors and
 * diagnoses, the events, the permissions by feature, and the pictures. `npm run docs` runs it before VitePress.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { diagnosesPage, errorsPage } from "./error-pages.js";
import { eventsPage } from "./events-page.js";
import { permissionsByFeature } from "./permissions-page.js";
import { pictures } from "./pictures.js";
import { writeReference } from "./reference.js";

const docs = fileURLToPath(new URL("..", import.meta.url));

const pages: Readonly<Record<string, string>> = {
  "troubleshooting/errors.md": errorsPage(),
  "troubleshooting/diagnoses.md": diagnosesPage(),
  "reference/events.md": eventsPage(),
  "reference/permissions-by-feature.md": permissionsByFeature(),
  ...(await pictures()),
};

await rm(path.join(docs, "reference"), { recursive: true, force: true });
await writeReference(path.join(docs, "reference"));
for (const [file, text] of Object.entries(pages)) {
  const target = path.join(docs, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}
