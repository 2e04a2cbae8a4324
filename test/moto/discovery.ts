import { ListNamespacesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { Cluster, Deployment } from "../../src/index.js";
import type { Account } from "./http-cloud.js";
import { shortPauses } from "./short-pauses.js";
import { underItsPolicy } from "./under-its-policy.js";

/** A service on Fargate, under its own policy. */
export const talkOnFargate = (account: Account) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(shortPauses(underItsPolicy(account), 20));

export const discoveryClient = ({ endpoint, region, credentials }: Account): ServiceDiscoveryClient =>
  new ServiceDiscoveryClient({ endpoint, region, credentials });

export const namespacesIn = async (client: ServiceDiscoveryClient) =>
  ((await client.send(new ListNamespacesCommand({}))).Namespaces ?? []).map(({ Name }) => Name);
