// #region chain
import { aws, Deployment } from "quayside";

const staging = aws({
  profile: "work", // after `aws sso login --profile work`
  region: "eu-west-1",
  assumeRole: { roleArn: "arn:aws:iam::123456789012:role/deployer", sessionName: "ci", duration: "1h" },
  allowedAccounts: ["123456789012"], // in any other account nothing is changed
});
const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .cluster("conference-cluster")
  .on(staging);
// #endregion chain

export default () => talk.toJSON();

export async function plan() {
  // #region plan
  const plan = await talk.plan();
  console.log(plan.account, plan.region); // 123456789012 eu-west-1
  // #endregion plan
}
