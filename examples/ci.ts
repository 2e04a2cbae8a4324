/*
 * The script of a CI job: deploys the service, and fails the job if that fails. On GitHub Actions it writes groups,
 * annotations and the job summary, elsewhere the same lines; the timeline is a page to keep as an artifact.
 *
 *   node --import tsx examples/ci.ts            on the local cloud
 *   node --import tsx examples/ci.ts <image>    the same, with another image
 */
import { fileURLToPath } from "node:url";
import { Deployment, githubReporter, QuaysideError, reporters, timelineReporter } from "quayside";
import { localCloud } from "quayside/local";

const directory = fileURLToPath(new URL("talk-service", import.meta.url));
const cloud = localCloud({ timeScale: 60 });
const talk = new Deployment("talk-service")
  .image(process.argv[2] ?? directory)
  .port(8080)
  .cluster("conference-cluster")
  .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
  .on(cloud);

const { TIMELINE } = process.env;
const onEvent = reporters(githubReporter(), ...(TIMELINE === undefined ? [] : [timelineReporter(TIMELINE)]));

try {
  const { url } = await talk.deploy({ onEvent });
  console.log(`Deployed: ${url}`);
} catch (error) {
  process.exitCode = 1;
  // The reporter has said why a run failed.
  console.log(error instanceof QuaysideError && error.outcome ? `Not deployed (${error.code})` : error);
}
await cloud.close();
