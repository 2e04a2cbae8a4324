import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, type RolloutError } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { describeWithDocker, docker, importBase } from "./engine.js";
import { Sources } from "./sources.js";
import { UNHURRIED } from "../scenarios/unhurried.js";

const BASE = "quayside-test-base:2";
/** Other suites have containers in the same engine, at the same time. */
const OWN = { "com.example.suite": randomUUID() };

describeWithDocker("the local cloud with Docker", () => {
  let sources: Sources;

  beforeAll(async () => {
    await importBase(BASE);
    sources = await Sources.create({
      Dockerfile: `FROM ${BASE}
WORKDIR /www
COPY . ./
EXPOSE 8080
ENTRYPOINT ["busybox"]
CMD ["httpd", "-f", "-v", "-p", "8080", "-h", "/www"]
`,
      "talk/index.html": "from a container\n",
      health: "up\n",
    });
  });

  afterAll(() => sources?.[Symbol.asyncDispose]());

  const talk = (cloud: LocalCloud) =>
    new Deployment("talk-service")
      .image(sources.directory)
      .container({ cpu: 128, memory: 64, labels: OWN })
      .service({ desired: 1 })
      .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
      .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
      .on(cloud);
  const [label] = Object.entries(OWN).map(([name, value]) => `label=${name}=${value}`);
  const containers = () => docker("ps", "--all", "--quiet", "--filter", label!);

  test("builds the directory and runs real containers, with their limits, which end with the cloud", async () => {
    await using cloud = localCloud({ docker: true, timeScale: 100 });
    const { url, image } = await talk(cloud).env({ GREETING: "hello" }).deploy(UNHURRIED);
    expect(await (await fetch(`${url}/`)).text()).toBe("from a container\n");

    const [id = ""] = (await containers()).split("\n");
    const format = "{{.HostConfig.Memory}} {{.HostConfig.CpuShares}} {{.Image}} {{.Config.Env}}";
    const said = await docker("inspect", "--format", format, id);
    expect(said).toContain(`${64 * 1024 * 1024} 128 ${image.split("@")[1]}`);
    expect(said).toContain("GREETING=hello");

    await talk(cloud).destroy({ images: true });
    expect(await containers()).toBe("");
  });

  test("containers get their mounts, limits, working directory and all of their ports", async () => {
    await using cloud = localCloud({ docker: true, timeScale: 100 });
    const script = [
      "ulimit -n > /shared/limit",
      "pwd > /shared/directory",
      "touch /fixed/a 2> /dev/null || echo refused > /shared/fixed",
      "touch /a 2> /dev/null || echo refused > /shared/root",
      "busybox httpd -p 9090 -h /shared",
      "exec busybox httpd -f -p 8080 -h /www",
    ];
    await talk(cloud)
      .container({
        entryPoint: ["sh", "-c"],
        command: [script.join("\n")],
        ports: [{ port: 9090, name: "metrics" }],
        mounts: { "/shared": "shared", "/fixed": { volume: "shared", readOnly: true } },
        ulimits: { nofile: { soft: 1000, hard: 1200 } },
        workingDirectory: "/tmp",
        readonlyRootFilesystem: true,
        labels: { ...OWN, team: "talks" },
      })
      .volume("shared")
      // A second container sees what the first one writes.
      .sidecar("reader", {
        image: sources.directory,
        command: ["httpd", "-f", "-p", "7070", "-h", "/read"],
        port: 7070,
        healthCheck: false,
        labels: OWN,
        mounts: { "/read": { volume: "shared", readOnly: true } },
      })
      .deploy(UNHURRIED);

    const { clusters } = await cloud.ports.ecs.describeClusters({ clusters: ["conference-cluster"] });
    const { taskArns } = await cloud.ports.ecs.listTasks({ cluster: clusters![0]!.clusterName });
    const { tasks } = await cloud.ports.ecs.describeTasks({ cluster: "conference-cluster", tasks: taskArns });
    const bindings = tasks![0]!.containers!.flatMap(({ networkBindings }) => networkBindings ?? []);
    expect(bindings.map(({ containerPort }) => containerPort).sort()).toEqual([7070, 8080, 9090]);

    const ids = (await containers()).split("\n");
    const published = (await Promise.all(ids.map((id) => docker("port", id)))).join("\n");
    const read = async (port: number, file: string) => {
      const host = new RegExp(`^${port}/tcp -> (\\S+)`, "m").exec(published)![1]!;
      return (await (await fetch(`http://${host}/${file}`)).text()).trim();
    };
    for (const port of [9090, 7070]) {
      expect(await read(port, "limit")).toBe("1000");
      expect(await read(port, "directory")).toBe("/tmp");
      expect(await read(port, "fixed")).toBe("refused");
      expect(await read(port, "root")).toBe("refused");
    }
    const labels = await Promise.all(
      ids.map((id) => docker("inspect", "--format", "{{json .Config.Labels}}", id)),
    );
    expect(labels.filter((each) => each.includes('"team":"talks"'))).toHaveLength(1);
  });

  test("an image for several platforms is built for this computer's", async () => {
    await using cloud = localCloud({ docker: true, timeScale: 100 });
    const both = talk(cloud).image(sources.directory, { platforms: ["linux/amd64", "linux/arm64"] });
    const { url } = await both.deploy(UNHURRIED);
    expect(await (await fetch(`${url}/`)).text()).toBe("from a container\n");
  });

  test("a container that exceeds its memory limit is out of memory", async () => {
    await using cloud = localCloud({ docker: true, timeScale: 100 });
    const greedy = talk(cloud).container({
      memory: 6,
      entryPoint: ["sh"],
      command: ["-c", "x=y; while true; do x=$x$x; done"],
    });
    const error = await greedy.deploy(UNHURRIED).then(
      () => undefined,
      (thrown: unknown) => thrown as RolloutError,
    );
    expect(error?.diagnosis).toBe("out-of-memory");
    await cloud.close();
    expect(await containers()).toBe("");
  });

  test("a container reaches another one by its name in Service Connect", async () => {
    await using cloud = localCloud({ docker: true, timeScale: 100 });
    const shop = (name: string) =>
      new Deployment(name)
        .image(sources.directory)
        .container({ cpu: 128, memory: 64, labels: OWN, healthCheck: false })
        .service({ desired: 1 })
        .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
        .on(cloud);
    const ask = [
      "busybox httpd -p 8080 -h /www",
      "until busybox wget -q -O /tmp/answer http://$ORDERS_SERVICE_HOST:$ORDERS_SERVICE_PORT/talk/; do busybox sleep 0.2; done",
      "busybox mv /tmp/answer /www/answer",
      "exec busybox sleep 1000",
    ];
    const orders = shop("orders").connect({ namespace: "shop", as: "orders", port: 8080 });
    const front = shop("front")
      .container({ entryPoint: ["sh", "-c"], command: [ask.join("\n")] })
      .connect({ namespace: "shop" })
      .behindAlb("conferenceAlb", { healthCheck: "/health" });
    const { deployments } = await new Fleet(orders, front).deploy(UNHURRIED);
    const answer = async (): Promise<string> => {
      const response = await fetch(`${deployments[1]!.url!}/answer`);
      return response.ok ? response.text() : pause(200).then(answer);
    };
    expect(await answer()).toBe("from a container\n");
  });
});
