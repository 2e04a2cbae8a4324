import { afterEach, describe, expect, test } from "vitest";
import { Deployment, LoadBalancer, type VerifyContext } from "../../src/index.js";
import { localCloud, type ImageAnswers, type ImageBehavior, type LocalCloud } from "../../src/local/index.js";

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

function cloudWith(images: Readonly<Record<string, ImageBehavior>>, more: object = {}): LocalCloud {
  const cloud = localCloud({ clock: "virtual", images, ...more });
  clouds.push(cloud);
  return cloud;
}

const service = new Deployment("talk").image("talk:1").port(8080).cluster("conference");
const talk = service.behindAlb("alb", { path: "/talk*", healthCheck: "/health" });

/** Releases two versions, and returns what `verify` of the second one has seen. */
async function verified<Seen>(
  cloud: LocalCloud,
  verify: (color: VerifyContext) => Promise<Seen>,
  chain = talk,
): Promise<Seen> {
  let seen: Seen | undefined;
  await chain.blueGreen({}).on(cloud).deploy();
  const second = chain
    .image("talk:2")
    .blueGreen({ verify: async (color) => void (seen = await verify(color)) });
  await second.on(cloud).deploy();
  return seen!;
}

const read = async (response: Response): Promise<[number, string]> => [
  response.status,
  (await response.text()).trim(),
];

describe("verify's fetch on the virtual clock", () => {
  const answers: ImageAnswers = {
    "/health": 200,
    "/talk": { body: "hello", headers: { "x-version": "2" } },
    "/talk/*": { status: 404, body: "no such talk" },
    "/talk/broken": 503,
  };

  test("gets what the new version answers, by path", async () => {
    const cloud = cloudWith({ "talk:2": { answers } });
    const seen = await verified(cloud, async ({ fetch }) => {
      const hello = await fetch("/talk");
      return [
        hello.headers.get("x-version"),
        await read(hello),
        await read(await fetch("/talk/7")),
        (await fetch("/talk/broken")).status,
        await read(await fetch("/talks")),
        // No rule of the load balancer is for it.
        (await fetch("/speaker")).status,
      ];
    });
    expect(seen).toEqual([
      "2",
      [200, "hello"],
      [404, "no such talk"],
      503,
      [404, "Nothing answers /talks"],
      404,
    ]);
  });

  test("gets what a function of the request answers, with method, headers and body", async () => {
    const cloud = cloudWith({
      "talk:2": {
        answers: async (request) => {
          const { pathname, host } = new URL(request.url);
          if (pathname === "/health") return 200;
          const body = [request.method, host, request.headers.get("authorization"), await request.text()];
          return Response.json(body, { status: 201 });
        },
      },
    });
    const chain = service.behindAlb("alb", { host: "talk.example.com", healthCheck: "/health" });
    const seen = await verified(
      cloud,
      async ({ fetch }) =>
        read(await fetch("/talks", { method: "POST", body: "a", headers: { authorization: "me" } })),
      chain,
    );
    expect(seen).toEqual([201, '["POST","talk.example.com","me","a"]']);
  });

  test("tells the versions apart, before the new one gets any traffic", async () => {
    const cloud = cloudWith({ "talk:1": { answers: 200 }, "talk:2": { answers: { "/*": { body: "two" } } } });
    const seen = await verified(cloud, async ({ fetch, url, weights, color }) => [
      weights[color],
      (await read(await fetch(url)))[1],
    ]);
    expect(seen).toEqual([100, "two"]);
  });

  test("rolls back a version whose answer verify refuses", async () => {
    const cloud = cloudWith({ talk: { answers: { "/health": 200, "/talk": 500 } } });
    const run = verified(cloud, async ({ fetch }) => {
      const { status } = await fetch("/talk");
      if (status !== 200) throw new Error(`/talk answers ${status}`);
    });
    await expect(run).rejects.toMatchObject({
      code: "verification-failed",
      message: "The green version of talk failed verify: /talk answers 500",
    });
  });

  test("says at once that nothing answers, and how to say what does", async () => {
    const cloud = cloudWith({});
    await talk.blueGreen({}).on(cloud).deploy();
    const began: number[] = [];
    const second = talk.image("registry.example.com/team/talk:2").blueGreen({
      verify: async ({ fetch }) => {
        began.push(cloud.clock.now());
        await fetch("/talk").finally(() => began.push(cloud.clock.now()));
      },
    });
    await expect(second.on(cloud).deploy()).rejects.toThrow(
      'registry.example.com/team/talk:2 cannot answer /talk, because no process runs on the virtual clock, and the local cloud was not told what it answers: localCloud({ images: { "talk": { answers: { "/talk": 200 } } } })',
    );
    expect(began[1]! - began[0]!).toBeLessThan(1_000);
  });

  test.each<[ImageAnswers, number]>([
    ["refused", 502],
    ["silence", 504],
  ])("gets the load balancer's own answer where the container's is %j", async (answer, status) => {
    const paths = { "/health": 200, "/*": answer } as ImageAnswers;
    const cloud = cloudWith({ talk: { answers: paths } });
    expect(await verified(cloud, async ({ fetch }) => (await fetch("/talk")).status)).toBe(status);
  });

  test("reaches an HTTPS listener, and follows redirects unless it is told not to", async () => {
    const cloud = cloudWith(
      {
        talk: {
          answers: (request) =>
            new URL(request.url).pathname === "/old"
              ? { status: 302, headers: { location: "/talk" } }
              : { body: request.headers.get("x-forwarded-proto") ?? "" },
        },
      },
      { certificates: [{ domain: "talk.example.com" }] },
    );
    const alb = new LoadBalancer("alb").https(443, { certificate: "talk.example.com", redirectHttp: true });
    const chain = service.behindAlb(alb, { host: "talk.example.com", healthCheck: "/health" });
    const seen = await verified(
      cloud,
      async ({ fetch }) => [
        await read(await fetch("/talk")),
        await read(await fetch("/old")),
        (await fetch("/old", { redirect: "manual" })).status,
      ],
      chain,
    );
    expect(seen).toEqual([[200, "https"], [200, "https"], 302]);
  });
});

