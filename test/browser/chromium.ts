import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { inflateSync } from "node:zlib";

const run = promisify(execFile);

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
/** The browser on the PATH; `undefined` if there is none. */
const found = NAMES.find((name) => spawnSync(name, ["--version"]).status === 0);

/** True if there is no browser, and nothing demands one (`QUAYSIDE_REQUIRE=chromium`): its tests are skipped then. */
export const withoutBrowser =
  found === undefined && !(process.env["QUAYSIDE_REQUIRE"] ?? "").split(",").includes("chromium");
if (withoutBrowser) console.warn("Chromium is not installed: the tests in a real browser are skipped.");

/** A browser that hangs must not outlive its test. */
const LIMIT = { timeout: 120_000, killSignal: "SIGKILL" } as const;

/** The document of a page as HTML, once it is loaded. */
export const domOf = (page: string | URL, more: readonly string[] = []): Promise<string> =>
  withProfile(async (options) => {
    const { stdout } = await run(found!, [...options, ...more, "--dump-dom", hrefOf(page)], {
      maxBuffer: 50_000_000,
      ...LIMIT,
    });
    return stdout;
  });

/** The picture of a page. */
export const pictureOf = (page: string | URL, { dark = false } = {}): Promise<Picture> =>
  withProfile(async (options, profile) => {
    const file = join(profile, "picture.png");
    // Chromium's numbers: 0 is dark, 1 is light.
    const scheme = `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`;
    await run(
      found!,
      [...options, scheme, "--window-size=1200,1600", `--screenshot=${file}`, hrefOf(page)],
      LIMIT,
    );
    return readPng(await readFile(file));
  });

const hrefOf = (page: string | URL): string => (page instanceof URL ? page.href : pathToFileURL(page).href);

async function withProfile<T>(work: (options: string[], profile: string) => Promise<T>): Promise<T> {
  if (found === undefined) throw new Error("Chromium is not on the PATH: apt-get install chromium");
  const profile = await mkdtemp(join(tmpdir(), "browser-"));
  const options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"];
  try {
    return await work([...options, "--disable-background-networking", `--user-data-dir=${profile}`], profile);
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface Picture {
  /** `#rrggbb` of the pixel in the upper left corner. */
  readonly corner: string;
  /** The colors of all pixels, as far as they cover at least ten. */
  readonly colors: ReadonlySet<string>;
}

/** Reads a PNG of eight bits a channel, as browsers write them. */
function readPng(png: Buffer): Picture {
  const width = png.readUInt32BE(16);
  const channels = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const data = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  let above = Buffer.alloc(stride);
  const counts = new Map<number, number>();
  let corner = 0;
  for (let start = 0; start < data.length; start += stride + 1) {
    const row = Buffer.from(data.subarray(start + 1, start + 1 + stride));
    unfilter(data[start]!, row, above, channels);
    for (let x = 0; x < stride; x += channels) {
      const color = row.readUIntBE(x, 3);
      if (start === 0 && x === 0) corner = color;
      counts.set(color, (counts.get(color) ?? 0) + 1);
    }
    above = row;
  }
  const name = (color: number) => `#${color.toString(16).padStart(6, "0")}`;
  const frequent = [...counts].filter(([, count]) => count >= 10);
  return { corner: name(corner), colors: new Set(frequent.map(([color]) => name(color))) };
}

/** https://www.w3.org/TR/png/#9Filters */
function unfilter(filter: number, row: Buffer, above: Buffer, channels: number): void {
  for (let x = 0; x < row.length; x++) {
    const [a, b, c] = [row[x - channels] ?? 0, above[x]!, above[x - channels] ?? 0];
    const estimate = a + b - c;
    const [fromA, fromB, fromC] = [Math.abs(estimate - a), Math.abs(estimate - b), Math.abs(estimate - c)];
    const paeth = fromA <= fromB && fromA <= fromC ? a : fromB <= fromC ? b : c;
    row[x] = row[x]! + [0, a, b, (a + b) >> 1, paeth][filter]!;
  }
}
