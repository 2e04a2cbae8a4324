import { loadOperations } from "./load-operations.js";

/** The operations of load balancers of both types. */
export async function loadBalancerOperations() {
  const operations = await loadOperations();
  return {
    plan: operations.planLoadBalancer,
    deploy: operations.deployLoadBalancer,
    status: operations.loadBalancerStatus,
    destroy: operations.destroyLoadBalancer,
  };
}
