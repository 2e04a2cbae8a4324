import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Job } from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";
import { describeWithDocker, importBase } from "./engine.js";
import { Sources } from "./sources.js";

const BASE = "quayside-test-base:2";

/** What a program finds around it, with the tools of busybox: `wget` has no credentials chain and no region of its own. */
const ASK = `
scope="Credential=$AWS_ACCESS_KEY_ID/20260101/$AWS_REGION"
authorization() { echo "Authorization: AWS4-HMAC-SHA256 $scope/$1/aws4_request, SignedHeaders=host, Signature=0"; }
post() {
  service=$1; shift
  busybox wget -q -O - --header "$(authorization $service)" --header "X-Amz-Security-Token: $AWS_SESSION_TOKEN" "$@" "$AWS_ENDPOINT_URL/"
}
# A container can be ahead of its agent.
until busybox wget -q -O - "$ECS_CONTAINER_METADATA_URI_V4/task" | busybox grep -q '"DesiredStatus":"RUNNING","KnownStatus":"RUNNING"'
do busybox sleep 0.1; done
echo "endpoint $AWS_ENDPOINT_URL"
echo "caller $(post sts --post-data 'Action=GetCallerIdentity&Version=2011-06-15' | busybox tr -d '\\n')"
echo "container $(busybox wget -q -O - "$ECS_CONTAINER_METADATA_URI_V4")"
echo "task $(busybox wget -q -O - "$ECS_CONTAINER_METADATA_URI_V4/task")"
arn=$(busybox wget -q -O - "$ECS_CONTAINER_METADATA_URI_V4/task" | busybox sed 's/.*"TaskARN":"\\([^"]*\\)".*/\\1/')
echo "described $(post ecs \\
  --header 'X-Amz-Target: AmazonEC2ContainerServiceV20141113.DescribeTasks' --header 'Content-Type: application/x-amz-json-1.1' \\
  --post-data "{\\"cluster\\":\\"conference-cluster\\",\\"tasks\\":[\\"$arn\\"]}")"
post ecs --header 'X-Amz-Target: AmazonEC2ContainerServiceV20141113.DeleteCluster' \\
  --header 'Content-Type: application/x-amz-json-1.1' --post-data '{"cluster":"conference-cluster"}' 2>&1
true
`;

describeWithDocker("a container of Docker and the cloud that listens", () => {
  let sources: Sources;
  beforeAll(async () => {
    await importBase(BASE);
    sources = await Sources.create({
      Dockerfile: `FROM ${BASE}\nCOPY ask.sh /\nCMD ["sh", "/ask.sh"]\n`,
      "ask.sh": ASK,
    });
  });
  afterAll(() => sources?.[Symbol.asyncDispose]());

  test("a task calls AWS's APIs with its role, and asks for its metadata", async () => {
    // Calls of a task are checked against the policies of its role; those of this test are not.
    await using cloud = localCloud({ docker: true, timeScale: 20, caller: () => EVERYTHING });
    await using listening = await cloud.listen({ port: 0, host: "0.0.0.0" });
    const Action = ["ecs:DescribeTasks", "sts:GetCallerIdentity"];
    const { tasks } = await new Job("asker")
      .image(sources.directory)
      .taskRole({
        policies: [{ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] }],
      })
      .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
      .on(cloud)
      .run({ timeout: "5h" });
    const [{ exitCode, logs, task }] = tasks as [(typeof tasks)[number]];
    expect(exitCode).toBe(0);
    const found = Object.fromEntries(
      (logs ?? []).map((line) => [line.split(" ", 1)[0]!, line.slice(line.indexOf(" ") + 1)]),
    );
    const { port } = new URL(listening.url);
    expect(found["endpoint"]).toBe(`http://host.docker.internal:${port}`);
    expect(found["caller"]).toContain(`:assumed-role/asker-task-role-eu-west-1/${task.split("/").at(-1)}<`);
    expect(JSON.parse(found["container"]!)).toMatchObject({ Name: "asker", KnownStatus: "RUNNING" });
    expect(JSON.parse(found["task"]!)).toMatchObject({ Family: "asker", Containers: [{ Name: "asker" }] });
    expect(JSON.parse(found["described"]!)).toMatchObject({ tasks: [{ lastStatus: "RUNNING" }] });
    // What its role does not allow is denied.
    expect(logs).toContainEqual(expect.stringContaining("400 Bad Request"));
    expect(cloud.state().clusters).toHaveProperty("conference-cluster");
  });
});

const EVERYTHING = {
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow" as const, Action: "*", Resource: "*" }],
};
