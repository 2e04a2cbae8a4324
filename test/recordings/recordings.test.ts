import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from "@aws-sdk/client-ecs";
import type { AwsApi } from "../../src/aws/api.js";
import type { Cloud } from "../../src/aws/cloud.js";
import { aws, Cluster, Job, QuaysideError, type CompleteDeployment, type Plan } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { currentTaskDefinition } from "../../src/service/task-definition/current-task-definition.js";
import { sharedAccount } from "../scenarios/account.js";
import { talkInColors } from "../scenarios/colors.js";
import { conferenceCluster, talkOnFargate, talkService } from "../scenarios/tutorial.js";
import { eachObject, membersAt, recordings } from "./recordings.js";

interface Chain {
  plan(): Promise<Plan>;
  deploy(): Promise<unknown>;
  status(): Promise<unknown>;
}

const scaled = (cloud: Cloud): CompleteDeployment =>
  talkService(cloud)
    .cluster(
      conferenceCluster.autoscale({ min: 2, max: 4, steps: [{ when: "cpu >= 80", for: "60s", add: 1 }] }),
    )
    .autoscale({ min: 2, max: 6, cpu: 50, schedule: [{ at: "cron(0 8 * * ? *)", min: 3 }] });

const job = (cloud: Cloud): Chain =>
  new Job("nightly-report")
    .image("registry.example.com/report:1")
    .cluster(new Cluster("conference-cluster").fargate())
    .schedule("cron(0 3 * * ? *)")
    .on(cloud);

const CHAINS: readonly (readonly [string, (cloud: Cloud) => Chain])[] = [
  ["a scaled service on EC2", scaled],
  ["a service on Fargate", talkOnFargate],
  ["a blue/green service", talkInColors],
  ["a job", job],
];

const isRead = (operation: string): boolean => /^(describe|list|get)/.test(operation);
const all = recordings();
const reads = all.filter(({ operation }) => isRead(operation));

type Answer = (service: string, operation: string, answer: object, input: unknown) => object;
type Call = (input: unknown) => Promise<object>;

/** The cloud, with other answers. */
function answering(cloud: LocalCloud, answer: Answer): Cloud {
  const ports = Object.fromEntries(
    Object.entries(cloud.ports).map(([service, api]) => [
      service,
      new Proxy(api as object, {
        get(target, operation) {
          const call = Reflect.get(target, operation) as unknown;
          if (typeof call !== "function" || typeof operation !== "string") return call;
          return async (...args: readonly unknown[]) =>
            answer(service, operation, (await Reflect.apply(call, target, args)) as object, args[0]);
        },
      }),
    ]),
  );
  return { ...cloud, ports: ports as unknown as AwsApi };
}

