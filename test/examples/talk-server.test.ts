import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";

let server: ChildProcess | undefined;
afterEach(() => {
  server?.kill("SIGKILL");
});

async function start(): Promise<{ url: string; lines: string[] }> {
  const env = { ...process.env, PORT: "0", HOSTNAME: "ip-10-0-0-7" };
  server = spawn(process.execPath, ["examples/talk-service/server.mjs"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const reader = createInterface(server.stdout!).on("line", (line) => lines.push(line));
  const [line] = (await once(reader, "line")) as [string];
  return { url: `http://127.0.0.1:${/port (\d+)/.exec(line)![1]}`, lines };
}

test("/talk says which host answers, /health answers as Spring Boot Actuator does", async () => {
  const { url } = await start();
  expect(await (await fetch(`${url}/talk`)).text()).toBe("Talk details returned by ip-10-0-0-7\n");

  const health = await fetch(`${url}/health`);
  expect(health.headers.get("content-type")).toMatch(/^application\/vnd\.spring-boot\.actuator\..*json/);
  expect(await health.json()).toEqual({ status: "UP" });

  expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
});

test("SIGTERM ends the talk server with success, though a client keeps its connection", async () => {
  const { url } = await start();
  await (await fetch(`${url}/talk`)).text();
  const exited = once(server!, "exit");
  server!.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});
