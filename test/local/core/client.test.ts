import { describe, expect, it } from "vitest";
import { codeOf, localServices } from "../local-services.js";

const group = (GroupName: string) => ({ GroupName, Description: "made by a test" });

describe("the local cloud's client", () => {
  it("takes the same course for the same seed, and a different one for a different seed", async () => {
    const course = async (seed: number) => {
      const { ec2, iam, calls, account } = localServices({ seed });
      await Promise.all([ec2.createSecurityGroup(group("one")), ec2.createSecurityGroup(group("two"))]);
      await codeOf(iam.getRole({ RoleName: "nobody" }));
      return { calls, groups: [...account.ec2.securityGroups.keys()] };
    };
    expect(await course(7)).toEqual(await course(7));
    expect(await course(7)).not.toEqual(await course(8));
  });

  it("takes AWS's time on the virtual clock", async () => {
    const { ec2, clock } = localServices();
    const start = clock.now();
    await ec2.describeVpcs({});
    expect(clock.now() - start).toBeGreaterThanOrEqual(20);
    expect(clock.now() - start).toBeLessThanOrEqual(60);
  });

  it("shares nothing with its caller", async () => {
    const { logs, account } = localServices();
    const tags = { team: "a" };
    const creating = logs.createLogGroup({ logGroupName: "mine", tags });
    tags.team = "b";
    await creating;
    const { logGroups } = await logs.describeLogGroups({});
    logGroups![0]!.logGroupName = "yours";
    expect([...account.logs.groups.keys()]).toEqual(["mine"]);
    expect(account.logs.groups.get("mine")?.tags.get("team")).toBe("a");
  });

  it("records every request, also those that fail", async () => {
    const { iam, calls } = localServices();
    await codeOf(iam.getRole({ RoleName: "nobody" }));
    await iam.createInstanceProfile({ InstanceProfileName: "profile" });
    expect(calls).toEqual([
      expect.objectContaining({
        service: "iam",
        operation: "getRole",
        input: { RoleName: "nobody" },
        write: false,
        error: "NoSuchEntity",
      }),
      expect.objectContaining({ service: "iam", operation: "createInstanceProfile", write: true }),
    ]);
    expect(calls[1]).not.toHaveProperty("error");
  });

  it("throws for an unknown operation", () => {
    const { ec2 } = localServices();
    expect(() => (ec2 as unknown as { createVpnGateway(): void }).createVpnGateway()).toThrow(
      "ec2.createVpnGateway",
    );
  });

  it("rejects with the SDK's AbortError when the signal is aborted, before and during a request", async () => {
    const { ec2, calls, clock } = localServices();
    expect(await codeOf(ec2.describeVpcs({}, { signal: AbortSignal.abort() }))).toBe("AbortError");
    expect(calls).toEqual([]);
    const controller = new AbortController();
    clock.schedule(1, () => controller.abort());
    expect(await codeOf(ec2.createSecurityGroup(group("one"), { signal: controller.signal }))).toBe(
      "AbortError",
    );
    expect(calls).toEqual([]);
  });

  it("fails pending calls when it is closed", async () => {
    const { ec2, closing } = localServices();
    const call = ec2.describeVpcs({});
    closing.abort();
    await expect(call).rejects.toThrow("The local cloud is closed.");
  });
});

