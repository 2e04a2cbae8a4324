import type * as Ecs from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { EcsApi } from "../../../../aws/api.js";
import type { Account } from "../../../core/account.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { dnsSuffixOf } from "../../../core/partition.js";
import { ServiceError } from "../../../core/service-error.js";
import { checkPassedRoles, unassumableRole } from "../../iam/passed-roles.js";
import { serviceLinkedRoleIsUsable } from "../../iam/service-linked-role.js";
import { isOnFargate, isOnManagedInstances, nextProvider } from "../clusters/capacity-providers.js";
import { findCluster } from "../clusters/clusters.js";
import { logSession } from "../clusters/exec-configuration.js";
import { clientException, invalidParameter } from "../service-errors.js";
import { checkService, readTaskDefinition } from "../services/service-validation.js";
import type { Cluster, TaskDefinitionRecord } from "../state.js";
import { readTags } from "../tags.js";
import { startTask } from "./launch.js";

/** A request with a client token, which ECS remembers for as long as the tasks are known. */
interface AnsweredRequest {
  readonly input: Ecs.RunTaskCommandInput;
  readonly taskArns: readonly string[];
  readonly failures: readonly Ecs.Failure[];
}

export const createRunTaskHandlers = (account: Account): Pick<EcsApi, "runTask" | "executeCommand"> => {
  const answered = new Map<string, AnsweredRequest>();
  return {
    async runTask(input) {
      const cluster = findCluster(account, input.cluster);
      const { count = 1, clientToken, group } = input;
      if (count < 1 || count > 10) throw invalidParameter("count must be between 1 and 10.");
      if (clientToken !== undefined && !/^[\x21-\x7e]{1,64}$/.test(clientToken))
        throw invalidParameter("clientToken must have at most 64 ASCII characters.");
      if ((input.startedBy ?? "").length > 128)
        throw invalidParameter("startedBy must have at most 128 characters.");
      const known = answered.get(`${cluster.name} ${clientToken}`);
      if (clientToken !== undefined && known !== undefined) return repeatedResponse(cluster, known, input);
      if (!serviceLinkedRoleIsUsable(account, "ecs.amazonaws.com")) {
        throw invalidParameter(
          "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
        );
      }
      const definition = readTaskDefinition(account, input.taskDefinition);
      const { taskRoleArn, executionRoleArn } = definition.description;
      checkPassedRoles(account, [taskRoleArn, executionRoleArn]);
      const strategy = strategyOf(cluster, input);
      const onFargate = input.launchType === "FARGATE" || isOnFargate(strategy);
      checkService(
        account,
        cluster,
        {
          launchType: input.launchType,
          capacityProviderStrategy: strategy,
          networkConfiguration: input.networkConfiguration,
          placementConstraints: input.placementConstraints,
          placementStrategy: input.placementStrategy,
          volumeConfigurations: input.volumeConfigurations,
        },
        definition,
      );
      checkOverrides(definition, input.overrides);
      const launchesInstances = isOnManagedInstances(account, strategy);
      if (!onFargate && !launchesInstances && cluster.containerInstances.size === 0)
        throw invalidParameter("No Container Instances were found in your cluster.");
      const refused = unassumableRole(account, definition.description);
      if (refused !== undefined) throw clientException(refused);

      const tasks: Ecs.Task[] = [];
      const failures: Ecs.Failure[] = [];
      for (let index = 0; index < count; index++) {
        const own = (provider: string) =>
          tasks.filter(({ capacityProviderName }) => capacityProviderName === provider).length;
        const started = startTask(account, cluster, {
          placing: {
            placementConstraints: input.placementConstraints,
            placementStrategy: input.placementStrategy,
          },
          taskDefinition: definition,
          networkConfiguration: input.networkConfiguration,
          volumeConfigurations: input.volumeConfigurations,
          provider: nextProvider(strategy, own),
          onFargate,
          group: group ?? `family:${definition.description.family}`,
          startedBy: input.startedBy,
          tags: tagsOf(input, definition),
          enableExecuteCommand: input.enableExecuteCommand ?? false,
          ...(input.overrides !== undefined && { overrides: structuredClone(input.overrides) }),
        });
        if (typeof started === "string") failures.push(failureOf(account, cluster, started));
        else tasks.push(started.description);
      }
      if (clientToken !== undefined) {
        const taskArns = tasks.map(({ taskArn }) => taskArn ?? "");
        answered.set(`${cluster.name} ${clientToken}`, { input: structuredClone(input), taskArns, failures });
      }
      return { tasks: structuredClone(tasks), failures };
    },

    async executeCommand(input) {
      const cluster = findCluster(account, input.cluster);
      const task = cluster.tasks.get(
        arnOf(account, "ecs", `task/${cluster.name}/${nameOf(input.task ?? "")}`),
      );
      if (task === undefined) throw invalidParameter("The specified task was not found.");
      if ((input.command ?? "") === "") throw invalidParameter("Command cannot be empty.");
      if (input.interactive !== true)
        throw invalidParameter("Interactive is the only mode supported currently.");
      const { description } = task;
      const container =
        input.container === undefined
          ? description.containers?.[0]
          : description.containers?.find(({ name }) => name === input.container);
      if (container === undefined)
        throw invalidParameter("The specified container was not found in the task.");
      if (description.enableExecuteCommand !== true) {
        throw invalidParameter(
          "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.",
        );
      }
      const agent = container.managedAgents?.find(({ name }) => name === "ExecuteCommandAgent");
      if (description.lastStatus !== "RUNNING" || agent?.lastStatus !== "RUNNING") {
        throw new ServiceError(
          "TargetNotConnectedException",
          "The execute command failed due to an internal error. Try again later.",
        );
      }
      const sessionId = `ecs-execute-command-${account.hex(17)}`;
      logSession(account, cluster, task, { id: sessionId, command: input.command ?? "" });
      return {
        clusterArn: cluster.arn,
        taskArn: description.taskArn,
        containerArn: container.containerArn,
        containerName: container.name,
        interactive: true,
        session: {
          sessionId,
          streamUrl: `wss://ssmmessages.${account.region}.${dnsSuffixOf(account.region)}/v1/data-channel/${sessionId}?role=publish_subscribe`,
          tokenValue: account.hex(64),
        },
      };
    },
  };
};

