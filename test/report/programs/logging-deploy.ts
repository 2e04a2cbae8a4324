/* Deploys and destroys on the local cloud with a live display, and logs every 100 ms meanwhile, on both streams. */
import { Deployment, terminalReporter } from "../../../src/index.js";
import { localCloud } from "../../../src/local/index.js";

const cloud = localCloud({ timeScale: 120 });
let count = 0;
const timer = setInterval(() => {
  count++;
  if (count % 3 === 0) console.error(`error ${count} of the program`);
  else if (count % 5 === 0) process.stdout.write(`a line ${count} in`);
  else if (count % 5 === 1 && count > 1) process.stdout.write(` two parts ${count}\n`);
  else
    console.log(
      `line ${count} of the program ${"with many words that do not fit ".repeat(count % 2 ? 0 : 3)}漢字`,
    );
}, 100);
const talk = new Deployment("talk-service")
  .image("talk-service:1")
  .port(8080)
  .cluster("conference-cluster")
  .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
  .on(cloud);
const onEvent = terminalReporter();
await talk.deploy({ onEvent });
await talk.destroy({ onEvent });
clearInterval(timer);
console.log(`\nlogged ${count}`);
await cloud.close();
