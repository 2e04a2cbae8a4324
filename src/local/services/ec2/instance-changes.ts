import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { defaultVpc } from "./security-group-reference.js";
import { describeInstance, stateCodes } from "./instances.js";
import { launchInstance, terminateInstance } from "./launch-instance.js";
import { findTemplate, templateVersion } from "./launch-template-reference.js";
import { ec2Page, invalidValue, requireEc2 } from "./request.js";
import type { Instance, LaunchTemplateData } from "./state.js";

/** Instances by hand. */
export const instanceChanges = (account: Account) => ({
  async runInstances(input: Ec2.RunInstancesCommandInput): Answer<Ec2.RunInstancesCommandOutput> {
    requireEc2(input, ["MinCount", "MaxCount"]);
    const { MinCount: min = 0, MaxCount: max = 0 } = input;
    if (min < 1 || max < min)
      throw invalidValue(`Invalid value '${min}' for minCount. It must be between 1 and maxCount.`);
    const data = dataOf(account, input);
    const subnetId = input.SubnetId ?? data.NetworkInterfaces?.[0]?.SubnetId ?? defaultSubnet(account, input);
    const instances = Array.from({ length: max }, () => launchInstance(account, { data, subnetId }));
    return {
      ReservationId: instances[0]!.id.replace("i-", "r-"),
      OwnerId: account.accountId,
      Groups: [],
      Instances: instances.map((instance) => describeInstance(account, instance)),
    };
  },

  async terminateInstances(
    input: Ec2.TerminateInstancesCommandInput,
  ): Answer<Ec2.TerminateInstancesCommandOutput> {
    requireEc2(input, ["InstanceIds"]);
    const found = (input.InstanceIds ?? []).map((id) => findInstance(account, id));
    // Source: EC2 User Guide, "Amazon EC2 managed instances": only the service that manages it may change it.
    if (found.some(({ managedInstancesProvider }) => managedInstancesProvider !== undefined))
      throw new ServiceError(
        "OperationNotPermitted",
        "You can't perform this operation on a managed instance. Managed instances are managed by the service provider ecs.amazonaws.com.",
      );
    const before = found.map(({ state }) => state);
    for (const { id } of found) terminateInstance(account, id);
    return {
      TerminatingInstances: found.map((instance, index) => ({
        InstanceId: instance.id,
        PreviousState: stateOf(before[index]!),
        CurrentState: stateOf(instance.state),
      })),
    };
  },

  async describeInstanceStatus(
    input: Ec2.DescribeInstanceStatusCommandInput,
  ): Answer<Ec2.DescribeInstanceStatusCommandOutput> {
    const all = input.InstanceIds?.length
      ? input.InstanceIds.map((id) => findInstance(account, id))
      : [...account.ec2.instances.values()];
    const found = all.filter(({ state }) => input.IncludeAllInstances === true || state === "running");
    const { items, nextToken } = ec2Page(found, input);
    return {
      InstanceStatuses: items.map((instance) => {
        const status = instance.state === "running" ? "ok" : "not-applicable";
        const summary = {
          Status: status,
          Details: status === "ok" ? [{ Name: "reachability", Status: "passed" }] : [],
        };
        return {
          InstanceId: instance.id,
          AvailabilityZone: instance.zone,
          InstanceState: stateOf(instance.state),
          InstanceStatus: summary as Ec2.InstanceStatusSummary,
          SystemStatus: summary as Ec2.InstanceStatusSummary,
        };
      }),
      NextToken: nextToken,
    };
  },
});

const stateOf = (state: Instance["state"]): Ec2.InstanceState => ({ Code: stateCodes[state], Name: state });

function findInstance(account: Account, id: string): Instance {
  const found = account.ec2.instances.get(id);
  if (found !== undefined) return found;
  throw new ServiceError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
}

/** The request's own values come before those of its launch template. */
function dataOf(account: Account, input: Ec2.RunInstancesCommandInput): LaunchTemplateData {
  const { LaunchTemplate: reference, SecurityGroups: names = [] } = input;
  const template =
    reference === undefined
      ? {}
      : templateVersion(findTemplate(account, reference), reference.Version ?? "$Default").data;
  const { ImageId, InstanceType, KeyName, SecurityGroupIds, UserData, TagSpecifications } = input;
  const named = names.map((name) => groupNamed(account, name));
  const groups = SecurityGroupIds ?? (named.length > 0 ? named : undefined);
  const own = { ImageId, InstanceType, KeyName, SecurityGroupIds: groups, UserData, TagSpecifications };
  const more = { IamInstanceProfile: input.IamInstanceProfile, Monitoring: input.Monitoring };
  const cards = input.NetworkInterfaces && { NetworkInterfaces: input.NetworkInterfaces };
  const given = Object.entries({ ...own, ...more, ...cards }).filter(([, value]) => value !== undefined);
  return { ...template, ...(Object.fromEntries(given) as LaunchTemplateData) };
}

function groupNamed(account: Account, name: string): string {
  const vpc = defaultVpc(account);
  const found = [...account.ec2.securityGroups.values()].find(
    (one) => one.name === name && one.vpcId === vpc.id,
  );
  if (found !== undefined) return found.id;
  throw new ServiceError(
    "InvalidGroup.NotFound",
    `The security group '${name}' does not exist in default VPC '${vpc.id}'`,
  );
}

function defaultSubnet(account: Account, { Placement }: Ec2.RunInstancesCommandInput): string {
  const { id } = defaultVpc(account);
  const found = [...account.ec2.subnets.values()].find(
    ({ vpcId, zone }) => vpcId === id && (Placement?.AvailabilityZone ?? zone) === zone,
  );
  if (found !== undefined) return found.id;
  throw new ServiceError("MissingInput", "No subnets found for the default VPC. Please specify a subnet.");
}