describe.each(CHAINS)("with %s", (_, chainOn) => {
  let cloud: LocalCloud;
  /** Every answer that the chain has had, by operation. */
  const answers = new Map<string, object[]>();
  /** The last input of each operation. */
  const inputs = new Map<string, unknown>();

  beforeAll(async () => {
    cloud = await sharedAccount();
    const noted: Answer = (service, operation, answer, input) => {
      inputs.set(`${service}.${operation}`, input);
      answers.set(`${service}.${operation}`, [
        ...(answers.get(`${service}.${operation}`) ?? []),
        structuredClone(answer),
      ]);
      return answer;
    };
    const chain = chainOn(answering(cloud, noted));
    await chain.deploy();
    await chain.plan();
    await chain.status();
  });
  afterAll(() => cloud.close());

  test("no answer of AWS is misread", async () => {
    for (const { service, operation, answer, file } of reads) {
      if (!answers.has(`${service}.${operation}`)) continue;
      const chain = chainOn(
        answering(cloud, (of, name, own) =>
          of === service && name === operation ? structuredClone(answer) : own,
        ),
      );
      for (const work of [() => chain.plan(), () => chain.status()]) {
        const error = await work().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) expect(error, `${file}: ${String(error)}`).toBeInstanceOf(QuaysideError);
      }
    }
  });

  test("what AWS fills in is no difference", async () => {
    const filled: Answer = (service, operation, own) => {
      const recorded = reads.filter((each) => each.service === service && each.operation === operation);
      const answer = structuredClone(own);
      const neutral = new Map<string, Map<string, unknown>>();
      for (const { answer: theirs } of recorded)
        eachObject(theirs, (path, object) => {
          const known = neutral.get(path) ?? new Map<string, unknown>();
          neutral.set(path, known);
          for (const [key, value] of Object.entries(object)) if (isNeutral(value)) known.set(key, value);
        });
      eachObject(answer, (path, object) => {
        for (const [key, value] of neutral.get(path) ?? []) if (!(key in object)) object[key] = value;
      });
      return answer;
    };
    const { changes } = await chainOn(answering(cloud, filled)).plan();
    expect(changes.filter(({ action }) => action !== "none")).toEqual([]);
  });

  test("the local cloud's answers have every member that AWS's always have", () => {
    const missing: string[] = [];
    for (const [name, own] of answers) {
      const recorded = all.filter((each) => `${each.service}.${each.operation}` === name);
      // One answer does not tell what AWS always returns.
      if (recorded.length < 2) continue;
      const has = membersAt(own, "ever");
      for (const [path, members] of membersAt(
        recorded.map(({ answer }) => answer),
        "always",
      ))
        for (const member of members)
          if (has.has(path) && !has.get(path)!.has(member) && !isChosen(`${path}.${member}`))
            missing.push(`${name} ${path}.${member}`);
    }
    expect(missing.sort()).toEqual([]);
  });

  test("an answer over HTTP has the members that it has in the process", async () => {
    const { url } = await cloud.listen({ port: 0 });
    const credentials = { accessKeyId: "123456789012", secretAccessKey: "local" };
    const far = aws({ endpoint: url, region: "eu-west-1", credentials });
    const answerOf = async ({ ports }: Cloud, name: string): Promise<object> => {
      const [service = "", operation = ""] = name.split(".");
      const api = ports[service as keyof AwsApi] as unknown as Record<string, Call>;
      return { ...(await api[operation]!(inputs.get(name))), $metadata: undefined };
    };
    const names = [...inputs.keys()].filter((name) => isRead(name.split(".")[1]!));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const [near, there] = [await answerOf(cloud, name), await answerOf(far, name)];
      expect.soft(membersAt([there], "ever"), name).toEqual(membersAt([near], "ever"));
    }
  });
});

/** Members that the accounts' users have chosen in all of the answers. */
const CHOSEN: ReadonlySet<string> = new Set([
  "taskDefinition.cpu",
  "taskDefinition.executionRoleArn",
  "taskDefinition.memory",
  "taskDefinition.requiresCompatibilities",
]);
const isChosen = (member: string): boolean => CHOSEN.has(member);

/** AWS's defaults: nothing, off, zero. */
const isNeutral = (value: unknown): boolean =>
  value === false ||
  value === 0 ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" &&
    value !== null &&
    !(value instanceof Date) &&
    !Array.isArray(value) &&
    Object.keys(value).length === 0);

test.each(
  all
    .filter(({ operation }) => /TaskDefinition$/.test(operation))
    .map(
      ({ file, answer }) => [file, (answer as { taskDefinition: TaskDefinition }).taskDefinition] as const,
    ),
)("the task definition of %s is what was registered", (_, registered) => {
  // What its user sent: without AWS's own members, and without what AWS has filled in.
  const own = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
  ];
  const input = sent(
    Object.fromEntries(Object.entries(registered).filter(([key]) => !own.includes(key))),
  ) as RegisterTaskDefinitionCommandInput;
  expect(currentTaskDefinition(input, input, registered)).toBe(input);
});

function sent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sent);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => member === "" || !isNeutral(member) || key === "essential")
      .map(([key, member]) => [key, sent(member)]),
  );
}
