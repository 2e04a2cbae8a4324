import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, type RolloutError } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { describeWithDocker, docker, importBase } from "./engine.js";
import { Sources } from "./sources.js";

const BASE = "quayside-test-base:2";

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
      .container({ cpu: 128, memory: 64 })
      .service({ desired: 1 })
      .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
      .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
      .on(cloud);
  const containers = () => docker("ps", "--all", "--quiet", "--filter", "name=quayside-");

  test("builds the directory and runs real containers, with their limits, which end with the cloud", async () => {
    await using cloud = localCloud({ docker: true, timeScale: 100 });
    const { url, image } = await talk(cloud).env({ GREETING: "hello" }).deploy();
    expect(await (await fetch(`${url}/`)).text()).toBe("from a container\n");

    const [id = ""] = (await containers()).split("\n");
    const format = "{{.HostConfig.Memory}} {{.HostConfig.CpuShares}} {{.Image}} {{.Config.Env}}";
    const said = await docker("inspect", "--format", format, id);
    expect(said).toContain(`${64 * 1024 * 1024} 128 ${image.split("@")[1]}`);
    expect(said).toContain("GREETING=hello");

    await talk(cloud).destroy({ images: true });
    expect(await containers()).toBe("");
  });

  test("a container that exceeds its memory limit is out of memory", async () => {
    await using cloud = localCloud({ docker: true, timeScale: 100 });
    const greedy = talk(cloud).container({
      memory: 6,
      entryPoint: ["sh"],
      command: ["-c", "x=y; while true; do x=$x$x; done"],
    });
    const error = await greedy.deploy().then(
      () => undefined,
      (thrown: unknown) => thrown as RolloutError,
    );
    expect(error?.diagnosis).toBe("out-of-memory");
    await cloud.close();
    expect(await containers()).toBe("");
  });
});
