/*
 * Floor (bare SDK calls that know everything) and the library, as one table.
 *
 *   npm run bench:floor              round trips in a row, and calls: on the local cloud, where each request takes 50 ms
 *   npm run bench:floor -- --walls   also walls and CPU of fresh processes against moto, without latency and with 50 ms
 *   npm run bench:floor -- --walls --rounds 7
 *   npm run bench:floor -- --crowded       also the calls of a plan among 3,000 alarms of others
 *   npm run bench:floor -- --makespan      also AWS's time of a first deploy, on the virtual clock
 */
import { parseArgs } from "node:util";
import { measureCrowded } from "./crowded.js";
import { measureMakespan } from "./makespan.js";
import { measureRoundTrips, measureFloor } from "./measure.js";
import { measureWalls } from "./walls.js";
import { CHAINS, PHASES } from "./chains.js";

const { values } = parseArgs({
  options: {
    walls: { type: "boolean", default: false },
    crowded: { type: "boolean", default: false },
    makespan: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
  },
});
const row = (title: string, cells: readonly string[]) =>
  console.log(`| ${title.padEnd(52)} | ${cells.map((cell) => cell.padStart(14)).join(" | ")} |`);

row("round trips in a row / calls", PHASES);
row(
  "-".repeat(52),
  PHASES.map(() => "-".repeat(14)),
);
const floor = await measureFloor();
row(
  "floor: EC2, capacity provider",
  PHASES.map((phase) => `${floor[phase].roundTrips} / ${floor[phase].calls}`),
);
for (const [title, chain] of Object.entries(CHAINS)) {
  const counted = await measureRoundTrips(chain);
  row(
    title,
    PHASES.map((phase) => `${counted[phase].roundTrips} / ${counted[phase].calls}`),
  );
}
if (values.crowded) {
  console.log("\nCalls of a plan without changes, by alarms of others");
  for (const alarms of [0, 1_000, 3_000]) row(`${alarms} alarms`, [String(await measureCrowded(alarms))]);
}
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
if (values.makespan) {
  console.log(`\nAWS's seconds of a first deploy on the virtual clock, means of ${SEEDS.length} seeds`);
  row("", ["ours", "floor", "ours : floor", "at once", "ours : at once"]);
  row("-".repeat(52), Array<string>(5).fill("-".repeat(14)));
  const title = "EC2, capacity provider, load balancer by its name";
  for (const account of ["used before", "fresh"] as const) {
    const { ours, floor: least, atOnce } = await measureMakespan(title, SEEDS, account);
    const ratio = (to: number) => (ours / to).toFixed(3);
    row(`EC2, capacity provider, in an account that is ${account}`, [
      ours.toFixed(1),
      least.toFixed(1),
      ratio(least),
      atOnce.toFixed(1),
      ratio(atOnce),
    ]);
  }
}
for (const latency of values.walls ? [0, 50] : []) {
  const walls = await measureWalls(Number(values.rounds), latency);
  console.log(`\nFresh processes against moto, ${latency} ms a request more, minima of ${values.rounds}`);
  row("seconds (CPU)", PHASES);
  row(
    "-".repeat(52),
    PHASES.map(() => "-".repeat(14)),
  );
  for (const who of ["floor", "ours"] as const)
    row(
      who,
      PHASES.map((phase) => `${walls[phase][who].wall.toFixed(2)} (${walls[phase][who].cpu.toFixed(2)})`),
    );
  row(
    "ours : floor",
    PHASES.map((phase) => (walls[phase].ours.wall / walls[phase].floor.wall).toFixed(2)),
  );
  row(
    "calls",
    PHASES.map((phase) => `${walls[phase].floor.calls}, ${walls[phase].ours.calls}`),
  );
}
