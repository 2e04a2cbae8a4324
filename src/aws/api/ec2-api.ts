import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Operation } from "../operation.js";

export interface Ec2Api {
  describeRouteTables: Operation<Ec2.DescribeRouteTablesCommandInput, Ec2.DescribeRouteTablesCommandOutput>;
  describeVpcEndpoints: Operation<
    Ec2.DescribeVpcEndpointsCommandInput,
    Ec2.DescribeVpcEndpointsCommandOutput
  >;
  describeImages: Operation<Ec2.DescribeImagesCommandInput, Ec2.DescribeImagesCommandOutput>;
  describeVpcs: Operation<Ec2.DescribeVpcsCommandInput, Ec2.DescribeVpcsCommandOutput>;
  describeSubnets: Operation<Ec2.DescribeSubnetsCommandInput, Ec2.DescribeSubnetsCommandOutput>;
  describeInstanceTypes: Operation<
    Ec2.DescribeInstanceTypesCommandInput,
    Ec2.DescribeInstanceTypesCommandOutput
  >;
  describeInstanceTypeOfferings: Operation<
    Ec2.DescribeInstanceTypeOfferingsCommandInput,
    Ec2.DescribeInstanceTypeOfferingsCommandOutput
  >;
  describeInstances: Operation<Ec2.DescribeInstancesCommandInput, Ec2.DescribeInstancesCommandOutput>;
  createSecurityGroup: Operation<Ec2.CreateSecurityGroupCommandInput, Ec2.CreateSecurityGroupCommandOutput>;
  describeSecurityGroups: Operation<
    Ec2.DescribeSecurityGroupsCommandInput,
    Ec2.DescribeSecurityGroupsCommandOutput
  >;
  describeSecurityGroupRules: Operation<
    Ec2.DescribeSecurityGroupRulesCommandInput,
    Ec2.DescribeSecurityGroupRulesCommandOutput
  >;
  authorizeSecurityGroupIngress: Operation<
    Ec2.AuthorizeSecurityGroupIngressCommandInput,
    Ec2.AuthorizeSecurityGroupIngressCommandOutput
  >;
  revokeSecurityGroupIngress: Operation<
    Ec2.RevokeSecurityGroupIngressCommandInput,
    Ec2.RevokeSecurityGroupIngressCommandOutput
  >;
  deleteSecurityGroup: Operation<Ec2.DeleteSecurityGroupCommandInput, Ec2.DeleteSecurityGroupCommandOutput>;
  describeNetworkInterfaces: Operation<
    Ec2.DescribeNetworkInterfacesCommandInput,
    Ec2.DescribeNetworkInterfacesCommandOutput
  >;
  createKeyPair: Operation<Ec2.CreateKeyPairCommandInput, Ec2.CreateKeyPairCommandOutput>;
  describeKeyPairs: Operation<Ec2.DescribeKeyPairsCommandInput, Ec2.DescribeKeyPairsCommandOutput>;
  deleteKeyPair: Operation<Ec2.DeleteKeyPairCommandInput, Ec2.DeleteKeyPairCommandOutput>;
  createLaunchTemplate: Operation<
    Ec2.CreateLaunchTemplateCommandInput,
    Ec2.CreateLaunchTemplateCommandOutput
  >;
  createLaunchTemplateVersion: Operation<
    Ec2.CreateLaunchTemplateVersionCommandInput,
    Ec2.CreateLaunchTemplateVersionCommandOutput
  >;
  describeLaunchTemplates: Operation<
    Ec2.DescribeLaunchTemplatesCommandInput,
    Ec2.DescribeLaunchTemplatesCommandOutput
  >;
  describeLaunchTemplateVersions: Operation<
    Ec2.DescribeLaunchTemplateVersionsCommandInput,
    Ec2.DescribeLaunchTemplateVersionsCommandOutput
  >;
  deleteLaunchTemplate: Operation<
    Ec2.DeleteLaunchTemplateCommandInput,
    Ec2.DeleteLaunchTemplateCommandOutput
  >;
  createTags: Operation<Ec2.CreateTagsCommandInput, Ec2.CreateTagsCommandOutput>;
}
