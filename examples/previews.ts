/*
 * Previews of pull requests: each is a deployment of its own, with a host of its own on one load balancer. One of them
 * is closed by its name alone, as a job does that runs when its pull request is merged; the others are found by tags.
 *
 *   npm run example:previews
 *
 * On AWS, use `aws({ region: "eu-west-1" })` in place of the local cloud, and point a DNS record `*.preview.example.com`
 * at the load balancer.
 */
import { fileURLToPath } from "node:url";
import { Cluster, Deployment, deployments, Fleet } from "quayside";
import { localCloud } from "quayside/local";

const server = {
  command: ["node", "server.mjs"],
  cwd: fileURLToPath(new URL("talk-service", import.meta.url)),
};
const cloud = localCloud({
  timeScale: 100,
  run: Object.fromEntries(
    ["101", "102", "103"].map((pr) => [`talk-service:pr-${pr}`, { ...server, env: { VERSION: pr } }]),
  ),
});

const preview = (pr: string) =>
  new Deployment(`talk-pr-${pr}`)
    .image(`talk-service:pr-${pr}`)
    .port(8080)
    .service({ desired: 1 })
    .cluster(new Cluster("previews").fargate())
    .behindAlb("previews", {
      host: `pr-${pr}.preview.example.com`,
      path: "/talk*",
      healthCheck: "/health",
      deregistrationDelay: "0s",
    })
    .tags({ pr, purpose: "preview" })
    .on(cloud);

try {
  // One run: cluster and load balancer are created once, and a preview that fails does not stop the others.
  const results = await new Fleet(["101", "102", "103"].map(preview)).deploy({ settle: true });
  for (const { deployment, ok, error } of results) {
    if (error !== undefined) throw error;
    const answer = await fetch(ok.url!);
    console.log(`${deployment}  ${ok.url}\n             ${(await answer.text()).trim()}`);
  }

  const { deleted } = await Deployment.named("talk-pr-102").on(cloud).destroy();
  console.log(`\ntalk-pr-102 was closed: ${deleted.length} resources were deleted\n`);

  for (const { name, url, tags } of await deployments({ on: cloud, tags: { purpose: "preview" } })) {
    console.log(`${name}  pull request ${tags["pr"]}  ${url}  ${(await fetch(url!)).status}`);
    await Deployment.named(name).on(cloud).destroy();
  }
  console.log(`\nWhat is left: ${(await deployments({ on: cloud })).length} deployments`);
} finally {
  await cloud.close();
}
