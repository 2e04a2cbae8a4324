import { Cluster, Deployment, Job, QuaysideError, type CompleteDeployment } from "../../src/index.js";
import { expect, running, type Env, type Step } from "../step.js";

export const WEB = "public.ecr.aws/docker/library/nginx:1.27-alpine";
export const TOOLS = "public.ecr.aws/docker/library/busybox:1.36";
/** A tag that no registry has. */
export const MISSING = "public.ecr.aws/docker/library/nginx:quayside-smoke-missing";

/** Everything is found again, and destroyed, by its names. */
export const named = ({ id }: Env, name: string): string => `smoke-${name}-${id}`;

export const web = (env: Env, name: string, image = WEB): CompleteDeployment =>
  new Deployment(named(env, name))
    .image(image)
    .container({ port: 80, cpu: 256, memory: 512 })
    .service({ desired: 2 })
    .cluster(new Cluster(named(env, name)).fargate())
    .tags({ smoke: env.id })
    .on(env.cloud);

const secretService = (env: Env) => web(env, "secret").secrets({ SECRET: env.secret });

const job = (env: Env, name: string) =>
  new Job(named(env, name))
    .image(TOOLS)
    .container({ cpu: 256, memory: 512, command: ["true"] })
    .cluster(new Cluster(named(env, name)).fargate())
    .tags({ smoke: env.id })
    .on(env.cloud);

const nightly = (env: Env) => job(env, "job").schedule("cron(0 3 * * ? *)", { timezone: "Europe/Paris" });

const spotService = (env: Env, spot: boolean) =>
  web(env, "spot").cluster(new Cluster(named(env, "spot")).fargate({ spot }));

const missingService = (env: Env) => web(env, "missing", MISSING);

export const fargate: Step = {
  name: "fargate",
  title:
    "A service on Fargate with a new role and a secret; plans right after it, after one and after five minutes",
  shows:
    "how long IAM needs for a new role (F2, B1, B6), what AWS fills in, when the tagging API follows (B2)",
  minutes: 11,
  dollars: 0.02,
  chains: (env) => [secretService(env)],
  async run(env) {
    const service = secretService(env);
    await service.deploy(running(env));
    for (const seconds of [0, 60, 240]) {
      await env.wait(seconds);
      const plan = await service.plan(running(env));
      expect(plan.isEmpty, `The plan ${seconds} s later is not empty:\n${plan.toString()}`);
    }
  },
};

export const jobTwice: Step = {
  name: "job",
  title: "A scheduled job, deployed twice",
  shows: "whether a job is ever deployed for nothing (B2), and which address its tasks ask for (B17)",
  minutes: 3,
  dollars: 0,
  chains: (env) => [nightly(env)],
  async run(env) {
    await nightly(env).deploy(running(env));
    const plan = await nightly(env).plan(running(env));
    expect(plan.isEmpty, `The second plan is not empty:\n${plan.toString()}`);
    await nightly(env).deploy(running(env));
  },
};

export const badTask: Step = {
  name: "tasks",
  title: "Three tasks of which the last line is read, then one that cannot start",
  shows: "log streams that do not exist yet (B5), the texts of tasks that cannot start (B10)",
  minutes: 5,
  dollars: 0.01,
  chains: (env) => [job(env, "tasks")],
  async run(env) {
    const { tasks } = await job(env, "tasks").run({ ...running(env), count: 3, command: ["echo", "hello"] });
    expect(
      tasks.every(({ exitCode }) => exitCode === 0),
      "A task did not exit with 0.",
    );
    const silent = tasks.filter(({ logs }) => logs.length === 0).length;
    if (silent > 0) env.note(`${silent} of 3 tasks have no log line.`);
    const bad = await failureOf(job(env, "tasks").run({ ...running(env), command: ["no-such-command"] }));
    env.note(`A command that does not exist: ${bad ?? "the task succeeded"}`);
    expect(bad !== undefined, "A task whose command does not exist did not fail.");
  },
};

export const spot: Step = {
  name: "spot",
  title: "A service on Fargate Spot moves to on-demand capacity",
  shows: "what an empty capacity provider strategy becomes (B9)",
  minutes: 6,
  dollars: 0.02,
  chains: (env) => [spotService(env, false)],
  async run(env) {
    await spotService(env, true).deploy(running(env));
    await spotService(env, false).deploy(running(env));
    const plan = await spotService(env, false).plan(running(env));
    expect(plan.isEmpty, `The plan after the move is not empty:\n${plan.toString()}`);
  },
};

export const missingImage: Step = {
  name: "missing-image",
  title: "A first deploy whose image does not exist",
  shows: "what a first deployment that is stopped becomes (B14)",
  minutes: 6,
  dollars: 0.01,
  chains: (env) => [missingService(env)],
  async run(env) {
    const failure = await failureOf(missingService(env).deploy(running(env)));
    expect(failure !== undefined, "The deploy of an image that does not exist succeeded.");
    env.note(failure!);
  },
};

const regional = (env: Env, cloud: Env["cloud"]) =>
  web(env, "regional").secrets({ SECRET: env.secret }).on(cloud);

export const secondRegion: Step = {
  name: "second-region",
  title: "The same service in two regions, destroyed in one",
  shows: "that the regions of an account share no role (F1)",
  minutes: 9,
  dollars: 0.04,
  chains: (env) => [regional(env, env.secondRegion), regional(env, env.cloud)],
  async run(env) {
    await regional(env, env.cloud).deploy(running(env));
    await regional(env, env.secondRegion).deploy(running(env));
    await regional(env, env.secondRegion).destroy(running(env));
    const plan = await regional(env, env.cloud).plan(running(env));
    expect(plan.isEmpty, `The first region's plan is not empty:\n${plan.toString()}`);
  },
};

/** `code: message` of the failure; `undefined` if there is none. */
export async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    const result = await work;
    const { tasks } = (result ?? {}) as {
      readonly tasks?: readonly { readonly exitCode?: number; readonly reason?: string }[];
    };
    const failed = Array.isArray(tasks) ? tasks.find(({ exitCode }) => exitCode !== 0) : undefined;
    return failed && `the task ended with ${failed.exitCode ?? "no exit code"}: ${failed.reason ?? ""}`;
  } catch (error) {
    if (!(error instanceof QuaysideError) || error.code === "aborted") throw error;
    return `${error.code}: ${error.message}`;
  }
}
