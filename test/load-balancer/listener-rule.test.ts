import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  SetRulePrioritiesCommand,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { expect, test } from "vitest";
import { listenerRuleKind } from "../../src/load-balancer/listener-rule.js";
import type { ListenerRuleDesired } from "../../src/load-balancer/rules/listener-rule-state.js";
import { sdkError, changesTo, mockAws, OWNER, TAG_LIST, TAGS } from "../aws/mock-aws.js";

const { awsContext, elb, tagging, writes } = mockAws();

const PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";
const LISTENER = `${PREFIX}:listener/app/conferenceAlb/50dc/1`;
const ARN = `${PREFIX}:listener-rule/app/conferenceAlb/50dc/1/9`;
const TARGETS = `${PREFIX}:targetgroup/talk/1`;
const desired: ListenerRuleDesired = {
  listenerArn: LISTENER,
  path: ["/talk*", "/t"],
  host: [],
  targetGroupArn: TARGETS,
  priority: undefined,
  tags: TAGS,
};
const ours: Rule = {
  RuleArn: ARN,
  Priority: "37700",
  Conditions: [
    { Field: "path-pattern", Values: ["/t", "/talk*"], PathPatternConfig: { Values: ["/t", "/talk*"] } },
  ],
  Actions: [
    {
      Type: "forward",
      TargetGroupArn: TARGETS,
      ForwardConfig: { TargetGroups: [{ TargetGroupArn: TARGETS, Weight: 1 }] },
    },
  ],
};
const fallback: Rule = { RuleArn: `${ARN}-default`, Priority: "default", IsDefault: true };
const foreign = (number: number, path: string, priority = number): Rule => ({
  RuleArn: `${ARN}-foreign-${number}`,
  Priority: String(priority),
  Conditions: [{ Field: "path-pattern", Values: [path] }],
});

function holds(...rules: Rule[]): void {
  elb.on(DescribeRulesCommand).resolves({ Rules: [fallback, ...rules] });
  elb.on(DescribeTagsCommand).callsFake(({ ResourceArns }: { ResourceArns: string[] }) => ({
    TagDescriptions: ResourceArns.map((ResourceArn) => ({
      ResourceArn,
      Tags: ResourceArn === ARN ? TAG_LIST : [],
    })),
  }));
}

async function update(
  wanted: ListenerRuleDesired,
  ...rules: Rule[]
): Promise<(readonly [string, unknown])[]> {
  const context = await awsContext();
  holds(...rules);
  const observed = (await listenerRuleKind.read(wanted, context))!;
  await listenerRuleKind.update!(wanted, observed, changesTo(wanted, observed), context);
  return writes();
}

test("a listener rule forwards what it describes, with the priority that suits it", async () => {
  const context = await awsContext();
  holds();
  elb.on(CreateRuleCommand).resolves({ Rules: [ours] });
  expect(await listenerRuleKind.create!(desired, context)).toEqual({ arn: ARN, priority: 37_700 });
  expect(writes()).toEqual([
    [
      "CreateRule",
      {
        ListenerArn: LISTENER,
        Priority: 37_700,
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/talk*", "/t"] } }],
        Actions: [{ Type: "forward", TargetGroupArn: TARGETS }],
        Tags: TAG_LIST,
      },
    ],
  ]);
});

test("a listener rule takes another priority if its own was taken in the meantime", async () => {
  const context = await awsContext();
  holds();
  elb
    .on(DescribeRulesCommand)
    .resolvesOnce({ Rules: [fallback] })
    .resolves({ Rules: [fallback, foreign(1, "/other", 37_700)] });
  elb
    .on(CreateRuleCommand)
    .rejectsOnce(sdkError("PriorityInUseException"))
    .resolves({ Rules: [ours] });
  await listenerRuleKind.create!(desired, context);
  const priorities = elb.commandCalls(CreateRuleCommand).map(({ args: [command] }) => command.input.Priority);
  expect(priorities[0]).toBe(37_700);
  expect(priorities[1]).not.toBe(37_700);
});

