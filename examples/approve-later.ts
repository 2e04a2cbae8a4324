/*
 * A release that a person approves days later. A pipeline deploys the new version and holds it: it runs beside the live
 * one and gets no traffic. Another process, which knows the deployment's name only, shows what is held and where to look
 * at it, and shifts the traffic once it is approved.
 *
 *   npm run example:approve-later
 *
 * On AWS, use `aws({ region: "eu-west-1" })` in place of the local cloud, and run the two functions in two programs.
 */
import { fileURLToPath } from "node:url";
import { Cluster, Deployment, type BlueGreenRelease } from "quayside";
import { localCloud } from "quayside/local";

const server = {
  command: ["node", "server.mjs"],
  cwd: fileURLToPath(new URL("talk-service", import.meta.url)),
};
const cloud = localCloud({
  timeScale: 100,
  run: {
    "talk-service:1": { ...server, env: { VERSION: "1" } },
    "talk-service:2": { ...server, env: { VERSION: "2" } },
  },
});

/** The pipeline. */
async function deploy(version: number, hold: boolean): Promise<string> {
  const { url } = await new Deployment("talk-service")
    .image(`talk-service:${version}`)
    .port(8080)
    .service({ desired: 1 })
    .cluster(new Cluster("conference").fargate())
    .behindAlb("conference", { path: "/talk*", healthCheck: "/health", deregistrationDelay: "0s" })
    .blueGreen({ every: "0s", keepOld: "3d", preview: { host: "next.example.com" } })
    .on(cloud)
    .deploy({ hold });
  return url!;
}

/** Another process, days later. */
async function approve(looksGood: (release: BlueGreenRelease) => Promise<boolean>): Promise<void> {
  const talk = Deployment.named("talk-service").on(cloud);
  for (const { id, image, state } of await talk.history()) console.log(`${id}  ${image}  ${state}`);
  const release = await talk.release();
  console.log(`\n${release.toString()}\n`);
  if (release.held === undefined || !(await looksGood(release))) return;
  await release.promote();
  console.log(`${release.toString()}\n`);
}

const ask = async (url: string, headers = {}): Promise<string> =>
  (await (await fetch(url, { headers })).text()).replace(/ by \S+/, "").trim();

try {
  const url = await deploy(1, false);
  await deploy(2, true);
  console.log(`users see:     ${await ask(url)}\n`);
  await approve(async ({ preview }) => {
    const seen = await ask(preview!.url, preview!.headers);
    console.log(`a person sees: ${seen}\n`);
    return seen.includes("version 2");
  });
  console.log(`users see:     ${await ask(url)}`);
} finally {
  await Deployment.named("talk-service").on(cloud).destroy();
  await cloud.close();
}
