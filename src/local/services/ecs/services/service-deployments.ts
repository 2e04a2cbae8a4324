import type * as Ecs from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../../aws/api.js";
import type { Account } from "../../../core/account.js";
import { untilConsistent } from "../../../core/consistency.js";
import { durations } from "../../../core/durations.js";
import { page } from "../../../core/page.js";
import { ServiceError } from "../../../core/service-error.js";
import { findCluster } from "../clusters/clusters.js";
import { badToken, invalidParameter, serviceNotFound } from "../service-errors.js";
import type { Service } from "../state.js";
import { end, failRollout, isFinished } from "./rollouts.js";
import { findService } from "./services.js";

type Handlers = Pick<
  EcsApi,
  | "listServiceDeployments"
  | "describeServiceDeployments"
  | "stopServiceDeployment"
  | "describeServiceRevisions"
>;

export const createServiceDeploymentHandlers = (account: Account): Handlers => ({
  async listServiceDeployments(input) {
    const cluster = findCluster(account, input.cluster);
    const service = findService(cluster, input.service);
    if (account.clock.now() < service.visibleAt + untilConsistent(account, "serviceDeploymentsVisible"))
      throw serviceNotFound();
    const { after, before } = input.createdAt ?? {};
    const wanted = service.serviceDeployments.filter(({ createdAt = new Date(0), status }) => {
      // The list is eventually consistent: it can be empty for a moment.
      if (account.clock.now() < createdAt.getTime() + untilConsistent(account, "serviceVisible"))
        return false;
      if (after !== undefined && createdAt < after) return false;
      if (before !== undefined && createdAt > before) return false;
      return !input.status?.length || (status !== undefined && input.status.includes(status));
    });
    const newestFirst = wanted.reverse().map(brief);
    const { items, nextToken } = page(newestFirst, input.nextToken, input.maxResults ?? 20, badToken);
    return { serviceDeployments: items, ...(nextToken === undefined ? {} : { nextToken }) };
  },

  async describeServiceDeployments({ serviceDeploymentArns: arns = [] }) {
    if (arns.length === 0) throw invalidParameter("serviceDeploymentArns cannot be empty.");
    if (arns.length > 20) throw invalidParameter("serviceDeploymentArns cannot have more than 20 elements");
    const serviceDeployments: Ecs.ServiceDeployment[] = [];
    const failures: Ecs.Failure[] = [];
    for (const arn of arns) {
      const found = find(account, arn);
      if (found === undefined) failures.push({ arn, reason: "MISSING" });
      else serviceDeployments.push(structuredClone(found.item));
    }
    return { serviceDeployments, failures };
  },

  async describeServiceRevisions({ serviceRevisionArns: arns = [] }) {
    if (arns.length === 0) throw invalidParameter("serviceRevisionArns cannot be empty.");
    if (arns.length > 20) throw invalidParameter("serviceRevisionArns cannot have more than 20 elements");
    const serviceRevisions: Ecs.ServiceRevision[] = [];
    const failures: Ecs.Failure[] = [];
    for (const arn of arns) {
      const found = revisionOf(account, arn);
      if (found === undefined) failures.push({ arn, reason: "MISSING" });
      else serviceRevisions.push(structuredClone(found));
    }
    return { serviceRevisions, failures };
  },

  async stopServiceDeployment({ serviceDeploymentArn = "", stopType = "ROLLBACK" }) {
    const found = find(account, serviceDeploymentArn);
    if (found === undefined) {
      throw new ServiceError(
        "ServiceDeploymentNotFoundException",
        "The specified service deployment was not found.",
      );
    }
    const { service, item } = found;
    const [primary] = service.rollouts;
    const isStopping = item.status === "ROLLBACK_REQUESTED" || item.rollback !== undefined;
    if (isFinished(item) || isStopping || primary === undefined) {
      throw new ServiceError(
        "ConflictException",
        `The service deployment cannot be stopped in the status ${item.status}.`,
      );
    }
    const reason = "Service deployment was stopped by the user.";
    if (stopType === "ABORT") {
      primary.deployment.rolloutState = "FAILED";
      primary.deployment.rolloutStateReason = reason;
      end(account, item, "STOPPED", reason);
    } else {
      item.status = "ROLLBACK_REQUESTED";
      item.statusReason = reason;
      account.clock.schedule(durations.rollbackStart, () => {
        if (item.status === "ROLLBACK_REQUESTED")
          failRollout(account, service, primary, { rolloutReason: reason, reason, rollback: true });
      });
    }
    return { serviceDeploymentArn };
  },
});

function find(account: Account, arn: string): { service: Service; item: Ecs.ServiceDeployment } | undefined {
  for (const cluster of account.ecs.clusters.values()) {
    for (const service of cluster.services.values()) {
      const item = service.serviceDeployments.find(
        ({ serviceDeploymentArn }) => serviceDeploymentArn === arn,
      );
      if (item !== undefined) return { service, item };
    }
  }
  return undefined;
}

function revisionOf(account: Account, arn: string): Ecs.ServiceRevision | undefined {
  for (const cluster of account.ecs.clusters.values()) {
    for (const service of cluster.services.values()) {
      const found = service.revisions.get(arn);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

const brief = (item: Ecs.ServiceDeployment): Ecs.ServiceDeploymentBrief => ({
  serviceDeploymentArn: item.serviceDeploymentArn,
  serviceArn: item.serviceArn,
  clusterArn: item.clusterArn,
  createdAt: item.createdAt,
  startedAt: item.startedAt,
  finishedAt: item.finishedAt,
  targetServiceRevisionArn: item.targetServiceRevision?.arn,
  status: item.status,
  statusReason: item.statusReason,
});
