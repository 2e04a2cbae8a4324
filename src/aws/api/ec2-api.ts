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
  createVpc: Operation<Ec2.CreateVpcCommandInput, Ec2.CreateVpcCommandOutput>;
  deleteVpc: Operation<Ec2.DeleteVpcCommandInput, Ec2.DeleteVpcCommandOutput>;
  describeVpcAttribute: Operation<
    Ec2.DescribeVpcAttributeCommandInput,
    Ec2.DescribeVpcAttributeCommandOutput
  >;
  modifyVpcAttribute: Operation<Ec2.ModifyVpcAttributeCommandInput, Ec2.ModifyVpcAttributeCommandOutput>;
  describeAvailabilityZones: Operation<
    Ec2.DescribeAvailabilityZonesCommandInput,
    Ec2.DescribeAvailabilityZonesCommandOutput
  >;
  createSubnet: Operation<Ec2.CreateSubnetCommandInput, Ec2.CreateSubnetCommandOutput>;
  deleteSubnet: Operation<Ec2.DeleteSubnetCommandInput, Ec2.DeleteSubnetCommandOutput>;
  createInternetGateway: Operation<
    Ec2.CreateInternetGatewayCommandInput,
    Ec2.CreateInternetGatewayCommandOutput
  >;
  describeInternetGateways: Operation<
    Ec2.DescribeInternetGatewaysCommandInput,
    Ec2.DescribeInternetGatewaysCommandOutput
  >;
  attachInternetGateway: Operation<
    Ec2.AttachInternetGatewayCommandInput,
    Ec2.AttachInternetGatewayCommandOutput
  >;
  detachInternetGateway: Operation<
    Ec2.DetachInternetGatewayCommandInput,
    Ec2.DetachInternetGatewayCommandOutput
  >;
  deleteInternetGateway: Operation<
    Ec2.DeleteInternetGatewayCommandInput,
    Ec2.DeleteInternetGatewayCommandOutput
  >;
  createRouteTable: Operation<Ec2.CreateRouteTableCommandInput, Ec2.CreateRouteTableCommandOutput>;
  deleteRouteTable: Operation<Ec2.DeleteRouteTableCommandInput, Ec2.DeleteRouteTableCommandOutput>;
  associateRouteTable: Operation<Ec2.AssociateRouteTableCommandInput, Ec2.AssociateRouteTableCommandOutput>;
  disassociateRouteTable: Operation<
    Ec2.DisassociateRouteTableCommandInput,
    Ec2.DisassociateRouteTableCommandOutput
  >;
  createRoute: Operation<Ec2.CreateRouteCommandInput, Ec2.CreateRouteCommandOutput>;
  replaceRoute: Operation<Ec2.ReplaceRouteCommandInput, Ec2.ReplaceRouteCommandOutput>;
  deleteRoute: Operation<Ec2.DeleteRouteCommandInput, Ec2.DeleteRouteCommandOutput>;
  allocateAddress: Operation<Ec2.AllocateAddressCommandInput, Ec2.AllocateAddressCommandOutput>;
  describeAddresses: Operation<Ec2.DescribeAddressesCommandInput, Ec2.DescribeAddressesCommandOutput>;
  releaseAddress: Operation<Ec2.ReleaseAddressCommandInput, Ec2.ReleaseAddressCommandOutput>;
  createNatGateway: Operation<Ec2.CreateNatGatewayCommandInput, Ec2.CreateNatGatewayCommandOutput>;
  describeNatGateways: Operation<Ec2.DescribeNatGatewaysCommandInput, Ec2.DescribeNatGatewaysCommandOutput>;
  deleteNatGateway: Operation<Ec2.DeleteNatGatewayCommandInput, Ec2.DeleteNatGatewayCommandOutput>;
  createVpcEndpoint: Operation<Ec2.CreateVpcEndpointCommandInput, Ec2.CreateVpcEndpointCommandOutput>;
  modifyVpcEndpoint: Operation<Ec2.ModifyVpcEndpointCommandInput, Ec2.ModifyVpcEndpointCommandOutput>;
  deleteVpcEndpoints: Operation<Ec2.DeleteVpcEndpointsCommandInput, Ec2.DeleteVpcEndpointsCommandOutput>;
  describeVpcEndpointServices: Operation<
    Ec2.DescribeVpcEndpointServicesCommandInput,
    Ec2.DescribeVpcEndpointServicesCommandOutput
  >;
}
