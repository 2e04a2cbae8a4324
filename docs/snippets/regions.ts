// #region chain
import { aws, Deployment } from "quayside";

const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .port(8080)
  .cluster("conference-cluster");

const regions = ["eu-west-1", "us-east-1"];
const everywhere = regions.map((region) => talk.on(aws({ region })));
// #endregion chain

// #region local
import { localAccount, localCloud } from "quayside/local";

const account = localAccount({ id: "123456789012" }); // its regions share IAM, as on AWS
const clouds = regions.map((region) => localCloud({ account, region, clock: "virtual" }));
for (const cloud of clouds) await talk.on(cloud).deploy();
// #endregion local

for (const cloud of clouds) await cloud.close();
export default () => everywhere.map((each) => each.toJSON());
