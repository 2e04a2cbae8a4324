import { readFileSync } from "node:fs";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromium, describeInBrowser } from "./browser.js";
import { buildSite, builtPages, deadLinks, serveSite, type BuiltPage } from "./site.js";

const PHONE = { width: 360, height: 740 };

describeInBrowser("the documentation's site", () => {
  let pages: readonly BuiltPage[];
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveSite>>;

  beforeAll(async () => {
    if (process.env["QUAYSIDE_SITE"] !== "built") await buildSite();
    pages = builtPages();
    site = await serveSite();
    browser = await puppeteer.launch({ executablePath: chromium!, args: ["--no-sandbox", "--disable-gpu"] });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Opens a page of the site, and returns what the browser complains about. */
  async function open(page: Page, address: string, times = 3): Promise<readonly string[]> {
    const complaints: string[] = [];
    page.removeAllListeners("console").removeAllListeners("pageerror").removeAllListeners("requestfailed");
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("requestfailed", (request) => complaints.push(`${request.url()} was not loaded`));
    await page.goto(`${site.url}${address}`, { waitUntil: "load" });
    await page.waitForFunction('document.querySelector("#app")?.__vue_app__ !== undefined', {
      polling: 20,
    });
    // Other suites make networks of Docker, and Chromium then ends what it is loading: the page is opened again.
    if (times > 1 && complaints.some((text) => text.includes("ERR_NETWORK_CHANGED")))
      return open(page, address, times - 1);
    return complaints;
  }

  test("no link or anchor leads nowhere", () => {
    const byAddress = new Map(pages.map((page) => [page.address, page]));
    expect(byAddress.size).toBeGreaterThan(200);
    const dead = pages.flatMap((page) =>
      deadLinks(page, byAddress).map((link) => `${page.address}: ${link}`),
    );
    expect([...new Set(dead)]).toEqual([]);
  });

  test("every public name of both entries has a page in the reference", () => {
    const names = new Set(pages.map(({ address }) => address.split("/").at(-1)));
    const exported = ["src/index.ts", "src/local/index.ts"].flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\{([^}]+)\}/g)].flatMap(([, list = ""]) =>
        list.split(",").map((each) =>
          each
            .trim()
            .replace(/^type /, "")
            .split(" as ")
            .at(-1)!,
        ),
      ),
    );
    expect(exported.length).toBeGreaterThan(150);
    expect(exported.filter((name) => name !== "" && !names.has(name))).toEqual([]);
  });

  test("every page opens on a phone without an error, and none is wider than the phone", async () => {
    const tab = await browser.newPage();
    await tab.setViewport(PHONE);
    const complaints: string[] = [];
    for (const { address } of pages) {
      const found = await open(tab, address);
      const width = Number(await tab.evaluate("document.documentElement.scrollWidth"));
      const wide = width > PHONE.width ? [`it is ${width} pixels wide`] : [];
      complaints.push(...[...found, ...wide].map((text) => `${address}: ${text}`));
    }
    expect(complaints).toEqual([]);
  });

  test.each([
    ["an error code", "no-egress", "troubleshooting/errors#no-egress"],
    ["a diagnosis", "exited-on-start", "troubleshooting/diagnoses#exited-on-start"],
    ["the words of a message", "no route out of the VPC", "troubleshooting/errors#no-egress"],
    ["AWS's words", "toomanyrequests", "troubleshooting/diagnoses#image-rate-limited"],
    ["a method", "beforeRelease", "reference/quayside/interfaces/Deployment#beforerelease"],
  ])("the search finds %s, %s", async (_, words, address) => {
    const page = await browser.newPage();
    expect(await open(page, "")).toEqual([]);
    await page.click(".VPNavBarSearch button");
    await page.waitForSelector("#localsearch-input");
    await page.type("#localsearch-input", words);
    const result = `.VPLocalSearchBox a.result[href*="${address}"]`;
    await page.waitForSelector(result, { timeout: 20_000 });
    await page.click(result);
    await page.waitForFunction(`location.href.includes(${JSON.stringify(address)})`);
  });

  test("a person who prefers the dark gets it, with pictures drawn for it", async () => {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    expect(await open(page, "guides/blue-green")).toEqual([]);
    const visible = await page.$$eval(".vp-doc img", (images) =>
      images.filter((image) => image.offsetParent !== null).map((image) => image.src.split("/").at(-1)),
    );
    expect(visible).toEqual([expect.stringMatching(/^colors-dark/)]);
  });

  test("llms.txt names the pages, each of which is Markdown, too, with its snippets", async () => {
    const list = await (await fetch(`${site.url}llms.txt`)).text();
    const names = [...list.matchAll(/\((\/quayside\/[^)]+\.md)\)/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(30);
    const twin = await (await fetch(new URL("/quayside/guides/blue-green.md", site.url))).text();
    expect(twin).toContain(".blueGreen({");
    expect(twin).not.toContain("<<<");
  });
});