/** The same token and the same request return the same tasks. */
function repeatedResponse(
  cluster: Cluster,
  known: AnsweredRequest,
  input: Ecs.RunTaskCommandInput,
): Ecs.RunTaskResponse {
  if (!isDeepStrictEqual(known.input, input)) {
    throw new ServiceError(
      "ConflictException",
      "The RunTask request could not be processed due to conflicts. The provided clientToken is already in use with a different RunTask request.",
    );
  }
  const tasks = known.taskArns.flatMap((arn) => cluster.tasks.get(arn)?.description ?? []);
  return { tasks: structuredClone(tasks), failures: structuredClone([...known.failures]) };
}

const strategyOf = (cluster: Cluster, input: Ecs.RunTaskCommandInput) =>
  input.capacityProviderStrategy ?? (input.launchType === undefined ? cluster.defaultStrategy : []);

/** Rejects overrides of containers that the task definition does not have. */
export function checkOverrides(
  { description }: TaskDefinitionRecord,
  overrides: Ecs.TaskOverride | undefined,
): void {
  const names = description.containerDefinitions?.map(({ name }) => name) ?? [];
  // ECS counts the characters of the JSON.
  if (JSON.stringify(overrides ?? {}).length > 8192)
    throw invalidParameter("Container Overrides length must be at most 8192");
  for (const { name } of overrides?.containerOverrides ?? []) {
    if (!names.includes(name))
      throw clientException(`Override for container named ${name} is not a container in the TaskDefinition.`);
  }
}

/** The tags of a new task. */
export function tagsOf(
  input: Pick<Ecs.RunTaskCommandInput, "propagateTags" | "tags">,
  definition: TaskDefinitionRecord,
): Map<string, string> {
  const inherited = input.propagateTags === "TASK_DEFINITION" ? definition.tags : [];
  return new Map([...inherited, ...readTags(input.tags)]);
}

/** RunTask's and StartTask's failure for what the service scheduler reports in a sentence. */
export function failureOf(account: Account, cluster: Cluster, why: string): Ecs.Failure {
  const id = /container-instance (\w+)/.exec(why)?.[1];
  const fargate = /Reason: (Capacity is unavailable.*|You've reached the limit.*)/.exec(why)?.[1];
  if (fargate !== undefined) return { reason: fargate };
  const reason = /memory/.test(why)
    ? "RESOURCE:MEMORY"
    : /CPU/.test(why)
      ? "RESOURCE:CPU"
      : /port/.test(why)
        ? "RESOURCE:PORTS"
        : /AGENT/.test(why)
          ? "AGENT"
          : /RESOURCE:GPU/.test(why)
            ? "RESOURCE:GPU"
            : /"ATTRIBUTE"/.test(why)
              ? "ATTRIBUTE"
              : /RESOURCE:ENI|No Container/.test(why)
                ? "RESOURCE:ENI"
                : "MemberOf placement constraint unsatisfied.";
  return {
    ...(id !== undefined && { arn: arnOf(account, "ecs", `container-instance/${cluster.name}/${id}`) }),
    reason,
  };
}
