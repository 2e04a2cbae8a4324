import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { toTagList } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import type { FieldChange, Tagged } from "../engine/kind.js";
import { addCertificates, listenerEndpoint, type CertificatesDesired } from "./listener-certificates.js";
import type { ListenerState } from "./owned-listeners.js";

interface AnyListener extends Tagged, CertificatesDesired {
  readonly protocol: "HTTP" | "HTTPS" | "TCP" | "TLS" | "UDP";
}

/** @param action - its default action */
export async function createListener(
  { tags, ...desired }: AnyListener,
  action: Action,
  context: AwsContext,
): Promise<ListenerState> {
  const { Listeners } = await context.aws.elb.createListener({
    LoadBalancerArn: desired.loadBalancerArn,
    Port: desired.port,
    ...listenerEndpoint(desired),
    DefaultActions: [action],
    ...(Object.keys(tags).length > 0 && { Tags: toTagList(tags) }),
  });
  const arn = Listeners?.[0]?.ListenerArn ?? "";
  await addCertificates(arn, desired.additionalCertificates ?? [], context);
  return { arn };
}

/** @param action - its default action if that changes */
export async function updateListener(
  desired: AnyListener,
  state: ListenerState,
  { changes, action }: { readonly changes: readonly FieldChange[]; readonly action: Action | undefined },
  context: AwsContext,
): Promise<ListenerState> {
  const { elb } = context.aws;
  const tags = changedTags(desired, changes);
  const moved = hasChanges(changes, "protocol", "certificateArn");
  if (moved || action !== undefined)
    await elb.modifyListener({
      ListenerArn: state.arn,
      ...(moved && listenerEndpoint(desired)),
      ...(action && { DefaultActions: [action] }),
    });
  if (hasChanges(changes, "additionalCertificates"))
    await addCertificates(state.arn, desired.additionalCertificates ?? [], context);
  if (tags !== undefined) await elb.addTags({ ResourceArns: [state.arn], Tags: toTagList(tags) });
  return state;
}

export async function deleteListener({ arn }: ListenerState, context: AwsContext): Promise<void> {
  await ignoreNotFound(context.aws.elb.deleteListener({ ListenerArn: arn }));
}
