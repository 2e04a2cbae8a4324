/*
 * A release that a person approves days later, as two programs. The pipeline's deploys the new version and holds it: it
 * runs beside the live one and gets no traffic. The other one knows the deployment's name only: it shows what is held and
 * where to look at it, and shifts the traffic once that answers as it should.
 *
 *   npm run example:approve-later -- deploy 1          the first version, live at once
 *   npm run example:approve-later -- deploy 2 --hold   the second one, held
 *   npm run example:approve-later -- approve           days later, on another machine
 *   npm run example:approve-later -- destroy
 *
 * The cloud is where the AWS SDK finds it. `examples/approve-later.sh` runs the programs against a local cloud, a third
 * process: `quayside-local`.
 */
import { Cluster, Deployment } from "quayside";

const [command, version] = process.argv.slice(2);

/** The pipeline. */
async function deploy(hold: boolean): Promise<void> {
  const { url } = await new Deployment("talk-service")
    .image(`talk-service:${version}`)
    .port(8080)
    .service({ desired: 1 })
    .cluster(new Cluster("conference").fargate())
    .behindAlb("conference", { path: "/talk*", healthCheck: "/health", deregistrationDelay: "0s" })
    .blueGreen({ every: "0s", keepOld: "3d", preview: { host: "next.example.com" } })
    .deploy({ hold });
  console.log(`users see: ${await ask(url!)}`);
}

/** Another process, days later. */
async function approve(): Promise<void> {
  const talk = Deployment.named("talk-service");
  for (const { id, image, state } of await talk.history()) console.log(`${id}  ${image}  ${state}`);
  const release = await talk.release();
  console.log(`\n${release.toString()}\n`);
  if (release.held === undefined) throw new Error("No version is held");
  const { url, headers } = release.preview!;
  const seen = await ask(url, headers);
  console.log(`a person sees: ${seen}\n`);
  if (!seen.includes("version 2")) return;
  await release.promote();
  console.log(`${release.toString()}`);
}

const ask = async (url: string, headers = {}): Promise<string> =>
  (await (await fetch(url, { headers })).text()).replace(/ by \S+/, "").trim();

if (command === "deploy") await deploy(process.argv.includes("--hold"));
else if (command === "approve") await approve();
else if (command === "destroy") await Deployment.named("talk-service").destroy();
else throw new Error(`Unknown command ${command}: deploy, approve or destroy`);
