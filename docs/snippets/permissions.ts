// #region policy
import { Deployment } from "quayside";
import { localCloud } from "quayside/local";

const talk = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");
const policy = talk.permissions({ account: "123456789012", region: "eu-west-1", for: ["plan", "deploy"] });
console.log(JSON.stringify(policy));

// The local cloud denies what the policy does not allow, as AWS does.
const cloud = localCloud({ clock: "virtual", caller: policy });
await talk.on(cloud).deploy();
// #endregion policy

export default () => policy;
