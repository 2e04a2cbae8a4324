// Puts load on TARGET for SECONDS, with CONNECTIONS at once, and ends with what came of it as one line of JSON.
const { TARGET, SECONDS = "10", CONNECTIONS = "4" } = process.env;
if (!TARGET) {
  console.error("Error: TARGET is not set: the URL that is to be asked");
  process.exit(2);
}

const times = [];
let failed = 0;
let stopped = false;
process.once("SIGTERM", () => (stopped = true));
const end = performance.now() + Number(SECONDS) * 1000;

async function ask() {
  while (!stopped && performance.now() < end) {
    const began = performance.now();
    try {
      const answer = await fetch(TARGET, { signal: AbortSignal.timeout(10_000) });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
      times.push(performance.now() - began);
    } catch (error) {
      failed++;
      if (failed <= 3) console.error(`Failed: ${error.cause?.message ?? error.message}`);
      // What does not answer is not asked faster for it.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

console.log(`Asking ${TARGET} for ${SECONDS} s, ${CONNECTIONS} at once`);
await Promise.all(Array.from({ length: Number(CONNECTIONS) }, ask));

times.sort((one, other) => one - other);
const within = (share) => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(1));
console.log(JSON.stringify({ answered: times.length, failed, p50: within(0.5), p99: within(0.99) }));
if (times.length === 0) process.exitCode = 1;
