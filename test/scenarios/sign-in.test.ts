import { afterEach, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  type CompleteDeployment,
  type RouteOptions,
} from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { OIDC } from "./oidc.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> =>
  (cloud = await sharedAccount({ certificates: [{ domain: "talk.example.com" }], ...options }));

const alb = new LoadBalancer("conferenceAlb").http(80).https(443, { certificate: "talk.example.com" });
const talk = (route: RouteOptions, image = "talk-service:1"): CompleteDeployment =>
  new Deployment("talk-service")
    .image(image)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference").fargate())
    .behindAlb(alb, { path: "/talk*", ...route })
    .on(cloud);
const rules = () =>
  [...cloud.account.elb.rules.values()].filter(
    ({ tags }) => tags.get("quayside:owner") === "deployment/talk-service",
  );

const ask = async (headers: Record<string, string> = {}): Promise<Response> => {
  const { dnsName } = [...cloud.account.elb.loadBalancers.values()].find(
    ({ name }) => name === "conferenceAlb",
  )!;
  const request = new Request(`https://${dnsName}/talk`, { headers });
  return cloud.account.traffic.answer!(request, { dnsName, port: 443 });
};

test("a request without a session is sent to the identity provider, on HTTPS listeners only", async () => {
  await start({ images: { "talk-service": { answers: { "/": 200, "/talk": 200 } } } });
  await talk({ authenticate: { oidc: OIDC } }).deploy();
  expect(rules().map(({ listenerArn }) => cloud.account.elb.listeners.get(listenerArn)?.port)).toEqual([443]);
  const answer = await ask();
  expect(answer.status).toBe(302);
  expect(answer.headers.get("location")).toMatch(
    /^https:\/\/accounts\.example\.com\/authorize\?client_id=talks&/,
  );
  expect((await ask({ cookie: "AWSELBAuthSessionCookie-0=session" })).status).toBe(200);
  expect((await talk({ authenticate: { oidc: OIDC } }).plan()).isEmpty).toBe(true);

  await talk({ authenticate: { oidc: { ...OIDC, onUnauthenticated: "deny" } } }).deploy();
  expect((await ask()).status).toBe(401);
  await talk({}).deploy();
  expect((await ask()).status).toBe(200);
});

test("a sign-in stays when a blue/green release shifts the traffic", async () => {
  await start();
  const released = (image: string) =>
    talk({ authenticate: { oidc: OIDC } }, image).blueGreen({ shift: [50, 100], every: "1m" });
  await released("talk-service:1").deploy();
  await released("talk-service:2").deploy();
  expect(rules().map(({ actions }) => actions.map(({ Type }) => Type))).toEqual([
    ["authenticate-oidc", "forward"],
  ]);
  expect((await released("talk-service:2").plan()).isEmpty).toBe(true);
});

test("another version of the client's secret is a change of the rule, and nothing shows the secret", async () => {
  await start();
  const { ssm } = cloud.ports as never as { ssm: { putParameter(input: object): Promise<unknown> } };
  await ssm.putParameter({ Name: "/oidc", Value: "first", Type: "SecureString" });
  const plan = await talk({ authenticate: { oidc: OIDC } }).plan();
  expect(JSON.stringify(plan)).not.toContain("first");
  await talk({ authenticate: { oidc: OIDC } }).deploy();
  await ssm.putParameter({ Name: "/oidc", Value: "second", Type: "SecureString", Overwrite: true });
  expect(await writesOf(cloud, () => talk({ authenticate: { oidc: OIDC } }).deploy())).toEqual([
    "addTags",
    "modifyRule",
  ]);
  const sent = cloud.calls.findLast(({ operation }) => operation === "modifyRule")?.input;
  expect(JSON.stringify(sent)).toContain(`"ClientSecret":"second"`);
});

test("Cognito's user pools are described by their ARN, client and domain", async () => {
  await start();
  const cognito = {
    userPool: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc",
    userPoolClient: "client",
    userPoolDomain: "talks",
    sessionTimeout: "1h",
  };
  await talk({ authenticate: { cognito } }).deploy();
  expect(rules()[0]!.actions[0]!.AuthenticateCognitoConfig).toMatchObject({
    UserPoolArn: cognito.userPool,
    SessionTimeout: 3600,
  });
  expect((await talk({ authenticate: { cognito } }).plan()).isEmpty).toBe(true);
});

test("a secret that does not exist is refused before any change, and so is a sign-in on HTTP", async () => {
  await start({ secrets: ["/other"] });
  const writes = await writesOf(cloud, () =>
    expect(talk({ authenticate: { oidc: OIDC } }).deploy()).rejects.toMatchObject({
      code: "no-client-secret",
    }),
  );
  expect(writes).toEqual([]);
  const onHttp = talk({}).behindAlb("webAlb", {
    authenticate: { oidc: { ...OIDC, clientSecret: "secret" } },
  } as never);
  const { issues } = (await onHttp.plan().catch((error: unknown) => error)) as {
    issues: readonly { path: string; message: string }[];
  };
  expect(issues.map(({ path, message }) => `${path}: ${message}`)).toMatchInlineSnapshot(`
    [
      "behindAlb.authenticate: requires an HTTPS listener, and load balancer webAlb has none: new LoadBalancer("webAlb").https(443)",
      "behindAlb.authenticate.oidc.clientSecret: must be a parameter of Systems Manager, such as "ssm:/oidc"",
    ]
  `);
});

test("ELB refuses a sign-in on an HTTP listener", async () => {
  await start();
  await talk({}).deploy();
  const [listener] = [...cloud.account.elb.listeners.values()].filter(
    ({ port, loadBalancerArn }) => port === 80 && loadBalancerArn.includes("conferenceAlb"),
  );
  const [rule] = rules();
  const { elb } = cloud.ports;
  await expect(
    elb.createRule({
      ListenerArn: listener!.arn,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/x"] } }],
      Actions: [
        {
          Type: "authenticate-cognito",
          Order: 1,
          AuthenticateCognitoConfig: { UserPoolArn: "arn", UserPoolClientId: "id", UserPoolDomain: "talks" },
        },
        { ...rule!.actions.at(-1)!, Order: 2 },
      ],
    }),
  ).rejects.toMatchObject({ name: "InvalidLoadBalancerAction" });
});
