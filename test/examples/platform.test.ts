import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { domOf, withoutBrowser } from "../browser/chromium.js";
import { doneIn } from "./steady.js";

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
    expect(linesIn(deployed, "talk-service")).toMatchInlineSnapshot(`
      "Times and durations are AWS's: its time passes 60 times faster here.
        0:00 22 to create (local cloud, account 123456789012, eu-west-1)
        0:00 Done in … s: 22 created
        0:00 ✓ auto-scaling-group conference-cluster-instances created … s
        0:00 ✓ capacity-provider conference-cluster-capacity created … s
        0:00 ✓ cluster conference-cluster created … s
        0:00 ✓ cluster-capacity-provider conference-cluster/conference-cluster-capacity created … s
        0:00 ✓ ecr-repository talk-service created … s
        0:00 ✓ iam-role conference-cluster-instance-role-eu-west-1 created … s
        0:00 ✓ image talk-service created … s
        0:00 ✓ instance-bounds conference-cluster-instances created … s
        0:00 ✓ instance-profile conference-cluster-instance-role-eu-west-1 created … s
        0:00 ✓ launch-template conference-cluster-instances created … s
        0:00 ✓ listener conferenceAlb:80 created … s
        0:00 ✓ listener-rule conferenceAlb:80/talk-service created … s
        0:00 ✓ load-balancer conferenceAlb created … s
        0:00 ✓ load-balancer conferenceAlb ready … s
        0:00 ✓ log-group talk-service created … s
        0:00 ✓ rollout talk-service: successful, 2 of 2 running, 2 healthy
        0:00 ✓ security-group conference-cluster-instances created … s
        0:00 ✓ security-group conferenceAlb-alb created … s
        0:00 ✓ security-group-rule conference-cluster-instances: tcp 1-65535 from conferenceAlb-alb created … s
        0:00 ✓ security-group-rule conferenceAlb-alb: tcp 80 from 0.0.0.0/0 created … s
        0:00 ✓ security-group-rule conferenceAlb-alb: tcp 80 from ::/0 created … s
        0:00 ✓ service talk-service created … s
        0:00 ✓ target-group talk-service created … s
        0:00 ✓ task-definition talk-service created … s"
    `);
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
    expect(linesIn(destroyed, "talk-service")).toMatchInlineSnapshot(`
      "Times and durations are AWS's: its time passes 60 times faster here.
        0:00 22 to delete (local cloud, account 123456789012, eu-west-1)
        0:00 Done in … s: 22 deleted
        0:00 ✓ auto-scaling-group conference-cluster-instances deleted … s
        0:00 ✓ capacity-provider conference-cluster-capacity deleted … s
        0:00 ✓ cluster conference-cluster deleted … s
        0:00 ✓ cluster-capacity-provider conference-cluster/conference-cluster-capacity deleted … s
        0:00 ✓ ecr-repository talk-service deleted … s
        0:00 ✓ iam-role conference-cluster-instance-role-eu-west-1 deleted … s
        0:00 ✓ image talk-service deleted … s
        0:00 ✓ instance-bounds conference-cluster-instances deleted … s
        0:00 ✓ instance-profile conference-cluster-instance-role-eu-west-1 deleted … s
        0:00 ✓ launch-template conference-cluster-instances deleted … s
        0:00 ✓ listener conferenceAlb:80 deleted … s
        0:00 ✓ listener-rule conferenceAlb:80/talk-service deleted … s
        0:00 ✓ load-balancer conferenceAlb deleted … s
        0:00 ✓ log-group talk-service deleted … s
        0:00 ✓ security-group conference-cluster-instances deleted … s
        0:00 ✓ security-group conferenceAlb-alb deleted … s
        0:00 ✓ security-group-rule conference-cluster-instances: tcp 1-65535 from conferenceAlb-alb deleted … s
        0:00 ✓ security-group-rule conferenceAlb-alb: tcp 80 from 0.0.0.0/0 deleted … s
        0:00 ✓ security-group-rule conferenceAlb-alb: tcp 80 from ::/0 deleted … s
        0:00 ✓ service talk-service deleted … s
        0:00 ✓ target-group talk-service deleted … s
        0:00 ✓ task-definition talk-service deleted … s"
    `);
    expect(await statusOf("talk-service")).toMatchObject({ exists: false });
    lines.close();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  } finally {
    child.kill("SIGKILL");
  }
});

/** What a run has done, of the lines that were streamed: sorted, because the order of parallel steps differs. */
function linesIn(streamed: string, name: string): string {
  const texts = [...streamed.matchAll(/^event: line\ndata: (.*)$/gm)].map(([, json]) =>
    (JSON.parse(json!) as string).replace(`${name} `, ""),
  );
  return doneIn(texts.join("")).sort().join("\n").trim();
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