test("a listener rule whose create response was lost is found, not created again", async () => {
  const context = await awsContext();
  holds(ours);
  elb
    .on(DescribeRulesCommand)
    .resolvesOnce({ Rules: [fallback] })
    .resolves({ Rules: [fallback, ours] });
  elb.on(CreateRuleCommand).rejects(sdkError("PriorityInUseException"));
  expect(await listenerRuleKind.create!(desired, context)).toEqual({ arn: ARN, priority: 37_700 });
  expect(writes()).toHaveLength(1);
});

test("a described priority that is taken is an error with a fix", async () => {
  const context = await awsContext();
  holds(foreign(7, "/other"));
  elb.on(CreateRuleCommand).rejects(sdkError("PriorityInUseException"));
  await expect(listenerRuleKind.create!({ ...desired, priority: 7 }, context)).rejects.toMatchObject({
    code: "rule-priority-taken",
    message: "Rule priority 7 cannot be used: another rule of the listener has it",
  });
});

test("a listener rule whose priorities are always taken is an error after some tries", async () => {
  const context = await awsContext();
  holds();
  elb.on(CreateRuleCommand).rejects(sdkError("PriorityInUseException"));
  await expect(listenerRuleKind.create!(desired, context)).rejects.toMatchObject({
    awsCode: "PriorityInUseException",
  });
  expect(writes()).toHaveLength(10);
});

test("a listener rule is found among a hundred by its tag, and shows no difference", async () => {
  const context = await awsContext();
  holds(...Array.from({ length: 98 }, (_, index) => foreign(index + 1, `/${index}`)), ours);
  const observed = (await listenerRuleKind.read(desired, context))!;
  expect(observed.state).toEqual({ arn: ARN, priority: 37_700 });
  expect(changesTo(desired, observed)).toEqual([]);
  expect(elb.commandCalls(DescribeTagsCommand)).toHaveLength(1);
});

test("a foreign rule for the same requests counts as the existing one", async () => {
  const context = await awsContext();
  holds({ ...ours, RuleArn: `${ARN}-foreign` });
  expect(await listenerRuleKind.read(desired, context)).toMatchObject({
    state: { arn: `${ARN}-foreign` },
    tags: {},
  });
});

test("a foreign rule for other requests does not count as the existing one", async () => {
  const context = await awsContext();
  holds(foreign(1, "/talk*"));
  expect(await listenerRuleKind.read(desired, context)).toBeUndefined();
});

test("weights that a shift has set are no difference of a listener rule", async () => {
  const TargetGroups = [
    { TargetGroupArn: `${TARGETS}-green`, Weight: 90 },
    { TargetGroupArn: TARGETS, Weight: 10 },
  ];
  const shifting = { ...ours, Actions: [{ Type: "forward" as const, ForwardConfig: { TargetGroups } }] };
  expect(await update(desired, shifting)).toEqual([]);
});

