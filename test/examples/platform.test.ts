import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { domOf, withoutBrowser } from "../browser/chromium.js";
import { doneIn, TIMES } from "./steady.js";
import { tutorialProgress } from "./tutorial-progress.js";

interface Service {
  readonly name: string;
  readonly exists: boolean;
  readonly isHealthy: boolean;
  readonly url?: string;
}

test("the platform example deploys and destroys from a web page, and streams what happens", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "examples/platform.ts", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const site = /http:\S+/.exec(line)![0];
    const statusOf = async (name: string) => {
      const all = (await (await fetch(`${site}/status`)).json()) as Service[];
      return all.find((each) => each.name === name)!;
    };
    const post = (path: string, headers = {}) => fetch(`${site}${path}`, { method: "POST", headers });

    expect(await (await fetch(site)).text()).toContain("<h1>Deployments</h1>");
    expect((await post("/deploy/talk-service", { origin: "https://evil.example.com" })).status).toBe(403);
    expect((await post("/deploy/other")).status).toBe(404);
    expect(await statusOf("talk-service")).toMatchObject({ exists: false });

    const lines = streamOf(`${site}/events`);
    expect((await post("/deploy/talk-service")).status).toBe(202);
    expect((await post("/deploy/talk-service")).status).toBe(409);
    const deployed = await lines.untilEnd();
    expect(deployed).toContain("talk-service   0:");
    expect(deployed).toMatch(/✓ service talk-service created/);
    expect(deployed).toMatch(/event: end\ndata: \{"name":"talk-service","action":"deploy"\}/);
    expect(linesIn(deployed, "talk-service")).toEqual([TIMES, ...tutorialProgress("created")]);
    const talk = await statusOf("talk-service");
    expect(talk).toMatchObject({ exists: true, isHealthy: true });
    expect(await (await fetch(talk.url!)).text()).toMatch(/^Talk details/);

    if (!withoutBrowser) {
      const dom = await domOf(new URL(site));
      expect(dom).toMatch(/<tr id="talk-service"><td>talk-service<\/td><td>healthy<\/td><td>2 of 2<\/td>/);
      expect(dom).toMatch(/<tr id="speaker-service">.*<button>deploy<\/button>.*<button disabled="">destroy/);
    }

    await post("/destroy/talk-service");
    const destroyed = await lines.untilEnd();
    expect(destroyed).toMatch(/"action":"destroy"\}/);
    expect(linesIn(destroyed, "talk-service")).toEqual([TIMES, ...tutorialProgress("deleted")]);
    expect(await statusOf("talk-service")).toMatchObject({ exists: false });
    lines.close();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  } finally {
    child.kill("SIGKILL");
  }
});

/** What a run has done, of the lines that were streamed: sorted, because the order of parallel steps differs. */
function linesIn(streamed: string, name: string): string[] {
  const texts = [...streamed.matchAll(/^event: line\ndata: (.*)$/gm)].map(([, json]) =>
    (JSON.parse(json!) as string).replace(`${name} `, ""),
  );
  return doneIn(texts.join(""))
    .filter((line) => line !== "")
    .sort();
}

/** The server-sent events of an address. */
function streamOf(url: string) {
  const closing = new AbortController();
  let text = "";
  let wake = () => {};
  const reading = (async () => {
    const { body } = await fetch(url, { signal: closing.signal });
    const decoder = new TextDecoder();
    for await (const chunk of body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      wake();
    }
  })();
  reading.catch(() => {});
  return {
    close: () => closing.abort(),
    /** All that was streamed, to the end of a run. */
    async untilEnd(): Promise<string> {
      while (!/event: end\n.*\n\n/.test(text)) await new Promise<void>((resolve) => (wake = resolve));
      const seen = text;
      text = "";
      return seen;
    },
  };
}
