import type { Service, ServiceDeployment, ServiceRevision } from "@aws-sdk/client-ecs";
import { taskDefinitionId, taskDefinitionRevision } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { isUnsupportedOperation } from "../../aws/error-code.js";
import { inBatches } from "../../aws/in-batches.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { fromTags, OWNER_TAG } from "../../aws/tags.js";
import { describeService } from "../describe-services.js";
import { taskDefinitionArn } from "../reported-fields.js";
import { revisionsOf } from "./delete-task-definitions.js";

/**
 * - `live`: the service runs it
 * - `held`: only with blue/green: it runs beside the live one and is newer, but gets no traffic: it was deployed with
 *   `{ hold: true }`, or its traffic was taken back
 * - `rolling-out`: a rollout to it is in progress
 * - `superseded`: it ran, and another release has replaced it
 * - `failed`: its last rollout failed, or was stopped
 * - `unknown`: AWS has no rollout of it on record (they are kept for 90 days), or it was never released
 */
export type ReleaseState = "live" | "held" | "rolling-out" | "superseded" | "failed" | "unknown";

export interface Release {
  /** `talk-service:12`: the revision of the task definition. */
  readonly id: string;
  /** The image as in the task definition. */
  readonly image: string | undefined;
  /** The digest that the tag had at the rollout, if AWS reports it: `sha256:…`. */
  readonly imageDigest: string | undefined;
  /** The revision's ARN. */
  readonly taskDefinition: string;
  readonly createdAt: Date | undefined;
  /** ARN of the user or role that deployed it. */
  readonly createdBy: string | undefined;
  readonly state: ReleaseState;
}

interface ReleaseQuery {
  readonly family: string;
  readonly owner: string;
  readonly container: string;
  readonly clusterName: string;
  readonly serviceName: string;
}

/** The revisions of a deployment that can be released, newest first, each with its state. */
export async function releases(of: ReleaseQuery, context: AwsContext): Promise<Release[]> {
  const [arns, service, records] = await Promise.all([
    revisionsOf(of.family, "ACTIVE", context),
    describeService(of.clusterName, of.serviceName, context),
    recordedRollouts(of, context),
  ]);
  const found = await Promise.all(
    arns.map(async (arn): Promise<Release[]> => {
      const answer = await ignoreNotFound(
        context.aws.ecs.describeTaskDefinition({ taskDefinition: arn, include: ["TAGS"] }),
      );
      const definition = answer?.taskDefinition;
      if (definition === undefined || fromTags(answer?.tags)[OWNER_TAG] !== of.owner) return [];
      const own = records.filter(({ revision }) => revision.taskDefinition === arn);
      return [
        {
          id: taskDefinitionId(arn),
          image: definition.containerDefinitions?.find(({ name }) => name === of.container)?.image,
          imageDigest: own
            .flatMap(({ revision }) => revision.containerImages ?? [])
            .find(({ containerName }) => containerName === of.container)?.imageDigest,
          taskDefinition: arn,
          createdAt: definition.registeredAt,
          createdBy: definition.registeredBy,
          state: stateOf(arn, service, own),
        },
      ];
    }),
  );
  return found.flat().sort((one, other) => taskDefinitionRevision(other.id) - taskDefinitionRevision(one.id));
}

interface RolloutRecord {
  readonly deployment: ServiceDeployment;
  readonly revision: ServiceRevision;
}

function stateOf(arn: string, service: Service | undefined, records: readonly RolloutRecord[]): ReleaseState {
  const primary = service?.deployments?.find(({ status }) => status === "PRIMARY");
  if (service?.status === "ACTIVE" && taskDefinitionArn(service) === arn) {
    if (primary?.rolloutState === "FAILED") return "failed";
    return primary?.rolloutState === "IN_PROGRESS" ? "rolling-out" : "live";
  }
  // Newest first.
  const last = records[0]?.deployment.status;
  if (last === undefined) return "unknown";
  return last === "SUCCESSFUL" ? "superseded" : "failed";
}

/** DescribeServiceDeployments and DescribeServiceRevisions take twenty. */
const BATCH = 20;

/** The rollouts of the last 90 days, a hundred at most, newest first. */
export async function recordedRollouts(
  { clusterName, serviceName }: Pick<ReleaseQuery, "clusterName" | "serviceName">,
  { aws }: AwsContext,
): Promise<RolloutRecord[]> {
  try {
    const listed = await ignoreNotFound(
      aws.ecs.listServiceDeployments({ cluster: clusterName, service: serviceName, maxResults: 100 }),
    );
    const briefs = listed?.serviceDeployments ?? [];
    const arns = [...new Set(briefs.flatMap(({ targetServiceRevisionArn: arn }) => arn ?? []))];
    const described = await inBatches(arns, BATCH, async (batch): Promise<ServiceRevision[]> => {
      const answer = await aws.ecs.describeServiceRevisions({ serviceRevisionArns: batch });
      return answer.serviceRevisions ?? [];
    });
    const revisions = new Map(described.map((each) => [each.serviceRevisionArn ?? "", each] as const));
    return briefs.flatMap((deployment) => {
      const revision = revisions.get(deployment.targetServiceRevisionArn ?? "");
      return revision === undefined ? [] : [{ deployment, revision }];
    });
  } catch (error) {
    if (isUnsupportedOperation(error)) return [];
    throw error;
  }
}
