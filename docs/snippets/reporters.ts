// #region chain
import {
  Deployment,
  githubReporter,
  QuaysideError,
  reporters,
  terminalReporter,
  timelineReporter,
} from "quayside";

const talk = new Deployment("talk-service").image("talk-service:2").cluster("conference-cluster");
const shown = process.env["GITHUB_ACTIONS"] ? githubReporter() : terminalReporter();
const onEvent = reporters(shown, timelineReporter("deploy.html")); // both
// #endregion chain

import type { Cloud, CompleteDeployment } from "quayside";

export default (cloud: Cloud) => deploy(talk.on(cloud), shown);

async function deploy(talk: CompleteDeployment, onEvent: ReturnType<typeof terminalReporter>) {
  // #region deploy
  try {
    await talk.deploy({ onEvent });
  } catch (error) {
    process.exitCode = 1;
    // The reporter has said why a run failed, what to do, and where to read more.
    if (!(error instanceof QuaysideError && error.outcome)) console.error(error);
  }
  // #endregion deploy
}

export { onEvent };
