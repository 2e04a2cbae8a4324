import { describe, expect, test } from "vitest";
import type { QuaysideError, QuaysideEvent } from "../../src/index.js";
import { sharedAccount } from "./account.js";
import { talkService } from "./tutorial.js";

const image = (version: number) => `registry.example.com/talk-service:${version}`;

const failureOf = (promise: Promise<unknown>): Promise<QuaysideError> =>
  promise.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error as QuaysideError,
  );

describe("exec", () => {
  test("gives the session's address and token, and how the plugin is called", async () => {
    const cloud = await sharedAccount();
    const chain = talkService(cloud, image(1)).service({ exec: true });
    await chain.deploy();
    const session = await chain.exec({ command: "ls /app" });
    expect(session).toMatchObject({ container: "web", token: expect.stringMatching(/./) as string });
    expect(session.url).toMatch(/^wss:\/\//);
    // As AWS's own command line spawns it.
    const [program, response, region, operation, profile, target, endpoint] = session.plugin;
    expect([program, region, operation, profile]).toEqual([
      "session-manager-plugin",
      "eu-west-1",
      "StartSession",
      "",
    ]);
    expect(JSON.parse(response!)).toEqual({
      SessionId: session.sessionId,
      StreamUrl: session.url,
      TokenValue: session.token,
    });
    expect(JSON.parse(target!)).toEqual({
      Target: expect.stringMatching(`^ecs:conference-cluster_${session.task}_.+`) as string,
    });
    expect(endpoint).toBe("https://ssm.eu-west-1.amazonaws.com");
    await chain.destroy();
    expect(JSON.stringify(cloud.state().roles)).not.toContain("talk-service");
    await cloud.close();
  });

  test("starts in the task that was named, and says when it is not there", async () => {
    const cloud = await sharedAccount();
    const chain = talkService(cloud, image(1)).service({ exec: true });
    await chain.deploy();
    const { taskArns } = await cloud.ports.ecs.listTasks({ cluster: "conference-cluster" });
    for (const arn of taskArns!) expect((await chain.exec({ task: arn })).task).toBe(arn.split("/").at(-1));
    const error = await failureOf(chain.exec({ task: "0123456789abcdef0123456789abcdef" }));
    expect(error.message).toBe(
      "No process was started: task 0123456789abcdef0123456789abcdef is not running in conference-cluster",
    );
    expect(error.fix).toBeTruthy();
    expect(await failureOf(chain.exec({ container: "sidecar" }))).toMatchObject({ code: "aws-refused" });
    await cloud.close();
  });

  test("says what to do when the tasks do not allow it, or none runs", async () => {
    const cloud = await sharedAccount();
    await talkService(cloud, image(1)).deploy();
    const error = await failureOf(talkService(cloud, image(1)).exec());
    expect(error).toMatchObject({ code: "exec-not-enabled" });
    expect(error.fix).toContain(".service({ exec: true })");
    const none = talkService(cloud, image(1)).service({ name: "other" });
    expect(await failureOf(none.exec())).toMatchObject({ code: "no-such-task" });
    await cloud.close();
  });

  test("the token is in no event, and in no error", async () => {
    const cloud = await sharedAccount();
    const events: QuaysideEvent[] = [];
    const chain = talkService(cloud, image(1)).service({ exec: true });
    await chain.deploy();
    const { token } = await chain.exec({ onEvent: (event) => events.push(event) });
    expect(JSON.stringify(events)).not.toContain(token);
    await cloud.close();
  });
});
