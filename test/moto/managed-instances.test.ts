import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, type QuaysideError } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import { inventory } from "./inventory.js";
import { type Account, type HttpCloud, isWrite } from "./http-cloud.js";
import type { RawClients } from "./raw-clients.js";
import { underItsPolicy } from "./under-its-policy.js";

const talk = (account: Account) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("talks").managedInstances({ instanceTypes: ["m5.large"] }))
    .on(underItsPolicy(account));

describeOverHttp("a service on Managed Instances over HTTP", (clouds) => {
  let cloud: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let before: Record<string, string[]>;
  let error: QuaysideError | undefined;

  beforeAll(async () => {
    cloud = await clouds.start();
    ({ account, raw, before } = await sharedAccount(cloud));
    await talk(account)
      .deploy()
      .catch((reason: unknown) => {
        error = reason as QuaysideError;
      });
  });
  afterAll(() => cloud?.stop());

  test.runIf(clouds.isLocal)("is deployed, and a second deploy writes nothing", async () => {
    expect(error).toBeUndefined();
    const operations = await cloud.operationsDuring(() => talk(account).deploy());
    expect(operations.filter(isWrite)).toEqual([]);
  });

  // moto 5.2 knows no capacity providers but those of Auto Scaling groups.
  test.skipIf(clouds.isLocal)("comes as far as its capacity provider, and the error says so", () => {
    expect(error?.message).toContain("CreateCapacityProvider");
  });

  test("has the roles that ECS needs for its instances", async () => {
    const { Roles = [] } = await raw.iam.listRoles({ PathPrefix: "/quayside/eu-west-1/cluster/talks/" });
    const attached = await Promise.all(
      Roles.map(async ({ RoleName }) => {
        const { AttachedPolicies = [] } = await raw.iam.listAttachedRolePolicies({ RoleName: RoleName! });
        return AttachedPolicies.map(({ PolicyName }) => PolicyName);
      }),
    );
    expect(attached.flat().sort()).toEqual([
      "AmazonECSInfrastructureRolePolicyForManagedInstances",
      "AmazonECSInstanceRolePolicyForManagedInstances",
    ]);
  });

  test("leaves nothing behind when it is destroyed", async () => {
    await talk(account).destroy();
    expect(await inventory(raw)).toEqual(before);
  });
});
