import type { RegisterScalableTargetCommandInput } from "@aws-sdk/client-application-auto-scaling";
import type { UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { createScalableTargets } from "../application-auto-scaling/scalable-targets.js";
import { permissionsOf } from "./role-permissions.js";

/**
 * `arn:aws:scheduler:::aws-sdk:service:operation`: the input is the request itself, with member names in Pascal
 * case.
 */
export async function callUniversal(
  account: Account,
  ecs: EcsApi,
  {
    arn,
    roleArn,
    input = "{}",
  }: { readonly arn: string; readonly roleArn: string; readonly input?: string | undefined },
): Promise<void> {
  const request = JSON.parse(input) as Record<string, unknown>;
  const allows = permissionsOf(account, roleArn);
  const assertAllowed = (action: string, resource: string): void => {
    if (!allows(action, resource))
      throw new Error(`not authorized to perform: ${action} on resource: ${resource}`);
  };
  const [, operation] = arn.split(":aws-sdk:");
  switch (operation) {
    case "ecs:updateService": {
      const { Cluster, Service, DesiredCount } = request;
      const resource = arnOf(account, "ecs", `service/${String(Cluster)}/${String(Service)}`);
      assertAllowed("ecs:UpdateService", resource);
      const update = { cluster: Cluster, service: Service, desiredCount: DesiredCount };
      await ecs.updateService(update as UpdateServiceCommandInput);
      return;
    }
    case "applicationautoscaling:registerScalableTarget": {
      const known = account.applicationAutoScaling.scalableTargets.get(String(request["ResourceId"]));
      assertAllowed("application-autoscaling:RegisterScalableTarget", known?.ScalableTargetARN ?? "*");
      // It checks the caller's permissions for the service that it scales, too.
      const scaled = arnOf(account, "ecs", String(request["ResourceId"]));
      for (const action of ["ecs:DescribeServices", "ecs:UpdateService"]) assertAllowed(action, scaled);
      await createScalableTargets(account).registerScalableTarget(
        request as unknown as RegisterScalableTargetCommandInput,
      );
      return;
    }
    default:
      throw new Error(`The local cloud does not support schedules that call ${operation}.`);
  }
}
