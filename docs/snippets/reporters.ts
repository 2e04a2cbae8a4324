// #region chain
import { Deployment, githubReporter, reporters, terminalReporter, timelineReporter } from "quayside";

const talk = new Deployment("talk-service").image("talk-service:2").cluster("conference-cluster");
const shown = process.env["GITHUB_ACTIONS"] ? githubReporter() : terminalReporter();
const onEvent = reporters(shown, timelineReporter("deploy.html")); // both
// #endregion chain

import type { Cloud, CompleteDeployment } from "quayside";

export default (cloud: Cloud) => deploy(talk.on(cloud), shown);

async function deploy(talk: CompleteDeployment, onEvent: ReturnType<typeof terminalReporter>) {
  // #region deploy
  await talk.deploy({ onEvent });
  // #endregion deploy
}

export { onEvent };
