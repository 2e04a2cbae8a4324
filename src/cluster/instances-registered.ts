import type { ContainerInstance } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { poll, waitReporter } from "../engine/poll.js";
import { containerInstances } from "./container-instances.js";

/** Waits until the ECS agents of enough of these instances have joined the cluster. */
export async function waitUntilRegistered(
  group: { readonly groupName: string; readonly clusterName: string; readonly needed: number },
  instanceIds: readonly string[],
  context: AwsContext,
): Promise<void> {
  const { groupName, clusterName, needed } = group;
  let joined = 0;
  const tell = waitReporter(context, "auto-scaling-group", groupName);
  await poll(
    {
      every: 5_000,
      timeout: 10 * 60_000,
      context,
      what: `${needed} instances of Auto Scaling group ${groupName} to register with cluster ${clusterName}`,
      why: () => `${joined} have`,
      fix:
        `Check on an instance: that /etc/ecs/ecs.config says ECS_CLUSTER=${clusterName}, that it reaches the ECS ` +
        "endpoints (a public address, NAT or VPC endpoints), that its role has AmazonEC2ContainerServiceforEC2Role, " +
        "and that its image is ECS-optimized; the agent's log is /var/log/ecs/ecs-agent.log.",
    },
    async () => {
      const registered = await containerInstances(clusterName, context, "ACTIVE");
      joined = registered.filter((instance) => isUsable(instance, instanceIds)).length;
      if (joined >= needed) return true;
      tell(`${joined} of ${needed} instances have registered with cluster ${clusterName}`);
      return undefined;
    },
  );
}

const isUsable = (instance: ContainerInstance, instanceIds: readonly string[]): boolean =>
  instance.agentConnected === true &&
  instance.status === "ACTIVE" &&
  instanceIds.includes(instance.ec2InstanceId ?? "");
