import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aws } from "../../../src/aws/aws-cloud.js";
import type { Recording } from "../../../src/aws/recording/recorder.js";
import { Redactor } from "../../../src/aws/recording/redactor.js";
import { SpecError } from "../../../src/errors.js";
import { closeServers, serve } from "../http-servers.js";

describe("what a recording replaces", () => {
  const redact = (value: unknown, service = "ecs") => new Redactor().redact(value, service);

  test("account numbers match each other in ARNs, members, images and texts", () => {
    const redacted = redact({
      OwnerId: "340754841610",
      other: "arn:aws:ecs:eu-west-1:210987654321:cluster/prod",
      image: "340754841610.dkr.ecr.eu-west-1.amazonaws.com/talk:1",
      message: "role arn:aws:iam::340754841610:role/talk is missing",
    });
    expect(redacted).toEqual({
      OwnerId: "111111111111",
      other: "arn:aws:ecs:eu-west-1:222222222222:cluster/prod",
      image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/talk:1",
      message: "role arn:aws:iam::111111111111:role/talk is missing",
    });
  });

  test("secrets in an environment, a command, user data, parameters and log lines", () => {
    expect(
      redact({
        environment: [{ name: "DB", value: "postgres://u:p@db/x" }],
        command: ["CMD-SHELL", "login --password hunter2"],
        secrets: [{ name: "DB", valueFrom: "arn:aws:ssm:eu-west-1:340754841610:parameter/db" }],
        UserData: "IyEvYmluL2Jhc2g=",
        Parameter: { Name: "/db", Type: "SecureString", Value: "hunter2" },
        KeyMaterial: "-----BEGIN",
        Input: '{"overrides":{"containerOverrides":[{"environment":[{"name":"A","value":"hunter2"}]}]}}',
      }),
    ).toEqual({
      environment: [{ name: "DB", value: "secret-1" }],
      command: ["CMD-SHELL", "secret-2"],
      secrets: [{ name: "DB", valueFrom: "arn:aws:ssm:eu-west-1:111111111111:parameter/db" }],
      UserData: "secret-3",
      Parameter: { Name: "/db", Type: "SecureString", Value: "secret-4" },
      KeyMaterial: "secret-5",
      Input: '{"overrides":{"containerOverrides":[{"environment":[{"name":"A","value":"secret-4"}]}]}}',
    });
    expect(redact({ events: [{ message: "user 17 logged in" }] }, "logs")).toEqual({
      events: [{ message: "secret-1" }],
    });
  });

  test("credentials, tokens and users, wherever they are", () => {
    const text = JSON.stringify(
      redact({
        Credentials: { AccessKeyId: "ASIAABCDEFGHIJKLMNOP", SecretAccessKey: "wJalr", SessionToken: "FwoG" },
        nextToken: "page2",
        Marker: "AAAA",
        clientToken: "c0ffee",
        authorizationData: [{ authorizationToken: "QVdTOnB3" }],
        Arn: "arn:aws:sts::340754841610:assumed-role/Admin/jane.doe@example.com",
        UserId: "AROAABCDEFGHIJKLMNOP:jane.doe@example.com",
        message: "User: arn:aws:iam::340754841610:user/jane is not authorized",
      }),
    );
    expect(text).not.toMatch(/ASIAABC|wJalr|FwoG|page2|AAAA|c0ffee|QVdT|jane|AROAABC|340754841610/);
    expect(text).toContain("assumed-role/Admin/user-1");
  });

  test("host names of the user and of load balancers, so that names still belong to a wildcard", () => {
    expect(
      redact({
        DomainName: "*.conf.acme.io",
        Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: ["talk.conf.acme.io"] } }],
        DNSName: "alb-1234567890.eu-west-1.elb.amazonaws.com",
        image: "registry.acme.io/talk:1",
        InstanceType: "t3.small",
        Principal: "ecs-tasks.amazonaws.com",
        attribute: "com.amazonaws.ecs.capability.docker-remote-api.1.19",
      }),
    ).toEqual({
      DomainName: "*.host-1.domain-1.example",
      Conditions: [
        { Field: "host-header", HostHeaderConfig: { Values: ["host-2.host-1.domain-1.example"] } },
      ],
      DNSName: "alb-1000000001.eu-west-1.elb.amazonaws.com",
      image: "host-3.domain-1.example/talk:1",
      InstanceType: "t3.small",
      Principal: "ecs-tasks.amazonaws.com",
      attribute: "com.amazonaws.ecs.capability.docker-remote-api.1.19",
    });
  });

  test("addresses, with the blocks that they are in; 0.0.0.0/0 and times stay", () => {
    expect(
      redact({
        block: "172.31.16.0/20",
        address: "172.31.16.77",
        name: "ip-172-31-16-77.eu-west-1.compute.internal",
        public: "52.95.110.1",
        six: "2a05:d018::1",
        all: ["0.0.0.0/0", "::/0"],
        at: new Date(0),
        time: "10:11:12",
      }),
    ).toEqual({
      block: "172.31.1.0/20",
      address: "172.31.1.1",
      name: "ip-172-31-1-1.eu-west-1.compute.internal",
      public: "198.18.0.1",
      six: "2001:db8::1",
      all: ["0.0.0.0/0", "::/0"],
      at: "1970-01-01T00:00:00.000Z",
      time: "10:11:12",
    });
  });

  test("a URL-encoded policy stays a URL-encoded policy", () => {
    const policy = encodeURIComponent('{"Resource":"arn:aws:s3:::x/340754841610"}');
    expect(redact({ PolicyDocument: policy })).toEqual({
      PolicyDocument: encodeURIComponent('{"Resource":"arn:aws:s3:::x/111111111111"}'),
    });
  });
});

describe("aws({ record })", () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "quayside-recordings-"))));
  afterAll(() => {
    closeServers();
    rmSync(folder, { recursive: true });
  });

  test("a directory that cannot be written is a SpecError, before anything is sent", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    for (const record of [file, join(file, "below")])
      expect(() => aws({ record })).toThrow(
        `aws.record: must be a directory that can be written: ${file} is not a directory`,
      );
    expect(() => aws({ record: "" })).toThrow(SpecError);
    expect(() => aws({ record: 5 as never })).toThrow(SpecError);
  });

  test("every attempt of a request is a file, with AWS's own error and the time that it took", async () => {
    const answers = [
      { status: 400, body: { __type: "ThrottlingException", message: "Rate exceeded" } },
      { status: 200, body: { clusters: [{ clusterName: "prod" }], failures: [] } },
    ];
    const server = await serve((_, response) => {
      const { status, body } = answers.shift()!;
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
    const record = join(folder, "new", "recordings");
    const cloud = aws({
      record,
      region: "eu-west-1",
      endpoint: server.url,
      credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    });
    await cloud.ports.ecs.describeClusters({ clusters: ["prod"] });

    const [run = "", ...others] = readdirSync(record);
    expect(others).toEqual([]);
    const files = readdirSync(join(record, run)).sort();
    expect(files).toEqual(["0001-ecs-DescribeClusters.json", "0002-ecs-DescribeClusters.json"]);
    const [first, second] = files.map(
      (file) => JSON.parse(readFileSync(join(record, run, file), "utf8")) as Recording,
    );
    expect(first).toMatchObject({
      operation: "DescribeClusters",
      request: { clusters: ["prod"] },
      error: { name: "ThrottlingException", message: "Rate exceeded", status: 400 },
    });
    expect(second).toMatchObject({ answer: { clusters: [{ clusterName: "prod" }], failures: [] } });
    expect(second!.milliseconds).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify([first, second])).not.toContain("$metadata");
  });
});
