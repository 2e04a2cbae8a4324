import { Cluster, Deployment, LoadBalancer, type CompleteDeployment } from "../../src/index.js";
import type { Account } from "./http-cloud.js";
import { underItsPolicy } from "./under-its-policy.js";

/** A service of the conference: on one cluster, behind one load balancer, at its own path. For each process the same. */
export function conferenceService(account: Account, name: string): CompleteDeployment {
  return new Deployment(`${name}-service`)
    .image(`340754841610.dkr.ecr.eu-west-1.amazonaws.com/${name}-service:1`)
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ desired: 2 })
    .cluster(
      new Cluster("conference-cluster").ec2({
        instanceType: "t3.micro",
        securityGroup: "conferenceEcsSecurityGroup",
        instanceRole: "ecsInstanceRole",
      }),
    )
    .behindAlb(new LoadBalancer("conferenceAlb").securityGroup("conferenceAlbSecurityGroup"), {
      path: `/${name}*`,
      healthCheck: "/health",
    })
    .on(underItsPolicy(account, { shorter: 20 }));
}
