/*
 * A release that a person approves days later, as two programs. The pipeline's deploys the new version and holds it: it
 * runs beside the live one and gets no traffic. The other one knows the deployment's name only: it shows what is held and
 * where to look at it, and shifts the traffic once a person says yes.
 *
 *   node --import tsx examples/approve-later.ts deploy 1          the first version, live at once
 *   node --import tsx examples/approve-later.ts deploy 2 --hold   the second one, held
 *   node --import tsx examples/approve-later.ts look              days later, on another computer
 *   node --import tsx examples/approve-later.ts approve
 *   node --import tsx examples/approve-later.ts destroy
 *
 * The cloud is where the AWS SDK finds it. `npm run example:approve-later` runs all of them against a local cloud, which
 * is a process of its own.
 */
import { Cluster, Deployment } from "quayside";

const [command, version, ...flags] = process.argv.slice(2);

/** The pipeline. */
async function deploy(): Promise<void> {
  const { url } = await new Deployment("talk-service")
    .image(`talk-service:${version}`)
    .port(8080)
    .service({ desired: 1 })
    .cluster(new Cluster("conference").fargate())
    .behindAlb("conference", { path: "/talk*", healthCheck: "/health", deregistrationDelay: "0s" })
    .blueGreen({ every: "0s", keepOld: "3d", preview: { header: "x-preview" } })
    .deploy({ hold: flags.includes("--hold") });
  console.log(`Users get it at ${url}`);
}

/** What another process knows, days later. */
const talk = Deployment.named("talk-service");

async function look(): Promise<void> {
  for (const { id, image, state } of await talk.history()) console.log(`${id}  ${image}  ${state}`);
  console.log(`\n${(await talk.release()).toString()}`);
}

async function approve(): Promise<void> {
  const release = await talk.release();
  if (release.held === undefined) throw new Error("No version is held");
  await release.promote();
  console.log(release.toString());
}

const commands = { deploy, look, approve, destroy: () => talk.destroy() };
const run = commands[command as keyof typeof commands];
if (run === undefined) throw new Error(`The command must be one of ${Object.keys(commands).join(", ")}`);
await run();
