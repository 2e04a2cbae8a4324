import type { Ec2CapacitySpec, KeyPairSpec } from "./deployment-spec.js";
import { instanceRoleName, instanceSecurityGroupName } from "./derived-names.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { KEY_PAIR_NAME, nameProblem, ROLE_NAME, SECURITY_GROUP_NAME } from "./names.js";
import type { Ec2Options, KeyPairOptions } from "./options/cluster-options.js";
import { OptionsReader } from "./parsing/options-reader.js";

const DEFAULT_INSTANCE_TYPE = "t3.small";
/** `t3.small`, `m7i-flex.large`, `u-6tb1.56xlarge`, `mac2-m2pro.metal`. */
const INSTANCE_TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.(?:[a-z0-9]+)(?:-[a-z0-9]+)*$/;
const AMI = /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** 16 KB that EC2 takes, less 1 KB for quayside's own lines. Source: EC2 User Guide, "Run commands when you launch". */
const MOST_USER_DATA = 15 * 1024;

export function parseEc2(
  cluster: string,
  value: unknown,
  issues: Issues,
): Omit<Ec2CapacitySpec, "min" | "max" | "scaling"> {
  const options = new OptionsReader<Ec2Options>(value, "cluster.ec2", issues);
  const instanceType = options.string("instanceType", "an EC2 instance type");
  if (instanceType !== undefined && !INSTANCE_TYPE.test(instanceType)) {
    options.issue(
      "instanceType",
      `must be an EC2 instance type, {family}.{size}, such as "t3.small"; got ${formatValue(instanceType)}`,
    );
  }
  const ami = options.string("ami", "an AMI's id");
  if (ami !== undefined && !AMI.test(ami)) {
    options.issue("ami", `must be an AMI's id, such as "ami-0abcdef1234567890"; got ${formatValue(ami)}`);
  }
  const keyPair = parseKeyPair(options, issues);
  const securityGroup = options.name("securityGroup", SECURITY_GROUP_NAME);
  const instanceRole = options.name("instanceRole", ROLE_NAME);
  const spot = options.boolean("spot") ?? false;
  const userData = parseUserData(options);
  options.close();
  return {
    type: "ec2",
    instanceType: instanceType ?? DEFAULT_INSTANCE_TYPE,
    ami,
    keyPair,
    securityGroup: securityGroup ?? instanceSecurityGroupName(cluster),
    instanceRole: instanceRole ?? instanceRoleName(cluster),
    spot,
    userData,
  };
}

function parseKeyPair(options: OptionsReader<Ec2Options>, issues: Issues): KeyPairSpec | undefined {
  const value = options.raw("keyPair");
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) {
    const problem = nameProblem(KEY_PAIR_NAME, value);
    if (problem !== undefined) options.issue("keyPair", problem);
    return { name: String(value), createTo: undefined };
  }
  const details = new OptionsReader<KeyPairOptions>(value, options.pathOf("keyPair"), issues);
  if (details.raw("name") === undefined) details.issue("name", "is needed: { name, createTo }");
  const name = details.name("name", KEY_PAIR_NAME) ?? "";
  const createTo = details.string(
    "createTo",
    'a file to write the private key to, such as "./conference-key.pem"',
  );
  details.close();
  return { name, createTo };
}

function parseUserData(options: OptionsReader<Ec2Options>): string | undefined {
  const userData = options.string("userData", "shell lines");
  if (userData === undefined) return undefined;
  const bytes = Buffer.byteLength(userData);
  if (bytes > MOST_USER_DATA) {
    options.issue(
      "userData",
      `must be at most ${MOST_USER_DATA} bytes (EC2's 16 KB less quayside's own lines); got ${bytes}`,
    );
  }
  if (/^\s*(?:#cloud-config|#include|Content-Type:|MIME-Version:)/i.test(userData)) {
    options.issue(
      "userData",
      "must be shell lines, which run after quayside's own; cloud-config and MIME parts are not",
    );
  }
  return userData;
}
