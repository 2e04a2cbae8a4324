import { setTimeout as pause } from "node:timers/promises";
import type { RawClients } from "./raw-clients.js";

const POLL = 50;

/**
 * Plays the ECS agent of every instance: it reads in the instance's user data which cluster it belongs
 * to, and registers there. moto starts instances for an Auto Scaling group, but nothing in them.
 */
export class Agent {
  readonly #aws: RawClients;
  readonly #ended = new AbortController();
  readonly #registered = new Set<string>();
  readonly #running: Promise<void>;

  constructor(aws: RawClients) {
    this.#aws = aws;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await this.#registerAll();
      await pause(POLL, undefined, { signal: this.#ended.signal }).catch(() => {});
    }
  }

  async #registerAll(): Promise<void> {
    const { AutoScalingGroups = [] } = await this.#aws.autoScaling.describeAutoScalingGroups({});
    for (const { Instances = [], LaunchTemplate, MixedInstancesPolicy } of AutoScalingGroups) {
      const fresh = Instances.filter(({ InstanceId }) => !this.#registered.has(InstanceId!));
      const template = LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
      if (fresh.length === 0 || template === undefined) continue;
      const cluster = await this.#clusterOf(template.LaunchTemplateId!, template.Version ?? "$Default");
      if (cluster === undefined) continue;
      for (const { InstanceId } of fresh) {
        const instanceIdentityDocument = JSON.stringify({ instanceId: InstanceId });
        await this.#aws.ecs.registerContainerInstance({ cluster, instanceIdentityDocument });
        this.#registered.add(InstanceId!);
      }
    }
  }

  async #clusterOf(LaunchTemplateId: string, version: string): Promise<string | undefined> {
    const Versions = [version];
    const answer = await this.#aws.ec2.describeLaunchTemplateVersions({ LaunchTemplateId, Versions });
    const userData = answer.LaunchTemplateVersions?.[0]?.LaunchTemplateData?.UserData ?? "";
    const cluster = /ECS_CLUSTER=["']?([\w-]+)/.exec(Buffer.from(userData, "base64").toString())?.[1];
    const { clusters = [] } = await this.#aws.ecs.describeClusters({ clusters: [cluster ?? "none"] });
    return clusters.some(({ status }) => status === "ACTIVE") ? cluster : undefined;
  }
}
