import type { ActionGroup, StatementInputs, StatementToBuild } from "./statement.js";
import type { PermissionFacts } from "./scope.js";

/*
 * Networks that quayside creates. Source: Service Authorization Reference, "Actions, resources, and condition keys for
 * Amazon EC2": what is created in a network is checked on the network's parts as well.
 */

export const networkReads = ({ networks }: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["plan", "deploy", "destroy", "run"],
    when: networks.length > 0,
    actions: [
      "ec2:DescribeAddresses",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeNatGateways",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroupRules",
      "ec2:DescribeVpcAttribute",
      "ec2:DescribeVpcEndpoints",
      "ec2:DescribeVpcEndpointServices",
    ],
  },
  {
    for: ["status"],
    when: networks.length > 0,
    actions: [
      "ec2:DescribeNatGateways",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcEndpoints",
      "ec2:DescribeVpcs",
    ],
  },
];

/** What is created with the tag of its owner. */
export const networkCreations = ({ networks }: PermissionFacts): readonly ActionGroup[] => [
  { for: ["deploy", "run"], when: networks.length > 0, actions: CREATIONS },
];

const CREATIONS = [
  "ec2:AllocateAddress",
  "ec2:CreateInternetGateway",
  "ec2:CreateNatGateway",
  "ec2:CreateRouteTable",
  "ec2:CreateSubnet",
  "ec2:CreateVpc",
  "ec2:CreateVpcEndpoint",
];

/** The creations in which EC2 accepts tags, as its condition key has them. */
export const networkCreateActions = ({ networks }: PermissionFacts): readonly string[] =>
  networks.length > 0 ? CREATIONS.map((action) => action.slice("ec2:".length)) : [];

export const createInNetworks = ({ facts, owned }: StatementInputs): readonly StatementToBuild[] => [
  {
    sid: "CreateInNetworks",
    groups: [
      {
        for: ["deploy", "run"],
        when: facts.networks.length > 0,
        actions: [
          "ec2:CreateNatGateway",
          "ec2:CreateRouteTable",
          "ec2:CreateSubnet",
          "ec2:CreateVpcEndpoint",
        ],
      },
    ],
    resources: ["*"],
    conditions: owned,
  },
  {
    // A private name of an endpoint is a private hosted zone, which AWS associates with the VPC.
    sid: "NameVpcEndpoints",
    groups: [
      {
        for: ["deploy", "run"],
        when: facts.networks.some(({ nat, endpoints }) => nat === "none" || endpoints.length > 0),
        actions: ["route53:AssociateVPCWithHostedZone"],
      },
    ],
    resources: ["*"],
  },
];

/** The deletion of what a lost answer has created twice. */
const TWICE = ["ec2:DeleteInternetGateway", "ec2:DeleteRouteTable", "ec2:DeleteVpc", "ec2:ReleaseAddress"];

export const networkChanges = ({ networks }: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["deploy", "run"],
    when: networks.length > 0,
    actions: [
      "ec2:AssociateRouteTable",
      "ec2:AttachInternetGateway",
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:CreateRoute",
      "ec2:ModifyVpcAttribute",
      "ec2:ModifyVpcEndpoint",
      "ec2:ReplaceRoute",
      ...TWICE,
    ],
  },
  {
    for: ["deploy", "destroy"],
    when: networks.length > 0,
    actions: [
      ...TWICE,
      "ec2:DeleteNatGateway",
      "ec2:DeleteRoute",
      "ec2:DeleteSubnet",
      "ec2:DeleteVpcEndpoints",
      "ec2:DetachInternetGateway",
      "ec2:DisassociateRouteTable",
    ],
  },
];
