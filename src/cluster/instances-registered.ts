import type { ContainerInstance } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { poll } from "../engine/poll.js";
import { containerInstances } from "./container-instances.js";

/** Waits until the ECS agents of enough of these instances have joined the cluster. */
export async function untilRegistered(
  group: { readonly groupName: string; readonly clusterName: string; readonly needed: number },
  instanceIds: readonly string[],
  context: AwsContext,
): Promise<void> {
  const { groupName, clusterName, needed } = group;
  let told: number | undefined;
  await poll(
    {
      every: 5_000,
      timeout: 10 * 60_000,
      context,
      what: `${needed} instances of Auto Scaling group ${groupName} to register with cluster ${clusterName}`,
      why: () => `${told ?? 0} have`,
      fix:
        `Check on an instance: that /etc/ecs/ecs.config says ECS_CLUSTER=${clusterName}, that it reaches the ECS ` +
        "endpoints (a public address, NAT or VPC endpoints), that its role has AmazonEC2ContainerServiceforEC2Role, " +
        "and that its image is ECS-optimized; the agent's log is /var/log/ecs/ecs-agent.log.",
    },
    async () => {
      const registered = await containerInstances(clusterName, context, "ACTIVE");
      const usable = registered.filter((instance) => isUsable(instance, instanceIds));
      if (usable.length >= needed) return true;
      if (told !== usable.length) {
        told = usable.length;
        const why = `${told} of ${needed} instances have registered with cluster ${clusterName}`;
        context.emit({
          type: "waiting",
          at: context.clock.now(),
          resource: "auto-scaling-group",
          name: groupName,
          why,
        });
      }
      return undefined;
    },
  );
}

const isUsable = (instance: ContainerInstance, instanceIds: readonly string[]): boolean =>
  instance.agentConnected === true &&
  instance.status === "ACTIVE" &&
  instanceIds.includes(instance.ec2InstanceId ?? "");
