import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";

const DIST = "docs/.vitepress/dist";
const BASE = "/quayside/";

/** Builds the site as `npm run docs` does. */
export async function buildSite(): Promise<void> {
  const run = promisify(execFile);
  await run(process.execPath, ["--import", "tsx", "docs/generate/main.ts"]);
  await run(process.execPath, ["node_modules/vitepress/bin/vitepress.js", "build", "docs"]);
}

/** A page as it was built, with what it points to and what can be pointed to. */
export interface BuiltPage {
  /** Below the site's root, without `.html`; `""` is the first page. */
  readonly address: string;
  readonly html: string;
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly string[];
}

export function builtPages(): readonly BuiltPage[] {
  return readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => file.endsWith(".html") && file !== "404.html")
    .map((file) => {
      const html = readFileSync(path.join(DIST, file), "utf8");
      return {
        address: file.replace(/(?:^|(?<=\/))index\.html$|\.html$/, ""),
        html,
        anchors: new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => decode(id))),
        links: [...html.matchAll(/ (?:href|src|srcset)="([^"]+)"/g)].map(([, link = ""]) => decode(link)),
      };
    });
}

const decode = (text: string): string =>
  text.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&#39;", "'");

/** Returns the links of a page to this site that lead nowhere. */
export function deadLinks(page: BuiltPage, pages: ReadonlyMap<string, BuiltPage>): readonly string[] {
  return page.links.filter((link) => {
    const url = new URL(link, `http://site${BASE}${page.address}`);
    if (url.host !== "site" || !/^https?:$/.test(url.protocol)) return false;
    if (!url.pathname.startsWith(BASE)) return true;
    const address = url.pathname.slice(BASE.length);
    const target = pages.get(address) ?? pages.get(address.replace(/\.html$/, ""));
    if (target === undefined) return !existsSync(path.join(DIST, address));
    return url.hash !== "" && !target.anchors.has(decodeURIComponent(url.hash.slice(1)));
  });
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  json: "application/json",
  woff2: "font/woff2",
};

/** Serves the built site on loopback, with the addresses that GitHub Pages gives it. */
export async function serveSite(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const address = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname).slice(
      BASE.length,
    );
    const candidates = [address, `${address}.html`, `${address}index.html`].map((file) =>
      path.join(DIST, file),
    );
    const file = candidates.find((each) => path.extname(each) !== "" && existsSync(each));
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[path.extname(file).slice(1)] ?? "text/plain" });
    response.end(readFileSync(file));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
