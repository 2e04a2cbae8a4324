import type { CapacityProvider } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, messageIncludes } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { poll } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";

/** A capacity provider, and its cluster if it belongs to one (Managed Instances). */
interface CapacityProviderName {
  readonly name: string;
  readonly cluster?: string;
}

const TWENTY_MINUTES = 20 * 60_000;
/** How long a capacity provider that leaves its cluster may still be associated with it. */
const IN_USE_TIMEOUT = 10 * 60_000;

/** The capacity provider; a deleted one is described as INACTIVE for a while and counts as not existing. */
export async function describeCapacityProvider(
  { name, cluster }: CapacityProviderName,
  { aws }: AwsContext,
): Promise<CapacityProvider | undefined> {
  const answer = await ignoreNotFound(
    aws.ecs.describeCapacityProviders({
      ...(cluster !== undefined && { cluster }),
      capacityProviders: [name],
      include: ["TAGS"],
    }),
  );
  return answer?.capacityProviders?.find((found) => found.status !== "INACTIVE");
}

/** True if services can use it. */
export const isUsable = (provider: CapacityProvider | undefined): boolean =>
  provider?.status === "ACTIVE" && provider.updateStatus?.endsWith("_IN_PROGRESS") !== true;

/** True if a failed create says that a capacity provider of the name exists. */
export const capacityProviderExists = (error: unknown): boolean =>
  hasErrorCode(error, "ClientException") && messageIncludes(error, "already exists");

/** Waits until a capacity provider can be used. */
export async function waitUntilActive(provider: CapacityProviderName, context: AwsContext): Promise<void> {
  const { name } = provider;
  await poll(
    { every: 5_000, timeout: TWENTY_MINUTES, context, what: `capacity provider ${name} to become ACTIVE` },
    async () => {
      const found = await describeCapacityProvider(provider, context);
      // One that could not be deleted is as usable as before.
      const { updateStatus } = found ?? {};
      if (found !== undefined && updateStatus?.endsWith("_FAILED") && updateStatus !== "DELETE_FAILED")
        throw failed(found);
      return isUsable(found) ? true : undefined;
    },
  );
}

/**
 * Deletes a capacity provider. While it is in use, the answer is no error: its update status is DELETE_FAILED, and it
 * stays ACTIVE. It is then deleted again.
 */
export async function deleteCapacityProvider(
  provider: CapacityProviderName,
  context: AwsContext,
  timeout = TWENTY_MINUTES,
): Promise<void> {
  const { name, cluster } = provider;
  const giveUpAt = context.clock.now() + IN_USE_TIMEOUT;
  let asked: CapacityProvider | undefined;
  const wait = {
    every: 5_000,
    timeout,
    context,
    what: `capacity provider ${name} to be deleted`,
    why: () => asked?.updateStatusReason,
  };
  await poll(wait, async () => {
    if (asked !== undefined) {
      const found = await describeCapacityProvider(provider, context);
      if (found === undefined) return true;
      if (found.updateStatus !== "DELETE_FAILED") return undefined;
      // The reason may be only in the answer of the deletion.
      const refused = { ...found, updateStatusReason: found.updateStatusReason ?? asked.updateStatusReason };
      if (!isInUse(refused) || context.clock.now() >= giveUpAt) throw failed(refused);
    }
    const answer = await ignoreNotFound(
      context.aws.ecs.deleteCapacityProvider({
        capacityProvider: name,
        ...(cluster !== undefined && { cluster }),
      }),
    );
    asked = answer?.capacityProvider ?? {};
    return answer === undefined || asked.status === "INACTIVE" ? true : undefined;
  });
}

const isInUse = ({ updateStatusReason = "" }: CapacityProvider): boolean =>
  /associated|in use/i.test(updateStatusReason);

const failed = ({ name, updateStatus, updateStatusReason }: CapacityProvider): QuaysideError =>
  new QuaysideError(
    "capacity-provider-failed",
    `Capacity provider ${name} cannot be used: ${updateStatus}${updateStatusReason ? `, ${updateStatusReason}` : ""}`,
    {
      facts: { updateStatus, updateStatusReason },
      fix: "Fix the reason that ECS reports, then run again. Completed steps are kept.",
    },
  );
