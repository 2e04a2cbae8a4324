import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { defaultVpc } from "./security-group-reference.js";
import { describeInstance, stateCodes } from "./instances.js";
import { boot, launchInstance, stopInstance, terminateInstance } from "./launch-instance.js";
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
    const found = changeable(account, input.InstanceIds);
    return { TerminatingInstances: changed(found, ({ id }) => terminateInstance(account, id)) };
  },

  /** What is stopped already stays as it is. */
  async stopInstances(input: Ec2.StopInstancesCommandInput): Answer<Ec2.StopInstancesCommandOutput> {
    requireEc2(input, ["InstanceIds"]);
    const found = changeable(account, input.InstanceIds);
    for (const { id, state, isSpot } of found) {
      if (state === "pending")
        throw incorrectState(
          `Instance '${id}' cannot be stopped as it has never reached the 'running' state.`,
        );
      if (isLost(state))
        throw incorrectState(`This instance '${id}' is not in a state from which it can be stopped.`);
      if (isSpot)
        throw new ServiceError(
          "UnsupportedOperation",
          `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
        );
    }
    const stop = (instance: Instance): void => {
      if (instance.state === "running") stopInstance(account, instance);
    };
    return { StoppingInstances: changed(found, stop) };
  },

  /** What is running already stays as it is. */
  async startInstances(input: Ec2.StartInstancesCommandInput): Answer<Ec2.StartInstancesCommandOutput> {
    requireEc2(input, ["InstanceIds"]);
    const found = changeable(account, input.InstanceIds);
    const wrong = found.find(({ state }) => state === "stopping" || isLost(state));
    if (wrong !== undefined)
      throw incorrectState(`The instance '${wrong.id}' is not in a state from which it can be started.`);
    const start = (instance: Instance): void => {
      if (instance.state === "stopped") boot(account, instance);
    };
    return { StartingInstances: changed(found, start) };
  },

  /** The instance stays `running`, and its containers are started again by its agent. */
  async rebootInstances(input: Ec2.RebootInstancesCommandInput): Answer<Ec2.RebootInstancesCommandOutput> {
    requireEc2(input, ["InstanceIds"]);
    const wrong = changeable(account, input.InstanceIds).find(({ state }) => state !== "running");
    if (wrong !== undefined)
      throw incorrectState(`The instance '${wrong.id}' is not in a state from which it can be rebooted.`);
    return {};
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

const isLost = (state: Instance["state"]): boolean => state === "shutting-down" || state === "terminated";

const incorrectState = (message: string): ServiceError => new ServiceError("IncorrectInstanceState", message);

/** Source: EC2 User Guide, "Amazon EC2 managed instances": only the service that manages one may change it. */
function changeable(account: Account, ids: readonly string[] = []): Instance[] {
  const found = ids.map((id) => findInstance(account, id));
  if (found.every(({ managedInstancesProvider }) => managedInstancesProvider === undefined)) return found;
  throw new ServiceError(
    "OperationNotPermitted",
    "You can't perform this operation on a managed instance. Managed instances are managed by the service provider ecs.amazonaws.com.",
  );
}

function changed(
  instances: readonly Instance[],
  change: (instance: Instance) => void,
): Ec2.InstanceStateChange[] {
  const before = instances.map(({ state }) => state);
  for (const instance of instances) change(instance);
  return instances.map(({ id, state }, index) => ({
    InstanceId: id,
    PreviousState: stateOf(before[index]!),
    CurrentState: stateOf(state),
  }));
}

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
