// #region errors
import { Deployment, QuaysideError, RolloutError, SpecError } from "quayside";

const talk = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");

try {
  await talk.env({ "NOT VALID": "1" }).deploy();
} catch (error) {
  if (error instanceof SpecError) console.error(error.issues); // [{ path, message }]
  if (error instanceof RolloutError) console.error(error.diagnosis, error.evidence.logs);
  if (error instanceof QuaysideError) console.error(error.code, error.message, error.fix, error.docs);
}
// #endregion errors

export default () => undefined;
