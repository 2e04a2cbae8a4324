/*
 * All that the methods of chains do, loaded together by the first of them: a program that only describes, or checks a
 * description, loads none of it.
 */
export {
  clusterStatus,
  deployCluster,
  destroyCluster,
  planCluster,
  refreshCluster,
} from "./cluster-operations.js";
export { deploy } from "./deploy.js";
export { destroy } from "./destroy.js";
export { exec } from "./exec.js";
export { deployFleet, deploySettled, destroyFleet, fleetStatus, planFleet } from "./fleet-operations.js";
export { history } from "./history.js";
export { deployJob, destroyJob, jobStatus, planJob } from "./job-operations.js";
export {
  deployLoadBalancer,
  destroyLoadBalancer,
  loadBalancerStatus,
  planLoadBalancer,
} from "./load-balancer-operations.js";
export { listDeployments } from "./named/list-deployments.js";
export { deployNetwork, destroyNetwork, networkStatus, planNetwork } from "./network-operations.js";
export { plan } from "./plan.js";
export { release } from "./release/release.js";
export { rollback } from "./rollback.js";
export { runTasks } from "./run-tasks.js";
export { status } from "./status.js";
export { tail } from "./tail.js";
export { withContext } from "./with-context.js";
