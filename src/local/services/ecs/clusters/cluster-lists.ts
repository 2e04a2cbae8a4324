import type * as Ecs from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import type { Answer } from "../../../core/answer.js";
import { clientException } from "../service-errors.js";
import { ecsPage } from "../ecs-page.js";
import { checkedConfiguration } from "./exec-configuration.js";
import { describeCluster, findCluster } from "./clusters.js";

/** What lists and updates clusters: quayside itself finds its clusters by their names. */
export const createClusterListHandlers = (account: Account) => ({
  async listClusters(input: Ecs.ListClustersCommandInput): Answer<Ecs.ListClustersCommandOutput> {
    const active = [...account.ecs.clusters.values()].filter(({ status }) => status === "ACTIVE");
    const { items, next } = ecsPage(active, input);
    return { clusterArns: items.map(({ arn }) => arn), ...next };
  },

  async updateCluster(input: Ecs.UpdateClusterCommandInput): Answer<Ecs.UpdateClusterCommandOutput> {
    if (input.cluster === undefined) throw clientException("Cluster can not be blank.");
    const cluster = findCluster(account, input.cluster);
    if (input.settings !== undefined) cluster.settings.splice(0, Infinity, ...input.settings);
    if (input.configuration !== undefined) cluster.configuration = checkedConfiguration(input.configuration);
    return { cluster: describeCluster(account, cluster, ["TAGS", "SETTINGS", "CONFIGURATIONS"]) };
  },

  async updateClusterSettings(
    input: Ecs.UpdateClusterSettingsCommandInput,
  ): Answer<Ecs.UpdateClusterSettingsCommandOutput> {
    if (input.cluster === undefined) throw clientException("Cluster can not be blank.");
    const cluster = findCluster(account, input.cluster);
    for (const setting of input.settings ?? []) {
      const index = cluster.settings.findIndex(({ name }) => name === setting.name);
      cluster.settings.splice(index < 0 ? cluster.settings.length : index, 1, setting);
    }
    return { cluster: describeCluster(account, cluster, ["TAGS", "SETTINGS"]) };
  },
});
