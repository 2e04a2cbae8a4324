import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import type { FieldChange } from "../engine/kind.js";
import type { EcsBlueGreenSpec } from "../spec/ecs-blue-green.js";
import type { ServiceDesired } from "./service-desired.js";

type Described = Partial<ServiceDesired["deploymentConfiguration"]>;

/** The fields of a deployment configuration with which ECS makes blue/green deployments by itself. */
export const blueGreenConfiguration = ({ strategy, percent, bake, alarms }: EcsBlueGreenSpec): Described => ({
  strategy,
  bakeTimeInMinutes: bake,
  ...(strategy === "CANARY" && {
    canaryConfiguration: { canaryPercent: percent ?? 10, canaryBakeTimeInMinutes: bake },
  }),
  ...(strategy === "LINEAR" && {
    linearConfiguration: { stepPercent: percent ?? 10, stepBakeTimeInMinutes: bake },
  }),
  ...(alarms.length > 0 && { alarms: { alarmNames: [...alarms], enable: true, rollback: true } }),
});

/** The configuration of a service that has rolling updates for a while. */
export const rollingConfiguration = ({
  minimumHealthyPercent,
  maximumPercent,
  deploymentCircuitBreaker,
}: ServiceDesired["deploymentConfiguration"]): ServiceDesired["deploymentConfiguration"] => ({
  minimumHealthyPercent,
  maximumPercent,
  deploymentCircuitBreaker,
});

/** The same fields as ECS reports them; none for rolling updates. */
export function reportedBlueGreen(reported: DeploymentConfiguration): object {
  const { strategy = "ROLLING", bakeTimeInMinutes = 0, canaryConfiguration, linearConfiguration } = reported;
  if (strategy === "ROLLING") return {};
  const { alarmNames = [], enable, rollback } = reported.alarms ?? {};
  return {
    strategy,
    bakeTimeInMinutes,
    ...(canaryConfiguration !== undefined && { canaryConfiguration }),
    ...(linearConfiguration !== undefined && { linearConfiguration }),
    ...(enable === true && { alarms: { alarmNames, enable, rollback } }),
  };
}

/** The alarms of a service that has none any more: all three fields have to be sent (aws/copilot-cli#4565). */
export const NO_ALARMS = { alarmNames: [], enable: false, rollback: false };

/** True if the service may have had alarms that it has no more. */
export const leavesAlarms = ({ path }: Pick<FieldChange, "path">): boolean =>
  /^deploymentConfiguration(?:$|\.alarms|\.strategy)/.test(path);
