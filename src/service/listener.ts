import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { isCode } from "../aws/error-code.js";
import { unlessGone } from "../aws/gone.js";
import { OWNER_TAG, toTagList } from "../aws/tags.js";
import { isUnknown, UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { changedTags } from "./changed-tags.js";
import { listenersOf } from "./elb-pages.js";
import { elbTags } from "./elb-tags.js";
import { listenerName } from "./listener-name.js";
import { listenerUsers } from "./listener-users.js";
import { ownedArns } from "./owned-arns.js";
import { touches } from "../engine/touches.js";

export interface ListenerDesired extends Tagged {
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: "HTTP";
}

export interface ListenerState {
  readonly arn: string;
}

/** Its default action (404 when no rule fits) is set once; a default action of somebody else's is left alone. */
export const listenerKind: Kind<ListenerDesired, ListenerState, AwsContext> = {
  kind: "listener",
  unknown: { arn: UNKNOWN },

  async read({ loadBalancerArn, port }, context) {
    if (isUnknown(loadBalancerArn)) return undefined;
    const found = (await listenersOf(loadBalancerArn, context)).find((listener) => listener.Port === port);
    if (found?.ListenerArn === undefined) return undefined;
    return {
      state: { arn: found.ListenerArn },
      current: { loadBalancerArn, port, protocol: found.Protocol },
      tags: (await elbTags([found.ListenerArn], context)).get(found.ListenerArn) ?? {},
    };
  },

  async create({ loadBalancerArn, port, protocol, tags }, context) {
    const { Listeners } = await context.aws.elb.createListener({
      LoadBalancerArn: loadBalancerArn,
      Port: port,
      Protocol: protocol,
      DefaultActions: [
        {
          Type: "fixed-response",
          FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "Not found" },
        },
      ],
      ...(Object.keys(tags).length > 0 && { Tags: toTagList(tags) }),
    });
    return { arn: Listeners?.[0]?.ListenerArn ?? "" };
  },

  async update(desired, { state }, changes, context) {
    const { elb } = context.aws;
    const tags = changedTags(desired, changes);
    if (touches(changes, "protocol")) {
      await elb.modifyListener({ ListenerArn: state.arn, Protocol: desired.protocol });
    }
    if (tags !== undefined) await elb.addTags({ ResourceArns: [state.arn], Tags: toTagList(tags) });
    return state;
  },

  async delete({ arn }, context) {
    await unlessGone(context.aws.elb.deleteListener({ ListenerArn: arn }));
  },

  immutable: ["loadBalancerArn", "port"],
  dependsOn: ["load-balancer"],
  alreadyExists: (error) => isCode(error, "DuplicateListener"),

  async findOwned(owner, context) {
    const owned = await ownedArns(context, owner, "elasticloadbalancing", "listener/app/");
    const found = await Promise.all(
      owned.map(async ({ arn, tags, rest }) => {
        const answer = await unlessGone(context.aws.elb.describeListeners({ ListenerArns: [arn] }));
        return (answer?.Listeners ?? []).map((listener) => foundAs(listener, rest.split("/")[0] ?? "", tags));
      }),
    );
    return owned.length > 0 ? found.flat() : onOwnedLoadBalancers(owner, context);
  },

  usedBy: ({ name, state: { arn } }, leaving, context) => listenerUsers({ arn, name }, leaving, context),
};

/** For endpoints whose tagging API knows no listeners. */
async function onOwnedLoadBalancers(owner: string, context: AwsContext): Promise<Found<ListenerState>[]> {
  const balancers = await ownedArns(context, owner, "elasticloadbalancing", "loadbalancer/app/");
  const found = await Promise.all(
    balancers.map(async ({ arn, rest }) => {
      const listeners = await listenersOf(arn, context);
      const tags = await elbTags(
        listeners.flatMap(({ ListenerArn }) => ListenerArn ?? []),
        context,
      );
      return listeners
        .map((listener) =>
          foundAs(listener, rest.split("/")[0] ?? "", tags.get(listener.ListenerArn ?? "") ?? {}),
        )
        .filter((listener) => listener.tags[OWNER_TAG] === owner);
    }),
  );
  return found.flat();
}

const foundAs = (
  { ListenerArn = "", Port = 0 }: Listener,
  loadBalancer: string,
  tags: Found<ListenerState>["tags"],
): Found<ListenerState> => ({ name: listenerName(loadBalancer, Port), state: { arn: ListenerArn }, tags });
