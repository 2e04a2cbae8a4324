import type { Account } from "../../../core/account.js";
import { canConnect, type Peer } from "../../ec2/admits.js";
import type { ConnectAlias, Rollout, TaskRecord } from "../state.js";
import { serviceOf } from "../services/service-of.js";
import { peerOf, portAt, taskId } from "./task-address.js";

type State = Pick<Account, "ec2" | "ecs" | "random" | "serviceDiscovery">;

/** A task that a name leads to, and the port of its container. */
export interface ConnectTarget {
  readonly task: TaskRecord;
  readonly port: number;
  readonly requestTimeout: number;
  /** False if no security group lets the connection through. */
  readonly isReachable: boolean;
}

/**
 * The tasks that a name leads to now, in the order in which the proxy tries them.
 *
 * @param client - the deployment whose tasks ask
 * @param turn - how many requests the proxy has sent before
 * @param isTest - true for a request with the header of test traffic
 */
export function connectTargets(
  account: State,
  client: Rollout,
  { serviceId }: ConnectAlias,
  turn: number,
  isTest = false,
): readonly ConnectTarget[] {
  const registered =
    account.serviceDiscovery.services.get(serviceId)?.instances ?? new Map<string, unknown>();
  const all = runningTasks(account).filter((task) => registered.has(taskId(task)));
  const serving = drawnTasks(account, all, isTest);
  const from = peersOf(account, client)[0];
  const targets = serving.flatMap((task): ConnectTarget[] => {
    const endpoint = task.rollout?.connect?.endpoints.find((each) => each.serviceId === serviceId);
    if (endpoint === undefined) return [];
    const to = peerOf(account, task);
    const port = endpoint.containerPort;
    const isReachable =
      from === undefined || to === undefined || canConnect(account, from, to, portAt(task, endpoint));
    return [{ task, port, isReachable, requestTimeout: endpoint.requestTimeout }];
  });
  const first = turn % Math.max(1, targets.length);
  return [...targets.slice(first), ...targets.slice(0, first)];
}

/** During a blue/green deployment, a share of the requests goes to the new revision, and the rest to the others. */
function drawnTasks(account: State, tasks: readonly TaskRecord[], isTest: boolean): readonly TaskRecord[] {
  const eligible = tasks.filter(({ rollout }) => rollout?.shift?.stage !== "taken-back");
  const service = eligible[0] && serviceOf(account, eligible[0]);
  const shifting = service?.rollouts[0];
  if (shifting?.shift === undefined || shifting.shift.stage === "done") return eligible;
  const isNew = isTest || account.random() * 100 < shifting.shift.percent;
  const drawn = eligible.filter(({ rollout }) => (rollout === shifting) === isNew);
  return drawn.length > 0 ? drawn : eligible;
}

const runningTasks = ({ ecs }: Pick<Account, "ecs">): readonly TaskRecord[] =>
  [...ecs.clusters.values()]
    .flatMap(({ tasks }) => [...tasks.values()])
    .filter(({ description }) => description.lastStatus === "RUNNING");

const peersOf = (account: State, rollout: Rollout): readonly Peer[] =>
  runningTasks(account)
    .filter((task) => task.rollout === rollout)
    .flatMap((task) => peerOf(account, task) ?? []);
