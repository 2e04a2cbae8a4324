import { beforeEach, expect, test } from "vitest";
import { PropagatingRoles } from "../../src/aws/propagating-roles.js";

const arn = (name: string) => `arn:aws:iam::123456789012:role/quayside/deployment/talk/${name}`;
const refusal = (name: string) =>
  `User: u is not authorized to perform: iam:PassRole on resource: ${arn(name)}`;

let now = 1_000_000;
let roles: PropagatingRoles;
beforeEach(() => {
  now = 1_000_000;
  roles = new PropagatingRoles(() => now);
});

test.each(["createRole", "putRolePolicy", "attachRolePolicy", "updateAssumeRolePolicy"])(
  "a role propagates for two minutes after %s, and only that role",
  (method) => {
    roles.noteRequest("iam", method, { RoleName: "Talk-role" });
    expect(roles.areNamedIn(refusal("talk-role"))).toBe(true);
    expect(roles.areNamedIn(refusal("theirs"))).toBe(false);
    expect(roles.settledAt).toBe(now + 120_000);
    now += 120_000;
    expect(roles.areNamedIn(refusal("talk-role"))).toBe(false);
  },
);

test("without a name in the message, any role may be the cause", () => {
  expect(roles.areNamedIn("ECS was unable to assume the role.")).toBe(false);
  roles.noteRequest("iam", "createRole", { RoleName: "talk-role" });
  expect(roles.areNamedIn("ECS was unable to assume the role.")).toBe(true);
});

test("reading a role changes nothing, but tells of one that an interrupted run has just created", () => {
  roles.noteRequest("iam", "getRole", { RoleName: "talk-role" });
  roles.noteRequest("ecs", "createRole", { RoleName: "talk-role" });
  expect(roles.settledAt).toBe(0);
  const answer = (age: number) => ({ Role: { RoleName: "talk-role", CreateDate: new Date(now - age) } });
  roles.noteAnswer("iam", "getRole", answer(300_000));
  expect(roles.areNamedIn(refusal("talk-role"))).toBe(false);
  roles.noteAnswer("iam", "getRole", answer(30_000));
  expect(roles.areNamedIn(refusal("talk-role"))).toBe(true);
});
