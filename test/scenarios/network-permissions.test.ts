import { expect, test } from "vitest";
import { Network, type Cloud, type PolicyDocument } from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";
import { conditionKeys, isAllowed, recordAccess } from "./recorded-access.js";

const PLACE = { account: "123456789012", region: "eu-west-1" };
const listOf = (value: string | readonly string[] = []): readonly string[] =>
  typeof value === "string" ? [value] : value;

const conference = (cloud: Cloud) =>
  new Network("conference").nat("none").zones(3).endpoints("sqs").on(cloud);

test("the policy of a network allows every call, and none of its statements can be left out", async () => {
  await using account = localCloud({ clock: "virtual" });
  const policy = conference(account).permissions(PLACE);
  const { cloud, recorded } = recordAccess(account, conditionKeys(policy));
  await conference(cloud).nat("one").zones(2).deploy();
  await conference(cloud).plan();
  await conference(cloud).deploy();
  await conference(cloud).nat("each").zones(1).tags({ team: "talks" }).deploy();
  await conference(cloud).deploy();
  await conference(cloud).status();
  await conference(cloud).destroy();

  const accesses = [...recorded.values()];
  expect(accesses.filter((access) => !isAllowed(policy, access))).toEqual([]);
  const isNeeded = (less: PolicyDocument) => accesses.some((access) => !isAllowed(less, access));
  const without = (action: string | undefined, sid: string | undefined): PolicyDocument => ({
    ...policy,
    Statement: policy.Statement.flatMap((statement) => {
      if (statement.Sid !== sid) return [statement];
      const Action = listOf(statement.Action).filter((each) => each !== action);
      return action === undefined || Action.length === 0 ? [] : [{ ...statement, Action }];
    }),
  });
  expect(policy.Statement.filter(({ Sid }) => !isNeeded(without(undefined, Sid)))).toEqual([]);
  const unused = policy.Statement.flatMap(({ Sid, Action }) =>
    listOf(Action).flatMap((action) => (isNeeded(without(action, Sid)) ? [] : `${Sid} ${action}`)),
  );
  expect(unused).toMatchInlineSnapshot(`
    [
      "Read autoscaling:DescribeAutoScalingGroups",
      "Read ec2:DescribeKeyPairs",
      "Read ec2:DescribeLaunchTemplates",
      "ChangeOwned ec2:ReplaceRoute",
      "ChangeOwned ec2:RevokeSecurityGroupIngress",
      "ChangeSecurityGroupRules ec2:RevokeSecurityGroupIngress",
    ]
  `);
});