test("another path changes a listener rule's conditions alone, at the same priority", async () => {
  expect(await update({ ...desired, path: ["/talks*"] }, ours)).toEqual([
    [
      "ModifyRule",
      { RuleArn: ARN, Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/talks*"] } }] },
    ],
  ]);
});

const movedTo = (write: readonly [string, unknown] | undefined): number =>
  (write?.[1] as { RulePriorities: { Priority: number }[] }).RulePriorities[0]!.Priority;

test("a path that would hide another rule moves behind it, and only then takes more", async () => {
  const writes = await update({ ...desired, path: ["/*"] }, ours, foreign(1, "/speaker*", 40_000));
  expect(writes.map(([operation]) => operation)).toEqual(["SetRulePriorities", "ModifyRule"]);
  expect(movedTo(writes[0])).toBeGreaterThan(40_000);
});

test("a path that another rule would shadow moves before it, once it is more specific; a tag says so in between", async () => {
  const broad = { ...ours, Priority: "45000" };
  const wanted = { ...desired, path: ["/speaker/long/path"] };
  const writes = await update(wanted, broad, foreign(1, "/speaker*", 40_000));
  expect(writes.map(([operation]) => operation)).toEqual([
    "AddTags",
    "ModifyRule",
    "SetRulePriorities",
    "RemoveTags",
  ]);
  expect(movedTo(writes[2])).toBeLessThan(40_000);
});

test("a priority that a run did not change any more is changed by the next run", async () => {
  const context = await awsContext();
  holds({ ...ours, Priority: "45000" }, foreign(1, "/t*", 40_000));
  const misplaced = [...TAG_LIST, { Key: "quayside:misplaced", Value: "true" }];
  elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ ResourceArn: ARN, Tags: misplaced }] });
  const observed = (await listenerRuleKind.read(desired, context))!;
  const changes = changesTo(desired, observed);
  expect(changes).toEqual([{ path: "priority", before: 45_000, after: undefined }]);
  await listenerRuleKind.update!(desired, observed, changes, context);
  expect(writes().map(([operation]) => operation)).toEqual(["SetRulePriorities", "RemoveTags"]);
  expect(movedTo(writes()[0])).toBeLessThan(40_000);
});

test("another target group changes a listener rule's action alone", async () => {
  const wanted = { ...desired, targetGroupArn: `${TARGETS}-new` };
  expect(await update(wanted, ours)).toEqual([
    ["ModifyRule", { RuleArn: ARN, Actions: [{ Type: "forward", TargetGroupArn: `${TARGETS}-new` }] }],
  ]);
});

test("a changed priority is set, and refused if another rule has it", async () => {
  expect(await update({ ...desired, priority: 7 }, ours)).toEqual([
    ["SetRulePriorities", { RulePriorities: [{ RuleArn: ARN, Priority: 7 }] }],
  ]);

  const context = await awsContext();
  holds(ours);
  elb.on(SetRulePrioritiesCommand).rejects(sdkError("PriorityInUseException"));
  const wanted = { ...desired, priority: 7 };
  const observed = (await listenerRuleKind.read(wanted, context))!;
  const updating = listenerRuleKind.update!(wanted, observed, changesTo(wanted, observed), context);
  await expect(updating).rejects.toMatchObject({ code: "rule-priority-taken" });
});

test("deleting a listener rule that no longer exists succeeds", async () => {
  const context = await awsContext();
  elb.on(DeleteRuleCommand).rejects(sdkError("RuleNotFoundException"));
  await expect(listenerRuleKind.delete!({ arn: ARN, priority: 1 }, context)).resolves.toBeUndefined();
});

test("an owner's rules are found, also where the tagging API knows none", async () => {
  for (const known of [ARN, TARGETS]) {
    const context = await awsContext();
    holds(ours, foreign(1, "/x"));
    elb.on(DescribeRulesCommand, { RuleArns: [ARN] }).resolves({ Rules: [ours] });
    elb.on(DescribeListenersCommand).resolves({ Listeners: [{ ListenerArn: LISTENER, Port: 80 }] });
    elb.on(DescribeTargetGroupsCommand).resolves({
      TargetGroups: [
        { TargetGroupArn: TARGETS, LoadBalancerArns: [`${PREFIX}:loadbalancer/app/conferenceAlb/50dc`] },
      ],
    });
    tagging
      .on(GetResourcesCommand)
      .resolves({ ResourceTagMappingList: [{ ResourceARN: known, Tags: TAG_LIST }] });
    expect(await listenerRuleKind.findOwned!(OWNER, context)).toEqual([
      { name: "conferenceAlb:80/talk-service", state: { arn: ARN, priority: 37_700 }, tags: TAGS },
    ]);
  }
});
