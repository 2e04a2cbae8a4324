// Sends requests to TARGET for SECONDS over CONNECTIONS, and ends with the results as one line of JSON.
const { TARGET, SECONDS = "10", CONNECTIONS = "4" } = process.env;
if (!TARGET) {
  console.error("Error: TARGET, the URL to send requests to, is not set");
  process.exit(2);
}

const times = [];
let failed = 0;
let stopped = false;
process.once("SIGTERM", () => (stopped = true));
const end = performance.now() + Number(SECONDS) * 1000;

async function sendRequests() {
  while (!stopped && performance.now() < end) {
    const startedAt = performance.now();
    try {
      const answer = await fetch(TARGET, { signal: AbortSignal.timeout(10_000) });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
      times.push(performance.now() - startedAt);
    } catch (error) {
      failed++;
      if (failed <= 3) console.error(`Failed: ${error.cause?.message ?? error.message}`);
      // Failed requests must not be sent faster than answered ones.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

console.log(`Sending requests to ${TARGET} for ${SECONDS} s over ${CONNECTIONS} connections`);
await Promise.all(Array.from({ length: Number(CONNECTIONS) }, sendRequests));

times.sort((one, other) => one - other);
const percentile = (share) => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(1));
console.log(JSON.stringify({ answered: times.length, failed, p50: percentile(0.5), p99: percentile(0.99) }));
if (times.length === 0) process.exitCode = 1;
