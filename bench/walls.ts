import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { MotoServer } from "../test/moto/moto-server.js";
import { rawClients } from "../test/moto/raw-clients.js";
import { PHASES, type Phase } from "./chains.js";
import { slowProxy } from "./slow-proxy.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
type Who = "ours" | "floor";

/** Seconds of one fresh process, from its start to its end; `cpu` is its own. */
interface Run {
  readonly wall: number;
  readonly cpu: number;
  readonly calls: number;
}

/** The minima of each phase. */
export type Walls = Readonly<Record<Phase, Readonly<Record<Who, Run>>>>;

/** Floor and ours in turns, against moto, `rounds` times; each run in a fresh process. */
export async function measureWalls(rounds: number, latency: number): Promise<Walls> {
  const folder = await mkdtemp(join(HERE, ".walls-"));
  const moto = await MotoServer.start();
  const proxy = await slowProxy(moto.endpoint, latency);
  const minima = new Map<string, Run>();
  try {
    await build({
      config: false,
      silent: true,
      entry: [join(HERE, "process.ts")],
      outDir: folder,
      format: "esm",
      platform: "node",
      target: "node20",
    });
    for (let round = 0; round < rounds; round++) {
      const accounts = { ours: await moto.newAccount(), floor: await moto.newAccount() };
      const agents = Object.values(accounts).map((account) => moto.startAgent(rawClients(account)));
      for (const phase of PHASES) {
        for (const who of round % 2 === 0 ? (["floor", "ours"] as const) : (["ours", "floor"] as const)) {
          const { region, credentials } = accounts[who];
          const settings = JSON.stringify({ region, credentials, endpoint: proxy.endpoint });
          proxy.counted.calls = 0;
          const run = await runFresh([who, phase, settings, join(folder, `${round}.json`)], folder);
          const key = `${phase} ${who}`;
          const best = minima.get(key);
          minima.set(key, {
            wall: Math.min(run.wall, best?.wall ?? Infinity),
            cpu: Math.min(run.cpu, best?.cpu ?? Infinity),
            calls: proxy.counted.calls,
          });
        }
        // They play the instances' agents, which only the first deploy waits for.
        if (phase === "first deploy") await Promise.all(agents.map((agent) => agent.stop()));
      }
    }
  } finally {
    proxy.close();
    await moto.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return Object.fromEntries(
    PHASES.map((phase) => [
      phase,
      { ours: minima.get(`${phase} ours`)!, floor: minima.get(`${phase} floor`)! },
    ]),
  ) as unknown as Walls;
}

async function runFresh(args: readonly string[], folder: string): Promise<{ wall: number; cpu: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(folder, "process.js"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 40_000,
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  const wall = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`${args[0]}, ${args[1]}: the process ended with ${code}`);
  return { wall, ...(JSON.parse(said) as { cpu: number }) };
}
