import type { AwsContext } from "../aws/context.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";

export interface VpcAddressesDesired extends Tagged {
  readonly vpcId: string;
}

export interface VpcAddressesState {
  readonly cidr: string;
}

/** The addresses of a VPC that exists, in which private DNS names resolve: looked up, never changed. */
export const vpcAddressesKind: Kind<VpcAddressesDesired, VpcAddressesState, AwsContext> = {
  kind: "vpc-addresses",
  unknown: { cidr: UNKNOWN },
  isForDeploy: true,

  async read({ vpcId }, { aws }) {
    if (isUnknown(vpcId)) return undefined;
    const attribute = (Attribute: Attribute) => aws.ec2.describeVpcAttribute({ VpcId: vpcId, Attribute });
    const [{ Vpcs = [] }, { EnableDnsSupport }, { EnableDnsHostnames }] = await Promise.all([
      aws.ec2.describeVpcs({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }),
      attribute("enableDnsSupport"),
      attribute("enableDnsHostnames"),
    ]);
    const off: Attribute[] = [
      ...(EnableDnsSupport?.Value === false ? ["enableDnsSupport" as const] : []),
      ...(EnableDnsHostnames?.Value === false ? ["enableDnsHostnames" as const] : []),
    ];
    if (off.length > 0) throw noVpcDns(vpcId, off);
    const cidr = Vpcs.find((each) => each.VpcId === vpcId)?.CidrBlock;
    return cidr === undefined ? undefined : { state: { cidr }, current: {}, tags: {} };
  },

  notFoundError: ({ vpcId }) =>
    new QuaysideError("no-vpc", `Nothing was changed: VPC ${vpcId} does not exist`, {
      facts: { vpcId },
      fix: "Set a VPC that exists on the cluster: .network({ vpc }).",
    }),
};

type Attribute = "enableDnsSupport" | "enableDnsHostnames";
const FLAGS: Readonly<Record<Attribute, string>> = {
  enableDnsSupport: "--enable-dns-support",
  enableDnsHostnames: "--enable-dns-hostnames",
};

/** Source: Route 53 Developer Guide, "Considerations when working with a private hosted zone". */
const noVpcDns = (vpcId: string, off: readonly Attribute[]): QuaysideError =>
  new QuaysideError(
    "no-vpc-dns",
    `Nothing was changed: private DNS names do not resolve in VPC ${vpcId}, which has ${off.join(" and ")} off`,
    {
      facts: { vpcId, off },
      fix: `Run: ${off.map((name) => `aws ec2 modify-vpc-attribute --vpc-id ${vpcId} ${FLAGS[name]}`).join(" && ")}`,
    },
  );
