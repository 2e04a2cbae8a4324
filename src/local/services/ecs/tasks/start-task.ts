import type * as Ecs from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import type { Answer } from "../../../core/answer.js";
import { arnOf } from "../../../core/arn.js";
import { checkPassedRoles, unassumableRole } from "../../iam/passed-roles.js";
import { findCluster } from "../clusters/clusters.js";
import { clientException, invalidParameter } from "../service-errors.js";
import { checkService, readTaskDefinition } from "../services/service-validation.js";
import { startTask } from "./launch.js";
import { checkOverrides, failureOf, tagsOf } from "./run-task.js";

/** Tasks that a person places on container instances. */
export const createStartTaskHandlers = (account: Account) => ({
  async startTask(input: Ecs.StartTaskCommandInput): Answer<Ecs.StartTaskCommandOutput> {
    const cluster = findCluster(account, input.cluster);
    const {
      containerInstances = [],
      networkConfiguration,
      volumeConfigurations,
      overrides,
      startedBy,
    } = input;
    if (containerInstances.length === 0) throw invalidParameter("Container Instances cannot be empty.");
    if (containerInstances.length > 10)
      throw invalidParameter("StartTask can have at most 10 container instances.");
    if ((startedBy ?? "").length > 128) throw invalidParameter("startedBy must have at most 128 characters.");
    const definition = readTaskDefinition(account, input.taskDefinition);
    const { taskRoleArn, executionRoleArn, family } = definition.description;
    checkPassedRoles(account, [taskRoleArn, executionRoleArn]);
    checkService(
      account,
      cluster,
      {
        launchType: "EC2",
        capacityProviderStrategy: [],
        networkConfiguration,
        placementConstraints: undefined,
        placementStrategy: undefined,
        volumeConfigurations,
      },
      definition,
    );
    checkOverrides(definition, overrides);
    const refused = unassumableRole(account, definition.description);
    if (refused !== undefined) throw clientException(refused);

    const tasks: Ecs.Task[] = [];
    const failures: Ecs.Failure[] = [];
    for (const reference of containerInstances) {
      const arn = reference.startsWith("arn:")
        ? reference
        : arnOf(account, "ecs", `container-instance/${cluster.name}/${reference}`);
      if (!cluster.containerInstances.has(arn)) {
        failures.push({ arn, reason: "MISSING" });
        continue;
      }
      const started = startTask(account, cluster, {
        placing: { containerInstanceArn: arn },
        taskDefinition: definition,
        networkConfiguration,
        volumeConfigurations,
        provider: undefined,
        onFargate: false,
        group: input.group ?? `family:${family}`,
        startedBy,
        tags: tagsOf(input, definition),
        enableExecuteCommand: input.enableExecuteCommand ?? false,
        ...(overrides !== undefined && { overrides: structuredClone(overrides) }),
      });
      if (typeof started === "string") failures.push({ ...failureOf(account, cluster, started), arn });
      else tasks.push(started.description);
    }
    return { tasks: structuredClone(tasks), failures };
  },
});
