import type { ContainerInstance } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { poll, waitReporter } from "../engine/poll.js";
import { containerInstances } from "./container-instances.js";

/** Waits until the ECS agents of enough of these instances have registered with the cluster. */
export async function waitUntilRegistered(
  group: { readonly groupName: string; readonly clusterName: string; readonly needed: number },
  instanceIds: readonly string[],
  context: AwsContext,
): Promise<void> {
  const { groupName, clusterName, needed } = group;
  let count = 0;
  const reportWait = waitReporter(context, "auto-scaling-group", groupName);
  await poll(
    {
      every: 5_000,
      timeout: 10 * 60_000,
      context,
      what: `${needed} instances of Auto Scaling group ${groupName} to register with cluster ${clusterName}`,
      why: () => `${count} have registered`,
      fix:
        `Check on an instance that /etc/ecs/ecs.config sets ECS_CLUSTER=${clusterName}, that it can reach the ECS ` +
        "endpoints (a public IP address, NAT or VPC endpoints), that its role has the policy " +
        "AmazonEC2ContainerServiceforEC2Role, and that its AMI is ECS-optimized. The agent's log is /var/log/ecs/ecs-agent.log.",
    },
    async () => {
      const registered = await containerInstances(clusterName, context, "ACTIVE");
      count = registered.filter((instance) => isUsable(instance, instanceIds)).length;
      if (count >= needed) return true;
      reportWait(`${count} of ${needed} instances have registered with cluster ${clusterName}`);
      return undefined;
    },
  );
}

const isUsable = (instance: ContainerInstance, instanceIds: readonly string[]): boolean =>
  instance.agentConnected === true &&
  instance.status === "ACTIVE" &&
  instanceIds.includes(instance.ec2InstanceId ?? "");
