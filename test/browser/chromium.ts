import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
/** The browser on the PATH; `undefined` if there is none. */
const found = NAMES.find((name) => spawnSync(name, ["--version"]).status === 0);

/** True if there is no browser, and nothing demands one (`QUAYSIDE_REQUIRE=chromium`): its tests are skipped then. */
export const withoutBrowser =
  found === undefined && !(process.env["QUAYSIDE_REQUIRE"] ?? "").split(",").includes("chromium");
if (withoutBrowser) console.warn("Chromium is not installed: the tests in a real browser are skipped.");

export interface Shown {
  /** The document after its scripts have run, as HTML. */
  readonly dom: string;
  /** The picture of the page, as PNG. */
  readonly picture: Buffer;
}

/** Shows a page in a real browser, without any network. */
export async function show(
  page: string | URL,
  { dark = false, width = 1200, height = 1600 } = {},
): Promise<Shown> {
  if (found === undefined) throw new Error("Chromium is not on the PATH: apt-get install chromium");
  const profile = await mkdtemp(join(tmpdir(), "browser-"));
  const url = page instanceof URL ? page.href : pathToFileURL(page).href;
  const options = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    `--user-data-dir=${profile}`,
    `--window-size=${width},${height}`,
    // Chromium's numbers: 0 is dark, 1 is light.
    `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`,
  ];
  try {
    const picture = join(profile, "picture.png");
    const { stdout: dom } = await run(found, [...options, "--dump-dom", url], { maxBuffer: 50_000_000 });
    await run(found, [...options, `--screenshot=${picture}`, url]);
    return { dom, picture: await readFile(picture) };
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
