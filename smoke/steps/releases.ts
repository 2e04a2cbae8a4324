import { LoadBalancer, type BlueGreenOptions } from "../../src/index.js";
import { expect, running, type Env, type Step } from "../step.js";
import { named, web } from "./services.js";

const balancer = (env: Env, name: string) => new LoadBalancer(named(env, name)).http(80);

const sticky = (env: Env, version: number, options: BlueGreenOptions = {}) =>
  web(env, "sticky")
    .env({ VERSION: String(version) })
    .behindAlb(balancer(env, "sticky"), {
      path: "/*",
      healthCheck: "/",
      stickiness: "1m",
      deregistrationDelay: "5s",
    })
    .blueGreen({ shift: [10, 100], every: "10s", ...options });

export const stickyRelease: Step = {
  name: "sticky-release",
  title: "Blue/green with sticky sessions: first deploy, release, rollback",
  shows:
    "what ELB demands of rules and target groups with stickiness (B3), when a load balancer's name resolves (B16)",
  minutes: 12,
  dollars: 0.06,
  chains: (env) => [sticky(env, 1)],
  async run(env) {
    const verify = answering(env);
    await sticky(env, 1, { verify }).deploy(running(env));
    await sticky(env, 2, { verify }).deploy(running(env));
    const release = await sticky(env, 2).release(running(env));
    await release.rollback(running(env));
  },
};

const secure = (env: Env, options: BlueGreenOptions = {}) =>
  web(env, "https")
    .behindAlb(
      new LoadBalancer(named(env, "https")).https(443, {
        certificate: env.certificate ?? "",
        redirectHttp: true,
      }),
      { path: "/*", healthCheck: "/", deregistrationDelay: "5s" },
    )
    .blueGreen({ every: "0s", ...options });

export const https: Step = {
  name: "https",
  title: "Blue/green behind HTTPS, verified before any traffic",
  shows: "that `verify` reaches the load balancer by the certificate's name (B4, B16)",
  minutes: 9,
  dollars: 0.05,
  unless: ({ certificate }) =>
    certificate === undefined ? "it needs a certificate in ACM: --certificate talk.example.com" : undefined,
  chains: (env) => [secure(env)],
  async run(env) {
    await secure(env, { verify: answering(env) }).deploy(running(env));
    const { url } = await secure(env).status(running(env));
    expect(url?.startsWith("https://") === true, `The URL is ${url ?? "unknown"}.`);
  },
};

const kept = (env: Env, version: number) =>
  web(env, "kept")
    .env({ VERSION: String(version) })
    .behindAlb(balancer(env, "kept"), { path: "/*", healthCheck: "/", deregistrationDelay: "5s" })
    .autoscale({ min: 1, max: 2, cpu: 60 })
    .blueGreen({ every: "0s", keepOld: "2m" });

export const keepOld: Step = {
  name: "keep-old",
  title: "The old version of a scaled service is stopped by the scheduler after two minutes",
  shows: "whether the schedule's role suffices (B18)",
  minutes: 14,
  dollars: 0.06,
  chains: (env) => [kept(env, 1)],
  async run(env) {
    await kept(env, 1).deploy(running(env));
    await kept(env, 2).deploy(running(env));
    const { idle } = await kept(env, 2).release(running(env));
    for (let minute = 0; minute < 5; minute++) {
      await env.wait(60);
      const { release } = await kept(env, 2).status(running(env));
      const tasks = idle === undefined ? 0 : (release?.colors[idle]?.tasks.running ?? 0);
      if (tasks === 0) return env.note(`The old version had no task ${minute + 1} min after the release.`);
    }
    throw new Error("The old version still runs five minutes after its release: keepOld was two minutes.");
  },
};

/** A `verify` that sends requests where there is something that answers. */
const answering = (env: Env): BlueGreenOptions["verify"] =>
  env.sendsRequests
    ? async ({ fetch }) => {
        const { status } = await fetch("/");
        expect(status === 200, `The new version answered ${status}.`);
      }
    : () => {};
