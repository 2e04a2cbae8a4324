import { describe, expectTypeOf, test } from "vitest";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  type CompleteDeployment,
  type Deployed,
  type DeploymentSpec,
  type Destroyed,
  type Overrides,
  type Plan,
  type ServiceStatus,
} from "../../src/index.js";
import type { OVERRIDABLE } from "../../src/spec/overridable.js";

const complete = new Deployment("talk").image("talk:1").cluster("conference");

test("the state of a chain can be written out, and as older declarations have it", () => {
  const plain: Deployment<object> = new Deployment("talk");
  const withImage: Deployment<{ readonly image: true }> = plain.image("talk:1");
  const older: Deployment<object & { readonly image: true } & { readonly cluster: true }> = complete;
  const newer: CompleteDeployment = older;
  let reassigned: Deployment = plain;
  reassigned = withImage;
  expectTypeOf(newer.toJSON()).toEqualTypeOf<DeploymentSpec>();
  expectTypeOf(reassigned).toEqualTypeOf<Deployment>();
});

describe("a chain with an image and a cluster has operations", () => {
  test("in either order, and with anything in between", () => {
    expectTypeOf(complete.plan).returns.resolves.toEqualTypeOf<Plan>();
    expectTypeOf(complete.deploy).returns.resolves.toEqualTypeOf<Deployed>();
    expectTypeOf(complete.status).returns.resolves.toEqualTypeOf<ServiceStatus>();
    expectTypeOf(complete.destroy).returns.resolves.toEqualTypeOf<Destroyed>();
    const other = new Deployment().cluster(new Cluster("c")).port(80).behindAlb().env({ A: 1 }).image("talk");
    expectTypeOf(other.toJSON()).toEqualTypeOf<DeploymentSpec>();
  });

  test("after it was reassigned on a condition", () => {
    let talk = complete;
    if (Math.random() > 1) talk = talk.image("talk:2").cluster("other").tags({ team: "talk" });
    expectTypeOf(talk.toJSON()).toEqualTypeOf<DeploymentSpec>();
  });

  test("as the argument of a function that requires a complete one", () => {
    const act = (deployment: CompleteDeployment) => deployment.image("talk:2").toJSON();
    expectTypeOf(act(complete)).toEqualTypeOf<DeploymentSpec>();
    // @ts-expect-error the cluster is missing
    void (() => act(new Deployment("talk").image("talk:1")));
  });
});

test("a chain without an image or a cluster has no operations", () => {
  void (() => {
    // @ts-expect-error call .image(...) first
    void new Deployment("talk").plan();
    // @ts-expect-error call .image(...) first
    void new Deployment("talk").cluster("c").deploy();
    // @ts-expect-error call .cluster(...) first
    void new Deployment("talk").image("talk").status();
    // @ts-expect-error call .cluster(...) first
    void new Deployment("talk").image("talk").port(80).destroy();
    // @ts-expect-error call .image(...) first
    new Deployment("talk").toJSON();
  });
});

test("a chain's state cannot be claimed by an annotation", () => {
  // @ts-expect-error the image and the cluster are missing
  const claimed: CompleteDeployment = new Deployment("talk");
  void claimed;
});

test("any deployment is a Deployment", () => {
  const nameless = (deployment: Deployment) => deployment.tags({ team: "talk" });
  nameless(new Deployment("talk"));
  nameless(complete);
});

test("clusters, load balancers and names are not interchangeable", () => {
  complete.cluster("name").cluster(new Cluster("c"));
  complete
    .behindAlb("name")
    .behindAlb(new LoadBalancer("alb"), { path: "/talk*" })
    .behindAlb({ path: ["/a"] });
  void (() => {
    // @ts-expect-error a load balancer is not a cluster
    complete.cluster(new LoadBalancer("alb"));
    // @ts-expect-error a cluster is not a load balancer
    complete.behindAlb(new Cluster("c"));
    // @ts-expect-error a block is required
    new LoadBalancer("alb").allow();
  });
});

test("unsupported options do not compile", () => {
  void (() => {
    // @ts-expect-error a platform that ECS does not have
    complete.image("./talk", { platform: "windows/amd64" });
    // @ts-expect-error a typo
    complete.container({ memoryReservtion: 128 });
    // @ts-expect-error durations are strings
    complete.service({ healthCheckGrace: 60 });
  });
});

test("an undefined option is one that was not set", () => {
  const port = process.env["NO_SUCH_PORT"] === undefined ? undefined : 80;
  complete
    .container({ port, cpu: undefined })
    .behindAlb(undefined, { path: undefined })
    .logs(undefined, { retention: undefined });
});

test("an override is typed by its request", () => {
  complete.override({
    createService: (input) => {
      expectTypeOf(input.serviceName).toEqualTypeOf<string | undefined>();
      return { ...input, enableExecuteCommand: true };
    },
  });
  // @ts-expect-error reading is not overridden
  complete.override({ describeServices: (input: object) => input });
});

test("what can be overridden at run time is what the types offer", () => {
  expectTypeOf<(typeof OVERRIDABLE)[number]>().toEqualTypeOf<keyof Overrides>();
});
