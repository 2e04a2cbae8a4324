import {
  CreateListenerCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { expect, test } from "vitest";
import { UNKNOWN } from "../../src/engine/kind.js";
import { listenerKind, type ListenerDesired } from "../../src/load-balancer/listener.js";
import { changesTo, mockAws, OWNER, TAG_LIST, TAGS } from "../aws/mock-aws.js";

const { awsContext, elb, requests, tagging, writes } = mockAws();

const BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/conferenceAlb/50dc";
const ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/conferenceAlb/50dc/1";
const desired: ListenerDesired = { loadBalancerArn: BALANCER, port: 80, protocol: "HTTP", tags: TAGS };

function exists(): void {
  elb
    .on(DescribeListenersCommand)
    .resolves({ Listeners: [{ ListenerArn: ARN, Port: 80, Protocol: "HTTP" }] });
  elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ ResourceArn: ARN, Tags: TAG_LIST }] });
}

test("a listener is not looked up before its load balancer exists", async () => {
  const context = await awsContext();
  expect(await listenerKind.read({ ...desired, loadBalancerArn: UNKNOWN }, context)).toBeUndefined();
  expect(requests()).toEqual([]);
});

test("a listener answers 404 by itself if no rule matches", async () => {
  const context = await awsContext();
  elb.on(CreateListenerCommand).resolves({ Listeners: [{ ListenerArn: ARN }] });
  expect(await listenerKind.create!(desired, context)).toEqual({ arn: ARN });
  expect(writes()).toEqual([
    [
      "CreateListener",
      {
        LoadBalancerArn: BALANCER,
        Port: 80,
        Protocol: "HTTP",
        DefaultActions: [
          {
            Type: "fixed-response",
            FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "Not found" },
          },
        ],
        Tags: TAG_LIST,
      },
    ],
  ]);
});

test("a listener's default action that was changed from outside is kept", async () => {
  const context = await awsContext();
  exists();
  elb.on(DescribeListenersCommand).resolves({
    Listeners: [{ ListenerArn: ARN, Port: 80, Protocol: "HTTP", DefaultActions: [{ Type: "forward" }] }],
  });
  expect(changesTo(desired, (await listenerKind.read(desired, context))!)).toEqual([]);
});

test("a listener is found by its port, also on the second page", async () => {
  const context = await awsContext();
  exists();
  elb
    .on(DescribeListenersCommand)
    .resolvesOnce({ Listeners: [{ ListenerArn: `${ARN}-other`, Port: 8080 }], NextMarker: "2" })
    .resolves({ Listeners: [{ ListenerArn: ARN, Port: 80, Protocol: "HTTP" }] });
  expect((await listenerKind.read(desired, context))?.state).toEqual({ arn: ARN });
});

test("an owner's listeners are found, also where the tagging API knows none", async () => {
  for (const known of [ARN, BALANCER]) {
    const context = await awsContext();
    exists();
    tagging
      .on(GetResourcesCommand)
      .resolves({ ResourceTagMappingList: [{ ResourceARN: known, Tags: TAG_LIST }] });
    expect(await listenerKind.findOwned!(OWNER, context)).toEqual([
      { name: "conferenceAlb:80", state: { arn: ARN }, tags: TAGS },
    ]);
  }
});

test("a listener is used by a foreign rule", async () => {
  const context = await awsContext();
  exists();
  elb.on(DescribeRulesCommand).resolves({
    Rules: [
      { RuleArn: "rule/x", Priority: "1" },
      { RuleArn: "rule/deleted-meanwhile", Priority: "2" },
    ],
  });
  elb.on(DescribeTagsCommand).callsFake(({ ResourceArns }: { ResourceArns: string[] }) => ({
    TagDescriptions: ResourceArns.filter((arn) => !arn.endsWith("meanwhile")).map((ResourceArn) => ({
      ResourceArn,
      Tags: ResourceArn === ARN ? TAG_LIST : [],
    })),
  }));
  const found = { name: "conferenceAlb:80", ...(await listenerKind.read(desired, context))! };
  expect(await listenerKind.usedBy!(found, { has: () => true }, context)).toEqual([
    "a rule for any path on conferenceAlb:80",
  ]);
});