describe("faults", () => {
  it("a throttled request has no effect, and is retried", async () => {
    const { ec2, faults, calls } = localServices();
    faults.inject({ kind: "throttled", times: 2 });
    await ec2.createSecurityGroup(group("one"));
    expect(calls.map(({ error }) => error)).toEqual([
      "RequestLimitExceeded",
      "RequestLimitExceeded",
      undefined,
    ]);
  });

  it("gives up after ten attempts", async () => {
    const { ssm, faults, calls } = localServices();
    faults.inject({ kind: "error-before", times: Infinity });
    expect(await codeOf(ssm.getParameter({ Name: "/x" }))).toBe("InternalFailure");
    expect(calls).toHaveLength(10);
  });

  it.each(["error-after", "response-lost"] as const)(
    "%s: the effect is there although the call failed",
    async (kind) => {
      const { ec2, faults, calls } = localServices();
      faults.inject({ kind });
      // The second attempt finds what the first one created.
      expect(await codeOf(ec2.createSecurityGroup(group("one")))).toBe("InvalidGroup.Duplicate");
      expect(calls.map(({ error }) => error)).toEqual([
        kind === "response-lost" ? "TimeoutError" : "InternalFailure",
        "InvalidGroup.Duplicate",
      ]);
    },
  );

  it("a rejected request has the configured code and message, and is not retried", async () => {
    const { iam, faults, calls } = localServices();
    faults.inject({ kind: "refuse", operation: "getRole", code: "AccessDenied", message: "no", status: 403 });
    await expect(iam.getRole({ RoleName: "x" })).rejects.toMatchObject({
      name: "AccessDenied",
      message: "no",
      $metadata: { httpStatusCode: 403 },
    });
    expect(calls).toHaveLength(1);
  });

  it.each([
    ["before", undefined],
    ["after", "one"],
  ] as const)("an abort %s the effect", async (when, made) => {
    const { ec2, faults, account } = localServices();
    const run = new AbortController();
    faults.inject({ kind: "abort", run, when });
    expect(await codeOf(ec2.createSecurityGroup(group("one"), { signal: run.signal }))).toBe("AbortError");
    expect([...account.ec2.securityGroups.values()].map(({ name }) => name).at(1)).toBe(made);
  });

  it("count matching requests: the nth of a service, of an operation, of all", async () => {
    const { ec2, logs, faults } = localServices();
    const ofOperation = faults.inject({ kind: "refuse", operation: "describeVpcs", nth: 2, code: "Second" });
    const ofAll = faults.inject({ kind: "refuse", nth: 4, code: "Fourth" });
    expect(await codeOf(ec2.describeVpcs({}))).toContain("no error");
    expect(await codeOf(logs.describeLogGroups({}))).toContain("no error");
    expect(await codeOf(ec2.describeVpcs({}))).toBe("Second");
    expect(await codeOf(ec2.describeSubnets({}))).toBe("Fourth");
    expect([ofOperation.hits, ofAll.hits]).toEqual([1, 1]);
  });

  it("have no effect after they are cleared", async () => {
    const { ec2, faults } = localServices();
    faults.inject({ kind: "refuse", code: "No", times: Infinity });
    faults.clear();
    expect(await codeOf(ec2.describeVpcs({}))).toContain("no error");
  });
});

describe("request limits", () => {
  it("a burst of load balancer changes is throttled, retried, and finally rejected", async () => {
    const { elb, calls } = localServices();
    const creating = Array.from({ length: 60 }, (_, index) =>
      codeOf(
        elb.deleteTargetGroup({
          TargetGroupArn: `arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/x/${index}`,
        }),
      ),
    );
    await Promise.all(creating);
    // A burst of 20, then 3 per second.
    const burst = calls.slice(0, 60);
    expect(burst.filter(({ error }) => error === "Throttling")).toHaveLength(40);
    expect(calls.length).toBeGreaterThan(60);
  });

  it("EC2 throttles every operation separately, and buckets refill", async () => {
    const { ec2, clock, calls } = localServices();
    const throttled = () => calls.filter(({ error }) => error === "RequestLimitExceeded").length;
    await Promise.all(Array.from({ length: 50 }, () => ec2.deleteKeyPair({ KeyName: "none" })));
    await codeOf(ec2.deleteSecurityGroup({ GroupId: "sg-0" }));
    expect(throttled()).toBe(0);
    await ec2.deleteKeyPair({ KeyName: "none" });
    await Promise.all(Array.from({ length: 10 }, () => ec2.deleteKeyPair({ KeyName: "none" })));
    expect(throttled()).toBeGreaterThan(0);
    const before = throttled();
    await clock.sleep(2_000);
    await Promise.all(Array.from({ length: 10 }, () => ec2.deleteKeyPair({ KeyName: "none" })));
    expect(throttled()).toBe(before);
  });
});