describe("health checks on the virtual clock", () => {
  test("read what the image answers at their path", async () => {
    const cloud = cloudWith({ "talk:1": { answers: { "/health": 404, "/*": 200 } } });
    await expect(talk.on(cloud).deploy()).rejects.toMatchObject({
      code: "rollout-failed",
      message: expect.stringContaining("404") as string,
    });
  });

  test("see an answer that a function changes later, when time passes", async () => {
    let isSick = false;
    const cloud = cloudWith({ talk: { answers: () => (isSick ? 500 : 200) } });
    await talk.on(cloud).deploy();
    isSick = true;
    await cloud.advance("3m");
    expect((await talk.on(cloud).status()).isHealthy).toBe(false);
    isSick = false;
    await cloud.advance("10m");
    expect((await talk.on(cloud).status()).isHealthy).toBe(true);
  });
});

test("on the real clock, an image without a process answers the same", async () => {
  const cloud = cloudWith(
    {
      talk: {
        answers: async (request) =>
          request.method === "POST" ? { status: 201, body: await request.text() } : 200,
      },
    },
    { clock: "real", timeScale: 100 },
  );
  const { url } = await talk.on(cloud).deploy({ timeout: "5h" });
  expect(await read(await fetch(url!, { method: "POST", body: "hello" }))).toEqual([201, "hello"]);
});

test.each<[unknown, string]>([
  [{ answers: 99 }, "localCloud.images.talk.answers: must be an HTTP status"],
  [{ answers: { health: 200 } }, "localCloud.images.talk.answers: must be an HTTP status"],
  [{ answers: { "/health": { stats: 200 } } }, "localCloud.images.talk.answers: must be an HTTP status"],
  [{ answers: {} }, "localCloud.images.talk.answers: must be an HTTP status"],
  [{ answers: 200, missing: true }, "localCloud.images.talk.answers: cannot be combined with missing"],
  [{ answers: 200, every: "2s" }, "localCloud.images.talk.every"],
])("an image cannot answer %j", (behavior, issue) => {
  expect(() => localCloud({ images: { talk: behavior as ImageBehavior } })).toThrow(issue);
});
