import { specByName } from "../spec/spec-by-name.js";
import type { PermissionScope } from "./scope.js";

/** IAM's wildcard: the name of a cluster or a load balancer that only AWS knows. */
const ANY = "*";

/**
 * The scope of a deployment that is known by its name only: in any cluster, behind any load balancer, with all that
 * its operations may meet, except alarms that exist. Its policy is narrowed by the deployment's name and by the tags of its owners.
 */
export function scopeByName(name: string): PermissionScope {
  const spec = specByName(name, { cluster: "any", capacity: "ec2", image: undefined, loadBalancer: "any" });
  const { cluster, route, logs } = spec;
  return {
    deployments: [
      {
        ...spec,
        cluster: { ...cluster, name: ANY },
        route: route && { ...route, loadBalancer: { ...route.loadBalancer, name: ANY } },
        logs: { ...logs, group: ANY },
        connect: { namespace: ANY, endpoints: [], logs: false, accessLogs: undefined },
        serviceDiscovery: {
          namespace: ANY,
          as: ANY,
          container: ANY,
          port: 80,
          records: "A",
          ttl: 0,
          allow: undefined,
        },
        scaling: { min: 1, max: 1, targets: [], policies: [], schedule: [] },
        blueGreen: { shift: [100], every: 0, verifyTimeout: 0, alarms: [], keepOld: 0, preview: undefined },
      },
    ],
    jobs: [],
    clusters: [],
    loadBalancers: [],
    networks: [{ name: ANY, zones: 2, nat: "none", cidr: "10.0.0.0/16", endpoints: [], tags: {} }],
    isByName: true,
  };
}
