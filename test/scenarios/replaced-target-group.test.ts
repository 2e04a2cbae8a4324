import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type CompleteDeployment } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { service } from "./conference.js";
import { sweep } from "./sweep.js";
import { leastPrivilege } from "./least-privilege.js";

const talkIn = (on: LocalCloud, targetGroup: string) =>
  service("talk").behindAlb(new LoadBalancer("conferenceAlb"), { path: "/talk*", targetGroup }).on(on);

test("another target group takes over beside the old one: registered in both, traffic moved, the old one gone", async () => {
  await using cloud = await sharedAccount();
  await talkIn(cloud, "talk-one").deploy();
  const begun = cloud.calls.length;
  await talkIn(cloud, "talk-two").deploy();

  const groups = new Map([...cloud.account.elb.targetGroups.values()].map(({ arn, name }) => [arn, name]));
  const nameOf = (arn: string) => groups.get(arn) ?? arn.split("/")[1];
  const steps = cloud.calls.slice(begun).flatMap(({ operation, input, write, error }) => {
    if (!write || error !== undefined) return [];
    const { loadBalancers, Actions } = input as {
      loadBalancers?: { targetGroupArn: string }[];
      Actions?: {
        TargetGroupArn?: string;
        ForwardConfig?: { TargetGroups: { TargetGroupArn: string; Weight: number }[] };
      }[];
    };
    const [action] = Actions ?? [];
    const forwards = action?.ForwardConfig?.TargetGroups.map(
      (each) => `${nameOf(each.TargetGroupArn)}=${each.Weight}`,
    );
    const to = loadBalancers?.map(({ targetGroupArn }) => nameOf(targetGroupArn)) ?? forwards;
    return [
      `${operation} ${(to ?? [action?.TargetGroupArn && nameOf(action.TargetGroupArn)]).join(" ")}`.trim(),
    ];
  });
  expect(steps).toMatchInlineSnapshot(`
    [
      "createTargetGroup",
      "modifyTargetGroupAttributes",
      "modifyRule talk-one=1 talk-two=0",
      "updateService talk-two talk-one",
      "modifyRule talk-one=0 talk-two=1",
      "modifyRule talk-two",
      "updateService talk-two",
      "deleteTargetGroup",
    ]
  `);
  expect((await talkIn(cloud, "talk-two").plan()).isEmpty).toBe(true);
  expect((await talkIn(cloud, "talk-two").status()).isHealthy).toBe(true);
});

test("a change of target group that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: (on) => talkIn(on, "talk-one"),
    to: (on) => talkIn(on, "talk-two"),
    only: ({ write, service: of }) => write || of === "elb",
  });
  expect(positions).toMatchInlineSnapshot(`220`);
});

test("no request is lost while a service moves to another target group", async () => {
  const server = fileURLToPath(new URL("../../examples/conference-service/server.mjs", import.meta.url));
  await using cloud = localCloud({
    caller: leastPrivilege(),
    timeScale: 40,
    run: { talk: { command: ["node", server] } },
  });
  const talk = (targetGroup: string): CompleteDeployment =>
    new Deployment("talk")
      .image("talk:1")
      .port(8080)
      .container({ cpu: 128, memoryReservation: 128 })
      .cluster(new Cluster("web").ec2({ instanceType: "t3.small" }))
      .behindAlb(new LoadBalancer("alb"), {
        path: "/talk*",
        healthCheck: "/health",
        targetGroup,
        deregistrationDelay: "10s",
      })
      .on(cloud);
  const { url } = await talk("one").deploy();

  const answers = new Map<string, number>();
  let moving = true;
  const stream = async () => {
    while (moving) {
      const status = await fetch(url!).then(
        async (answer) => {
          await answer.text();
          return String(answer.status);
        },
        (error: unknown) => String(error),
      );
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
  };
  const streams = [stream(), stream(), stream()];
  await talk("two")
    .deploy()
    .finally(() => (moving = false));
  await Promise.all(streams);

  expect([...answers.keys()]).toEqual(["200"]);
  expect(answers.get("200")).toBeGreaterThan(100);
  expect([...cloud.account.elb.targetGroups.values()].map(({ name }) => name)).toEqual(["two"]);
});
