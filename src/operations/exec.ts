import type { Task } from "@aws-sdk/client-ecs";
import { taskId } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { inBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { partitionOf } from "../aws/partition.js";
import { readRelease, serving } from "../bluegreen/release-state.js";
import { AwsError, QuaysideError } from "../errors.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { ExecTarget } from "../spec/operation-options.js";
import { isBlueGreen } from "./release/prepare-release.js";
import type { OperationOptions } from "./results.js";
import { withDeployment, type Described } from "./with-deployment.js";

export type ExecOptions = OperationOptions & ExecTarget;

/** A process in a container, and the session that is connected to it. */
export interface ExecSession {
  readonly task: string;
  readonly container: string;
  readonly sessionId: string;
  /** The URL of the session's data channel: `wss://…`. */
  readonly url: string;
  /** A secret: it is all that is needed to use the session. */
  readonly token: string;
  /**
   * The command line of AWS's session-manager-plugin, which implements the protocol of the data channel:
   * spawn it with the terminal's stdio. It contains the token.
   */
  readonly plugin: readonly string[];
}

/** Starts a command in a running container. */
export function exec(described: Described, options: ExecOptions = {}): Promise<ExecSession> {
  return withDeployment(described, options, async ({ spec: whole }, context) => {
    const spec = isBlueGreen(whole) ? serving(whole, await readRelease(whole, context)) : whole;
    const cluster = spec.cluster.name;
    const task = await pickTask(spec, options.task, context);
    const container = options.container ?? spec.container.name;
    const { session } = await context.aws.ecs
      .executeCommand({
        cluster,
        task: task.taskArn,
        container,
        command: options.command ?? "/bin/sh",
        interactive: true,
      })
      .catch((error: unknown) => {
        throw toExecError(spec, error);
      });
    const { sessionId = "", streamUrl = "", tokenValue = "" } = session ?? {};
    const runtime = task.containers?.find(({ name }) => name === container)?.runtimeId ?? "";
    const id = taskId(task.taskArn);
    return {
      task: id,
      container,
      sessionId,
      url: streamUrl,
      token: tokenValue,
      plugin: [
        "session-manager-plugin",
        JSON.stringify({ SessionId: sessionId, StreamUrl: streamUrl, TokenValue: tokenValue }),
        context.region,
        "StartSession",
        "",
        JSON.stringify({ Target: `ecs:${cluster}_${id}_${runtime}` }),
        `https://ssm.${context.region}.${partitionOf(context.region).dnsSuffix}`,
      ],
    };
  });
}

/** The task of the given ID, or the newest running one. */
async function pickTask(
  { name, service, cluster }: DeploymentSpec,
  wanted: string | undefined,
  { aws }: AwsContext,
): Promise<Task> {
  const listAll = () =>
    paginate(
      "nextToken",
      (next) =>
        ignoreNotFound(aws.ecs.listTasks({ cluster: cluster.name, serviceName: service.name, ...next })),
      ({ taskArns }) => taskArns,
    );
  const arns = wanted === undefined ? await listAll() : [wanted];
  // DescribeTasks takes a hundred.
  const described = await inBatches(
    arns,
    100,
    async (tasks): Promise<Task[]> =>
      (await aws.ecs.describeTasks({ cluster: cluster.name, tasks })).tasks ?? [],
  );
  const running = described.filter(({ lastStatus }) => lastStatus === "RUNNING");
  const newest = [...running].sort(
    (one, other) => (other.startedAt?.getTime() ?? 0) - (one.startedAt?.getTime() ?? 0),
  )[0];
  if (newest !== undefined) return newest;
  throw new QuaysideError(
    "no-such-task",
    `No process was started: ${wanted === undefined ? `no task of ${name} is running` : `task ${wanted} is not running`} in ${cluster.name}`,
    { fix: "Check status(), deploy, or choose another task." },
  );
}

function toExecError({ name }: DeploymentSpec, error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  if (hasErrorCode(error, "InvalidParameterException") && /not enabled|isn.t running/.test(error.message)) {
    return new QuaysideError(
      "exec-not-enabled",
      `No process was started: the tasks of ${name} do not allow ECS Exec`,
      {
        cause: error,
        fix: "Call .service({ exec: true }) and deploy: new tasks then allow it.",
      },
    );
  }
  if (hasErrorCode(error, "TargetNotConnectedException")) {
    return new QuaysideError(
      "exec-not-connected",
      `No process was started: the agent in the container of ${name} has not connected`,
      {
        cause: error,
        fix: "Check that the task role allows the four ssmmessages actions, that the container's root file system is writable, and that the task can reach the AWS endpoints.",
      },
    );
  }
  return error;
}
