"""Calls every operation of a listening local cloud with boto3, which parses each answer by AWS's own models.

Prints the operations whose answers were read, one a line, and fails with the first answer that is an error.
"""

import json
import time

import boto3
from botocore import xform_name
from botocore.config import Config

# Cloud Map has a host of its own for some operations, which the local cloud does not
CONFIG = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False)
CLIENTS = {}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
TAGS = [{"Key": "a", "Value": "b"}]


def call(service, operation, /, **parameters):
    client = CLIENTS.setdefault(service, boto3.client(service, config=CONFIG))
    answer = getattr(client, xform_name(operation))(**parameters)
    print(service, operation)
    return answer


def until(wanted, question):
    for _ in range(300):
        if question() == wanted:
            return
        time.sleep(0.02)
    raise AssertionError(f"{question()} is not {wanted}")


def ends(*statuses):
    refreshes = CLIENTS["autoscaling"].describe_instance_refreshes(**group)["InstanceRefreshes"]
    return refreshes[0]["Status"] in statuses


def trust(service):
    statement = {**TRUST, "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# STS, and what the account has
call("sts", "GetCallerIdentity")
call("sts", "AssumeRole", RoleArn="arn:aws:iam::123456789012:role/any", RoleSessionName="test")
call("sts", "GetSessionToken")
call("ec2", "DescribeRegions")
zones = [zone["ZoneName"] for zone in call("ec2", "DescribeAvailabilityZones")["AvailabilityZones"]]
call("ec2", "DescribeAccountAttributes")
vpc = call("ec2", "DescribeVpcs")["Vpcs"][0]["VpcId"]
subnets = [subnet["SubnetId"] for subnet in call("ec2", "DescribeSubnets")["Subnets"]]
for operation in ["DescribeRouteTables", "DescribeVpcEndpoints", "DescribeInternetGateways", "DescribeNetworkInterfaces", "DescribeAddresses", "DescribeVpcEndpointServices"]:
    call("ec2", operation)
call("ec2", "DescribeInstanceTypes", InstanceTypes=["t3.micro"])
call("ec2", "DescribeInstanceTypeOfferings")
ami_name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
ami = call("ssm", "GetParameter", Name=ami_name)["Parameter"]["Value"]
call("ec2", "DescribeImages", ImageIds=[ami])

# Networks
own = call("ec2", "CreateVpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
call("ec2", "ModifyVpcAttribute", VpcId=own, EnableDnsHostnames={"Value": True})
assert call("ec2", "DescribeVpcAttribute", VpcId=own, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"]
subnet = call("ec2", "CreateSubnet", VpcId=own, CidrBlock="10.0.1.0/24", AvailabilityZone=zones[0])["Subnet"]["SubnetId"]
call("ec2", "ModifySubnetAttribute", SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
gateway = call("ec2", "CreateInternetGateway")["InternetGateway"]["InternetGatewayId"]
call("ec2", "AttachInternetGateway", InternetGatewayId=gateway, VpcId=own)
table = call("ec2", "CreateRouteTable", VpcId=own)["RouteTable"]["RouteTableId"]
association = call("ec2", "AssociateRouteTable", RouteTableId=table, SubnetId=subnet)["AssociationId"]
call("ec2", "CreateRoute", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
call("ec2", "ReplaceRoute", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
address = call("ec2", "AllocateAddress", Domain="vpc")["AllocationId"]
nat = call("ec2", "CreateNatGateway", SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
nat_state = lambda: call("ec2", "DescribeNatGateways", NatGatewayIds=[nat])["NatGateways"][0]["State"]
until("available", nat_state)
call("ec2", "DeleteNatGateway", NatGatewayId=nat)
until("deleted", nat_state)
call("ec2", "ReleaseAddress", AllocationId=address)
endpoint = call("ec2", "CreateVpcEndpoint", VpcId=own, ServiceName=f"com.amazonaws.{zones[0][:-1]}.s3", RouteTableIds=[table])["VpcEndpoint"]["VpcEndpointId"]
call("ec2", "ModifyVpcEndpoint", VpcEndpointId=endpoint, RemoveRouteTableIds=[table])
call("ec2", "DeleteVpcEndpoints", VpcEndpointIds=[endpoint])
call("ec2", "DeleteRoute", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
call("ec2", "DisassociateRouteTable", AssociationId=association)
call("ec2", "DeleteRouteTable", RouteTableId=table)
call("ec2", "DetachInternetGateway", InternetGatewayId=gateway, VpcId=own)
call("ec2", "DeleteInternetGateway", InternetGatewayId=gateway)
call("ec2", "DeleteSubnet", SubnetId=subnet)
call("ec2", "DeleteVpc", VpcId=own)
web = call("ec2", "CreateSecurityGroup", GroupName="web", Description="web")["GroupId"]
http = [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
call("ec2", "AuthorizeSecurityGroupIngress", GroupId=web, IpPermissions=http)
call("ec2", "RevokeSecurityGroupIngress", GroupId=web, IpPermissions=http)
call("ec2", "AuthorizeSecurityGroupEgress", GroupId=web, IpPermissions=http)
call("ec2", "RevokeSecurityGroupEgress", GroupId=web, IpPermissions=http)
CLIENTS["ec2"].authorize_security_group_ingress(GroupId=web, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
call("ec2", "DescribeSecurityGroupRules")
call("ec2", "DescribeSecurityGroups")
call("ec2", "CreateTags", Resources=[web], Tags=TAGS)
assert len(call("ec2", "DescribeTags", Filters=[{"Name": "resource-id", "Values": [web]}])["Tags"]) == 1
call("ec2", "DeleteTags", Resources=[web], Tags=TAGS)
call("ec2", "CreateKeyPair", KeyName="key")
call("ec2", "DescribeKeyPairs")
call("ec2", "DeleteKeyPair", KeyName="key")

# Roles
role = call("iam", "CreateRole", RoleName="host", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))["Role"]["Arn"]
call("iam", "GetRole", RoleName="host")
call("iam", "UpdateAssumeRolePolicy", RoleName="host", PolicyDocument=trust("ec2.amazonaws.com"))
call("iam", "UpdateRole", RoleName="host", Description="host")
call("iam", "UpdateRoleDescription", RoleName="host", Description="hosts")
boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
call("iam", "PutRolePermissionsBoundary", RoleName="host", PermissionsBoundary=boundary)
call("iam", "DeleteRolePermissionsBoundary", RoleName="host")
call("iam", "TagRole", RoleName="host", Tags=TAGS)
call("iam", "ListRoleTags", RoleName="host")
call("iam", "UntagRole", RoleName="host", TagKeys=["a"])
call("iam", "ListRoles")
hosts = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
call("iam", "AttachRolePolicy", RoleName="host", PolicyArn=hosts)
call("iam", "ListAttachedRolePolicies", RoleName="host")
call("iam", "PutRolePolicy", RoleName="host", PolicyName="own", PolicyDocument=POLICY)
call("iam", "GetRolePolicy", RoleName="host", PolicyName="own")
call("iam", "ListRolePolicies", RoleName="host")
call("iam", "DeleteRolePolicy", RoleName="host", PolicyName="own")
policy = call("iam", "CreatePolicy", PolicyName="own", PolicyDocument=POLICY)["Policy"]["Arn"]
call("iam", "GetPolicy", PolicyArn=policy)
call("iam", "ListPolicies", Scope="Local")
call("iam", "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=POLICY, SetAsDefault=True)
call("iam", "GetPolicyVersion", PolicyArn=policy, VersionId="v2")
call("iam", "ListPolicyVersions", PolicyArn=policy)
call("iam", "SetDefaultPolicyVersion", PolicyArn=policy, VersionId="v1")
call("iam", "DeletePolicyVersion", PolicyArn=policy, VersionId="v2")
call("iam", "TagPolicy", PolicyArn=policy, Tags=TAGS)
call("iam", "ListPolicyTags", PolicyArn=policy)
call("iam", "UntagPolicy", PolicyArn=policy, TagKeys=["a"])
call("iam", "ListEntitiesForPolicy", PolicyArn=policy)
call("iam", "DeletePolicy", PolicyArn=policy)
call("iam", "CreateInstanceProfile", InstanceProfileName="host")
call("iam", "AddRoleToInstanceProfile", InstanceProfileName="host", RoleName="host")
call("iam", "GetInstanceProfile", InstanceProfileName="host")
call("iam", "TagInstanceProfile", InstanceProfileName="host", Tags=TAGS)
call("iam", "ListInstanceProfileTags", InstanceProfileName="host")
call("iam", "UntagInstanceProfile", InstanceProfileName="host", TagKeys=["a"])
call("iam", "ListInstanceProfiles")
call("iam", "ListInstanceProfilesForRole", RoleName="host")
call("iam", "GetAccountAuthorizationDetails", Filter=["Role"])
user = {"UserName": "deployer"}
call("iam", "CreateUser", **user, Tags=TAGS)
call("iam", "TagUser", **user, Tags=TAGS)
call("iam", "ListUserTags", **user)
call("iam", "UntagUser", **user, TagKeys=["a"])
call("iam", "ListUsers")
key = call("iam", "CreateAccessKey", **user)["AccessKey"]["AccessKeyId"]
call("iam", "ListAccessKeys", **user)
call("iam", "UpdateAccessKey", **user, AccessKeyId=key, Status="Inactive")
call("iam", "DeleteAccessKey", **user, AccessKeyId=key)
call("iam", "AttachUserPolicy", **user, PolicyArn=boundary)
call("iam", "ListAttachedUserPolicies", **user)
call("iam", "DetachUserPolicy", **user, PolicyArn=boundary)
call("iam", "PutUserPolicy", **user, PolicyName="own", PolicyDocument=POLICY)
call("iam", "GetUserPolicy", **user, PolicyName="own")
call("iam", "ListUserPolicies", **user)
call("iam", "DeleteUserPolicy", **user, PolicyName="own")
group = {"GroupName": "operators"}
call("iam", "CreateGroup", **group)
call("iam", "AddUserToGroup", **group, **user)
call("iam", "GetGroup", **group)
call("iam", "ListGroups")
call("iam", "ListGroupsForUser", **user)
call("iam", "RemoveUserFromGroup", **group, **user)
call("iam", "AttachGroupPolicy", **group, PolicyArn=boundary)
call("iam", "ListAttachedGroupPolicies", **group)
call("iam", "DetachGroupPolicy", **group, PolicyArn=boundary)
call("iam", "PutGroupPolicy", **group, PolicyName="own", PolicyDocument=POLICY)
call("iam", "GetGroupPolicy", **group, PolicyName="own")
call("iam", "ListGroupPolicies", **group)
call("iam", "DeleteGroupPolicy", **group, PolicyName="own")
call("iam", "UpdateGroup", **group, NewGroupName="admins")
call("iam", "DeleteGroup", GroupName="admins")
call("iam", "DeleteUser", **user)
for operation in ["GetUser", "ListAccountAliases", "GetAccountSummary"]:
    call("iam", operation)
linked = call("iam", "CreateServiceLinkedRole", AWSServiceName="autoscaling.amazonaws.com")["Role"]["RoleName"]
task = call("iam", "DeleteServiceLinkedRole", RoleName=linked)["DeletionTaskId"]
call("iam", "GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task)

# A cluster with instances
cluster = call("ecs", "CreateCluster", clusterName="main")["cluster"]["clusterArn"]
user_data = "IyEvYmluL2Jhc2gKZWNobyBFQ1NfQ0xVU1RFUj1tYWluID4+IC9ldGMvZWNzL2Vjcy5jb25maWcK"
data = {"ImageId": ami, "InstanceType": "t3.micro", "SecurityGroupIds": [web], "UserData": user_data, "IamInstanceProfile": {"Name": "host"}}
call("ec2", "CreateLaunchTemplate", LaunchTemplateName="host", LaunchTemplateData=data)
call("ec2", "DescribeLaunchTemplates")
call("ec2", "CreateLaunchTemplateVersion", LaunchTemplateName="host", LaunchTemplateData=data)
call("ec2", "DescribeLaunchTemplateVersions", LaunchTemplateName="host")
single = call("ec2", "RunInstances", MinCount=1, MaxCount=1, ImageId=ami, InstanceType="t3.micro")["Instances"][0]["InstanceId"]
call("ec2", "DescribeInstances", InstanceIds=[single])
call("ec2", "DescribeInstanceStatus", IncludeAllInstances=True)
state_of_single = lambda: CLIENTS["ec2"].describe_instances(InstanceIds=[single])["Reservations"][0]["Instances"][0]["State"]["Name"]
until("running", state_of_single)
call("ec2", "RebootInstances", InstanceIds=[single])
call("ec2", "StopInstances", InstanceIds=[single])
until("stopped", state_of_single)
call("ec2", "StartInstances", InstanceIds=[single])
call("ec2", "TerminateInstances", InstanceIds=[single])
configuration = {"LaunchConfigurationName": "hosts"}
call("autoscaling", "CreateLaunchConfiguration", **configuration, ImageId=ami, InstanceType="t3.micro")
assert len(call("autoscaling", "DescribeLaunchConfigurations")["LaunchConfigurations"]) == 1
call("autoscaling", "DeleteLaunchConfiguration", **configuration)
group = {"AutoScalingGroupName": "hosts"}
template = {"LaunchTemplateName": "host"}
call("autoscaling", "CreateAutoScalingGroup", **group, LaunchTemplate=template, MinSize=1, MaxSize=4, DesiredCapacity=2, VPCZoneIdentifier=",".join(subnets))
call("autoscaling", "UpdateAutoScalingGroup", **group, MinSize=0)
call("autoscaling", "DescribeAutoScalingGroups")
group_tags = [{"ResourceId": "hosts", "ResourceType": "auto-scaling-group", "Key": "a", "Value": "b", "PropagateAtLaunch": True}]
call("autoscaling", "CreateOrUpdateTags", Tags=group_tags)
assert len(call("autoscaling", "DescribeTags")["Tags"]) == 1
call("autoscaling", "DeleteTags", Tags=group_tags)
simple = {"PolicyName": "more", "AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 1}
call("autoscaling", "PutScalingPolicy", **group, **simple)
call("autoscaling", "DescribePolicies")
call("autoscaling", "ExecutePolicy", **group, PolicyName="more")
call("autoscaling", "DeletePolicy", **group, PolicyName="more")
call("autoscaling", "PutScheduledUpdateGroupAction", **group, ScheduledActionName="morning", Recurrence="0 8 * * *", MinSize=1)
call("autoscaling", "DescribeScheduledActions")
call("autoscaling", "DeleteScheduledAction", **group, ScheduledActionName="morning")
call("autoscaling", "SetDesiredCapacity", **group, DesiredCapacity=2)
call("autoscaling", "SuspendProcesses", **group, ScalingProcesses=["AZRebalance"])
call("autoscaling", "ResumeProcesses", **group)
for operation in ["DescribeScalingActivities", "DescribeAccountLimits", "DescribeAdjustmentTypes", "DescribeTerminationPolicyTypes"]:
    call("autoscaling", operation)
registered = lambda: CLIENTS["ecs"].describe_clusters(clusters=["main"])["clusters"][0]["registeredContainerInstancesCount"]
until(2, registered)
members = [one["InstanceId"] for one in call("autoscaling", "DescribeAutoScalingInstances")["AutoScalingInstances"]]
call("autoscaling", "SetInstanceProtection", **group, InstanceIds=members[:1], ProtectedFromScaleIn=False)
call("autoscaling", "SetInstanceHealth", InstanceId=members[0], HealthStatus="Healthy")
call("autoscaling", "EnterStandby", **group, InstanceIds=members[:1], ShouldDecrementDesiredCapacity=True)
call("autoscaling", "ExitStandby", **group, InstanceIds=members[:1])
call("autoscaling", "DetachInstances", **group, InstanceIds=members[:1], ShouldDecrementDesiredCapacity=True)
call("autoscaling", "AttachInstances", **group, InstanceIds=members[:1])
call("ecs", "DescribeClusters", clusters=["main"])
call("ecs", "ListClusters")
call("ecs", "UpdateCluster", cluster="main", settings=[{"name": "containerInsights", "value": "enabled"}])
call("ecs", "UpdateClusterSettings", cluster="main", settings=[{"name": "containerInsights", "value": "disabled"}])
hosts_of = call("ecs", "ListContainerInstances", cluster="main")["containerInstanceArns"]
call("ecs", "DescribeContainerInstances", cluster="main", containerInstances=hosts_of)
attribute = {"name": "stack", "value": "blue", "targetId": hosts_of[0]}
call("ecs", "PutAttributes", cluster="main", attributes=[attribute])
call("ecs", "ListAttributes", cluster="main", targetType="container-instance", attributeName="stack")
call("ecs", "DeleteAttributes", cluster="main", attributes=[attribute])
call("ecs", "UpdateContainerInstancesState", cluster="main", containerInstances=hosts_of[:1], status="ACTIVE")
identity = json.dumps({"instanceId": "i-0123456789abcdef0", "instanceType": "t3.micro", "availabilityZone": zones[0], "region": "eu-west-1"})
foreign = call("ecs", "RegisterContainerInstance", cluster="main", instanceIdentityDocument=identity)["containerInstance"]["containerInstanceArn"]
call("ecs", "DeregisterContainerInstance", cluster="main", containerInstance=foreign)
arn = CLIENTS["autoscaling"].describe_auto_scaling_groups()["AutoScalingGroups"][0]["AutoScalingGroupARN"]
call("ecs", "CreateCapacityProvider", name="hosts", autoScalingGroupProvider={"autoScalingGroupArn": arn})
call("ecs", "DescribeCapacityProviders")
call("ecs", "UpdateCapacityProvider", name="hosts", autoScalingGroupProvider={"managedDraining": "DISABLED"})
call("ecs", "PutClusterCapacityProviders", cluster="main", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[])
call("ecs", "DeleteCapacityProvider", capacityProvider="hosts")
call("ecs", "PutAccountSetting", name="containerInsights", value="enabled")
call("ecs", "PutAccountSettingDefault", name="containerInsights", value="disabled")
call("ecs", "ListAccountSettings", effectiveSettings=True)
call("ecs", "DeleteAccountSetting", name="containerInsights")
call("ecs", "TagResource", resourceArn=cluster, tags=[{"key": "a", "value": "b"}])
call("ecs", "ListTagsForResource", resourceArn=cluster)
call("resourcegroupstaggingapi", "GetResources")
call("resourcegroupstaggingapi", "GetTagKeys")
call("resourcegroupstaggingapi", "GetTagValues", Key="a")
call("ecs", "UntagResource", resourceArn=cluster, tagKeys=["a"])

# A load balancer
balancer = call("elbv2", "CreateLoadBalancer", Name="alb", Subnets=subnets, SecurityGroups=[web])["LoadBalancers"][0]["LoadBalancerArn"]
until("active", lambda: CLIENTS["elbv2"].describe_load_balancers()["LoadBalancers"][0]["State"]["Code"])
call("elbv2", "DescribeLoadBalancers")
call("elbv2", "SetSecurityGroups", LoadBalancerArn=balancer, SecurityGroups=[web])
call("elbv2", "SetSubnets", LoadBalancerArn=balancer, Subnets=subnets)
call("elbv2", "SetIpAddressType", LoadBalancerArn=balancer, IpAddressType="ipv4")
call("elbv2", "ModifyLoadBalancerAttributes", LoadBalancerArn=balancer, Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "30"}])
call("elbv2", "DescribeLoadBalancerAttributes", LoadBalancerArn=balancer)
targets = call("elbv2", "CreateTargetGroup", Name="talk", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
call("elbv2", "ModifyTargetGroup", TargetGroupArn=targets, HealthCheckPath="/health")
call("elbv2", "DescribeTargetGroups")
call("elbv2", "ModifyTargetGroupAttributes", TargetGroupArn=targets, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "0"}])
call("elbv2", "DescribeTargetGroupAttributes", TargetGroupArn=targets)
forward = [{"Type": "forward", "TargetGroupArn": targets}]
listener = call("elbv2", "CreateListener", LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)["Listeners"][0]["ListenerArn"]
call("elbv2", "ModifyListener", ListenerArn=listener, DefaultActions=forward)
call("elbv2", "DescribeListeners", LoadBalancerArn=balancer)
server = [{"Key": "routing.http.response.server.enabled", "Value": "false"}]
call("elbv2", "ModifyListenerAttributes", ListenerArn=listener, Attributes=server)
call("elbv2", "DescribeListenerAttributes", ListenerArn=listener)
path = [{"Field": "path-pattern", "Values": ["/talk*"]}]
rule = call("elbv2", "CreateRule", ListenerArn=listener, Priority=1, Conditions=path, Actions=forward)["Rules"][0]["RuleArn"]
call("elbv2", "ModifyRule", RuleArn=rule, Conditions=path)
call("elbv2", "SetRulePriorities", RulePriorities=[{"RuleArn": rule, "Priority": 2}])
call("elbv2", "DescribeRules", ListenerArn=listener)
call("elbv2", "AddTags", ResourceArns=[balancer], Tags=TAGS)
call("elbv2", "DescribeTags", ResourceArns=[balancer])
call("elbv2", "RemoveTags", ResourceArns=[balancer], TagKeys=["a"])
call("elbv2", "RegisterTargets", TargetGroupArn=targets, Targets=[{"Id": members[0], "Port": 8080}])
call("elbv2", "DescribeTargetHealth", TargetGroupArn=targets)
call("elbv2", "DeregisterTargets", TargetGroupArn=targets, Targets=[{"Id": members[0], "Port": 8080}])
call("autoscaling", "AttachLoadBalancerTargetGroups", **group, TargetGroupARNs=[targets])
call("autoscaling", "DescribeLoadBalancerTargetGroups", **group)
call("autoscaling", "DetachLoadBalancerTargetGroups", **group, TargetGroupARNs=[targets])
# Domains: zones, records, and certificates that they validate
zone = call("route53", "CreateHostedZone", Name="talks.test", CallerReference="1")["HostedZone"]["Id"]
call("route53", "ListHostedZones")
assert len(call("route53", "GetHostedZone", Id=zone)["DelegationSet"]["NameServers"]) == 4
certificate = call("acm", "RequestCertificate", DomainName="www.talks.test", ValidationMethod="DNS", Tags=TAGS)["CertificateArn"]
until(True, lambda: "ResourceRecord" in CLIENTS["acm"].describe_certificate(CertificateArn=certificate)["Certificate"]["DomainValidationOptions"][0])
record = CLIENTS["acm"].describe_certificate(CertificateArn=certificate)["Certificate"]["DomainValidationOptions"][0]["ResourceRecord"]
cname = {"Name": record["Name"], "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": record["Value"]}]}
change = call("route53", "ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": cname}]})["ChangeInfo"]["Id"]
call("route53", "GetChange", Id=change)
assert cname in call("route53", "ListResourceRecordSets", HostedZoneId=zone)["ResourceRecordSets"]
until("ISSUED", lambda: CLIENTS["acm"].describe_certificate(CertificateArn=certificate)["Certificate"]["Status"])
call("acm", "AddTagsToCertificate", CertificateArn=certificate, Tags=TAGS)
assert call("acm", "ListTagsForCertificate", CertificateArn=certificate)["Tags"] == TAGS
call("acm", "DeleteCertificate", CertificateArn=certificate)
CLIENTS["route53"].change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": cname}]})
call("route53", "DeleteHostedZone", Id=zone)
web_acl = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/talks/a1b2c3d4"
until("active", lambda: CLIENTS["elbv2"].describe_load_balancers(LoadBalancerArns=[balancer])["LoadBalancers"][0]["State"]["Code"])
call("wafv2", "AssociateWebACL", WebACLArn=web_acl, ResourceArn=balancer)
assert call("wafv2", "GetWebACLForResource", ResourceArn=balancer)["WebACL"]["Name"] == "talks"
call("wafv2", "DisassociateWebACL", ResourceArn=balancer)
# Namespaces, with DNS names and without
creating = call("servicediscovery", "CreatePrivateDnsNamespace", Name="talks.internal", Vpc=vpc, Tags=TAGS)["OperationId"]
until("SUCCESS", lambda: CLIENTS["servicediscovery"].get_operation(OperationId=creating)["Operation"]["Status"])
[private] = CLIENTS["servicediscovery"].list_namespaces(Filters=[{"Name": "NAME", "Values": ["talks.internal"]}])["Namespaces"]
assert CLIENTS["route53"].get_hosted_zone(Id=private["Properties"]["DnsProperties"]["HostedZoneId"])["VPCs"][0]["VPCId"] == vpc
records = lambda ttl: {"DnsRecords": [{"Type": "A", "TTL": ttl}]}
named = CLIENTS["servicediscovery"].create_service(Name="catalog", NamespaceId=private["Id"], DnsConfig=records(60))["Service"]["Id"]
updating = call("servicediscovery", "UpdateService", Id=named, Service={"DnsConfig": records(10)})["OperationId"]
until("SUCCESS", lambda: CLIENTS["servicediscovery"].get_operation(OperationId=updating)["Operation"]["Status"])
assert CLIENTS["servicediscovery"].get_service(Id=named)["Service"]["DnsConfig"]["DnsRecords"][0]["TTL"] == 10
CLIENTS["servicediscovery"].delete_service(Id=named)
CLIENTS["servicediscovery"].delete_namespace(Id=private["Id"])
# Namespaces, and Service Connect in them
creating = call("servicediscovery", "CreateHttpNamespace", Name="talks", Tags=TAGS)["OperationId"]
until("SUCCESS", lambda: call("servicediscovery", "GetOperation", OperationId=creating)["Operation"]["Status"])
[talks] = call("servicediscovery", "ListNamespaces", Filters=[{"Name": "NAME", "Values": ["talks"]}])["Namespaces"]
assert call("servicediscovery", "GetNamespace", Id=talks["Id"])["Namespace"]["Type"] == "HTTP"
assert call("servicediscovery", "ListTagsForResource", ResourceARN=talks["Arn"])["Tags"] == TAGS
call("servicediscovery", "TagResource", ResourceARN=talks["Arn"], Tags=TAGS)
call("servicediscovery", "UntagResource", ResourceARN=talks["Arn"], TagKeys=["a"])
by_hand = call("servicediscovery", "CreateService", Name="by-hand", NamespaceId=talks["Id"])["Service"]["Id"]
call("servicediscovery", "GetService", Id=by_hand)
[discovered] = call("servicediscovery", "ListServices", Filters=[{"Name": "NAMESPACE_ID", "Values": [talks["Id"]]}])["Services"]
assert discovered["Name"] == "by-hand"
registering = call("servicediscovery", "RegisterInstance", ServiceId=by_hand, InstanceId="one", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.7"})
until("SUCCESS", lambda: CLIENTS["servicediscovery"].get_operation(OperationId=registering["OperationId"])["Operation"]["Status"])
assert call("servicediscovery", "ListInstances", ServiceId=by_hand)["Instances"][0]["Id"] == "one"
assert call("servicediscovery", "DiscoverInstances", NamespaceName="talks", ServiceName="by-hand")["Instances"][0]["InstanceId"] == "one"
leaving = call("servicediscovery", "DeregisterInstance", ServiceId=by_hand, InstanceId="one")
until("SUCCESS", lambda: CLIENTS["servicediscovery"].get_operation(OperationId=leaving["OperationId"])["Operation"]["Status"])
call("servicediscovery", "DeleteService", Id=by_hand)
assert call("ecs", "ListServicesByNamespace", namespace="talks")["serviceArns"] == []
call("servicediscovery", "DeleteNamespace", Id=talks["Id"])
call("elbv2", "DescribeAccountLimits")
call("elbv2", "DescribeSSLPolicies")
certificates = [one["CertificateArn"] for one in call("acm", "ListCertificates")["CertificateSummaryList"]]
call("acm", "DescribeCertificate", CertificateArn=certificates[0])
tls = {"Protocol": "HTTPS", "Port": 443, "Certificates": [{"CertificateArn": certificates[0]}]}
secure = CLIENTS["elbv2"].create_listener(LoadBalancerArn=balancer, DefaultActions=forward, **tls)["Listeners"][0]["ListenerArn"]
other = [{"CertificateArn": certificates[1]}]
call("elbv2", "AddListenerCertificates", ListenerArn=secure, Certificates=other)
call("elbv2", "DescribeListenerCertificates", ListenerArn=secure)
call("elbv2", "RemoveListenerCertificates", ListenerArn=secure, Certificates=other)

# Images and logs
call("ecr", "GetAuthorizationToken")
call("ecr", "DescribeRegistry")
repository = call("ecr", "CreateRepository", repositoryName="talk")["repository"]["repositoryArn"]
named = {"repositoryName": "talk"}
call("ecr", "DescribeRepositories")
call("ecr", "PutImageTagMutability", **named, imageTagMutability="IMMUTABLE")
call("ecr", "PutImageScanningConfiguration", **named, imageScanningConfiguration={"scanOnPush": True})
call("ecr", "PutImage", **named, imageManifest='{"schemaVersion":2}', imageTag="1")
call("ecr", "ListImages", **named)
call("ecr", "DescribeImages", **named)
call("ecr", "BatchGetImage", **named, imageIds=[{"imageTag": "1"}])
call("ecr", "BatchCheckLayerAvailability", **named, layerDigests=["sha256:" + "0" * 64])
call("ecr", "BatchDeleteImage", **named, imageIds=[{"imageTag": "1"}])
call("ecr", "SetRepositoryPolicy", **named, policyText=POLICY)
call("ecr", "GetRepositoryPolicy", **named)
call("ecr", "DeleteRepositoryPolicy", **named)
expiry = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10}
rules = {"rules": [{"rulePriority": 1, "description": "keep ten", "selection": expiry, "action": {"type": "expire"}}]}
call("ecr", "PutLifecyclePolicy", **named, lifecyclePolicyText=json.dumps(rules))
call("ecr", "GetLifecyclePolicy", **named)
call("ecr", "DeleteLifecyclePolicy", **named)
call("ecr", "TagResource", resourceArn=repository, tags=TAGS)
call("ecr", "ListTagsForResource", resourceArn=repository)
call("ecr", "UntagResource", resourceArn=repository, tagKeys=["a"])
call("ecr", "DeleteRepository", **named)
logs = {"logGroupName": "talk"}
stream = {**logs, "logStreamName": "one"}
call("logs", "CreateLogGroup", **logs)
log_arn = call("logs", "DescribeLogGroups")["logGroups"][0]["logGroupArn"]
call("logs", "AssociateKmsKey", **logs, kmsKeyId="arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab")
call("logs", "PutRetentionPolicy", **logs, retentionInDays=7)
call("logs", "DeleteRetentionPolicy", **logs)
call("logs", "TagResource", resourceArn=log_arn, tags={"a": "b"})
call("logs", "ListTagsForResource", resourceArn=log_arn)
call("logs", "UntagResource", resourceArn=log_arn, tagKeys=["a"])
call("logs", "TagLogGroup", **logs, tags={"a": "b"})
call("logs", "ListTagsLogGroup", **logs)
call("logs", "UntagLogGroup", **logs, tags=["a"])
call("logs", "CreateLogStream", **stream)
now = int(time.time() * 1000)
call("logs", "PutLogEvents", **stream, logEvents=[{"timestamp": now, "message": "hello"}])
assert call("logs", "GetLogEvents", **stream)["events"][0]["message"] == "hello"
call("logs", "FilterLogEvents", **logs)
call("logs", "DescribeLogStreams", **logs)
call("logs", "DeleteLogStream", **stream)
call("logs", "DeleteLogGroup", **logs)
call("ssm", "PutParameter", Name="/talk/greeting", Value="hello", Type="String")
call("ssm", "GetParameters", Names=["/talk/greeting", "/none"])
call("ssm", "GetParametersByPath", Path="/talk")
call("ssm", "DescribeParameters")
call("ssm", "DeleteParameter", Name="/talk/greeting")

# A service
call("iam", "DetachRolePolicy", RoleName="host", PolicyArn=boundary.replace("ReadOnlyAccess", "service-role/AmazonEC2ContainerServiceforEC2Role"))
CLIENTS["iam"].create_role(RoleName="task", AssumeRolePolicyDocument=trust("ecs-tasks.amazonaws.com"))
CLIENTS["iam"].put_role_policy(RoleName="task", PolicyName="exec", PolicyDocument=POLICY.replace("s3:*", "ssmmessages:*"))
container = {"name": "web", "image": "talk", "cpu": 64, "memory": 64, "portMappings": [{"containerPort": 8080}]}
definition = {"family": "talk", "containerDefinitions": [container], "taskRoleArn": role.replace("/host", "/task")}
call("ecs", "RegisterTaskDefinition", **definition)
CLIENTS["ecs"].register_task_definition(**definition)
call("ecs", "DescribeTaskDefinition", taskDefinition="talk")
call("ecs", "ListTaskDefinitions")
call("ecs", "ListTaskDefinitionFamilies")
call("ecs", "DeregisterTaskDefinition", taskDefinition="talk:1")
call("ecs", "DeleteTaskDefinitions", taskDefinitions=["talk:1"])
behind = [{"targetGroupArn": targets, "containerName": "web", "containerPort": 8080}]
service = {"cluster": "main", "service": "talk"}
call("ecs", "CreateService", cluster="main", serviceName="talk", taskDefinition="talk", desiredCount=2, loadBalancers=behind, enableExecuteCommand=True)
running = lambda: CLIENTS["ecs"].describe_services(cluster="main", services=["talk"])["services"][0]["runningCount"]
until(2, running)
call("ecs", "DescribeServices", cluster="main", services=["talk"])
call("ecs", "ListServices", cluster="main")
deployments = call("ecs", "ListServiceDeployments", **service)["serviceDeployments"]
call("ecs", "DescribeServiceDeployments", serviceDeploymentArns=[deployments[0]["serviceDeploymentArn"]])
call("ecs", "DescribeServiceRevisions", serviceRevisionArns=[deployments[0]["targetServiceRevisionArn"]])
tasks = call("ecs", "ListTasks", cluster="main")["taskArns"]
call("ecs", "DescribeTasks", cluster="main", tasks=tasks)
call("ecs", "UpdateTaskProtection", cluster="main", tasks=tasks[:1], protectionEnabled=True)
assert call("ecs", "GetTaskProtection", cluster="main", tasks=tasks[:1])["protectedTasks"][0]["protectionEnabled"]
instances = CLIENTS["ecs"].list_container_instances(cluster="main")["containerInstanceArns"]
placed = call("ecs", "StartTask", cluster="main", taskDefinition="talk", containerInstances=instances[:1])
assert placed["tasks"][0]["containerInstanceArn"] == instances[0]
CLIENTS["ecs"].stop_task(cluster="main", task=placed["tasks"][0]["taskArn"])
one = call("ecs", "RunTask", cluster="main", taskDefinition="talk", enableExecuteCommand=True)["tasks"][0]["taskArn"]
agents = lambda: CLIENTS["ecs"].describe_tasks(cluster="main", tasks=[one])["tasks"][0]["containers"][0].get("managedAgents")
until([{"name": "ExecuteCommandAgent", "lastStatus": "RUNNING"}], agents)
call("ecs", "ExecuteCommand", cluster="main", task=one, command="sh", interactive=True)
call("ecs", "StopTask", cluster="main", task=one)
finished = lambda: CLIENTS["ecs"].list_service_deployments(**service, status=["SUCCESSFUL"])["serviceDeployments"] != []
until(True, finished)
CLIENTS["ecs"].register_task_definition(**{**definition, "containerDefinitions": [{**container, "image": "next"}]})
call("ecs", "UpdateService", **service, taskDefinition="talk")
current = CLIENTS["ecs"].list_service_deployments(**service)["serviceDeployments"][0]["serviceDeploymentArn"]
call("ecs", "StopServiceDeployment", serviceDeploymentArn=current, stopType="ROLLBACK")
target = {"ServiceNamespace": "ecs", "ResourceId": "service/main/talk", "ScalableDimension": "ecs:service:DesiredCount"}
call("application-autoscaling", "RegisterScalableTarget", **target, MinCapacity=1, MaxCapacity=4)
scalable = call("application-autoscaling", "DescribeScalableTargets", ServiceNamespace="ecs")["ScalableTargets"][0]["ScalableTargetARN"]
call("application-autoscaling", "TagResource", ResourceARN=scalable, Tags={"a": "b"})
call("application-autoscaling", "ListTagsForResource", ResourceARN=scalable)
call("application-autoscaling", "UntagResource", ResourceARN=scalable, TagKeys=["a"])
cpu = {"TargetValue": 50.0, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}
call("application-autoscaling", "PutScalingPolicy", **target, PolicyName="cpu", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration=cpu)
call("application-autoscaling", "DescribeScalingPolicies", ServiceNamespace="ecs")
call("application-autoscaling", "DeleteScalingPolicy", **target, PolicyName="cpu")
call("application-autoscaling", "PutScheduledAction", **target, ScheduledActionName="morning", Schedule="cron(0 8 * * ? *)", ScalableTargetAction={"MinCapacity": 2})
call("application-autoscaling", "DescribeScheduledActions", ServiceNamespace="ecs")
call("application-autoscaling", "DeleteScheduledAction", **target, ScheduledActionName="morning")
call("application-autoscaling", "DescribeScalingActivities", ServiceNamespace="ecs")
call("application-autoscaling", "DeregisterScalableTarget", **target)
metric = {"Namespace": "Conference", "MetricName": "Load"}
call("cloudwatch", "PutMetricAlarm", AlarmName="busy", **metric, Statistic="Average", Period=60, EvaluationPeriods=1, Threshold=30, ComparisonOperator="GreaterThanThreshold")
alarm = call("cloudwatch", "DescribeAlarms")["MetricAlarms"][0]["AlarmArn"]
call("cloudwatch", "TagResource", ResourceARN=alarm, Tags=TAGS)
call("cloudwatch", "ListTagsForResource", ResourceARN=alarm)
call("cloudwatch", "UntagResource", ResourceARN=alarm, TagKeys=["a"])
call("cloudwatch", "SetAlarmState", AlarmName="busy", StateValue="OK", StateReason="test")
call("cloudwatch", "DisableAlarmActions", AlarmNames=["busy"])
call("cloudwatch", "EnableAlarmActions", AlarmNames=["busy"])
call("cloudwatch", "DescribeAlarmsForMetric", **metric)
call("cloudwatch", "DescribeAlarmHistory")
at = time.time()
call("cloudwatch", "PutMetricData", Namespace="Conference", MetricData=[{"MetricName": "Load", "Value": 7, "Timestamp": at}])
call("cloudwatch", "ListMetrics")
period = {"StartTime": at - 600, "EndTime": at + 600}
points = call("cloudwatch", "GetMetricStatistics", **metric, **period, Period=60, Statistics=["Sum"])["Datapoints"]
assert [point["Sum"] for point in points] == [7]
wanted = {"Id": "load", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}
values = call("cloudwatch", "GetMetricData", **period, MetricDataQueries=[wanted])["MetricDataResults"][0]["Values"]
assert values == [7]
call("cloudwatch", "DeleteAlarms", AlarmNames=["busy"])
arn = call("scheduler", "CreateScheduleGroup", Name="nightly")["ScheduleGroupArn"]
call("scheduler", "GetScheduleGroup", Name="nightly")
call("scheduler", "ListScheduleGroups")
call("scheduler", "TagResource", ResourceArn=arn, Tags=TAGS)
call("scheduler", "ListTagsForResource", ResourceArn=arn)
call("scheduler", "UntagResource", ResourceArn=arn, TagKeys=["a"])
CLIENTS["iam"].create_role(RoleName="scheduler", AssumeRolePolicyDocument=trust("scheduler.amazonaws.com"))
run = {"Arn": cluster, "RoleArn": role.replace("/host", "/scheduler"), "EcsParameters": {"TaskDefinitionArn": role.replace("iam::", "ecs:eu-west-1:").replace("role/host", "task-definition/talk:2")}}
schedule = {"Name": "report", "GroupName": "nightly", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": run}
call("scheduler", "CreateSchedule", **schedule)
call("scheduler", "GetSchedule", Name="report", GroupName="nightly")
call("scheduler", "UpdateSchedule", **{**schedule, "ScheduleExpression": "rate(2 days)"})
call("scheduler", "ListSchedules", GroupName="nightly")
call("scheduler", "DeleteSchedule", Name="report", GroupName="nightly")
call("scheduler", "DeleteScheduleGroup", Name="nightly")

# The end
call("ecs", "DeleteService", **service, force=True)
call("elbv2", "DeleteRule", RuleArn=rule)
call("elbv2", "DeleteListener", ListenerArn=listener)
call("elbv2", "DeleteLoadBalancer", LoadBalancerArn=balancer)
call("elbv2", "DeleteTargetGroup", TargetGroupArn=targets)
# A newer version of the template, so that the group has an older one to go back to
newer = CLIENTS["ec2"].create_launch_template_version(SourceVersion="$Latest", LaunchTemplateData={"InstanceType": "t3.small"}, LaunchTemplateName="host")
wanted = {"LaunchTemplate": {"LaunchTemplateName": "host", "Version": str(newer["LaunchTemplateVersion"]["VersionNumber"])}}
CLIENTS["autoscaling"].update_auto_scaling_group(**group, LaunchTemplate={**template, "Version": "1"})
# A refresh whose process is suspended lasts until it is resumed, however far time jumps between requests
for operation in ["RollbackInstanceRefresh", "CancelInstanceRefresh"]:
    CLIENTS["autoscaling"].suspend_processes(**group, ScalingProcesses=["InstanceRefresh"])
    call("autoscaling", "StartInstanceRefresh", **group, DesiredConfiguration=wanted)
    call("autoscaling", operation, **group)
    CLIENTS["autoscaling"].resume_processes(**group, ScalingProcesses=["InstanceRefresh"])
    until(True, lambda: ends("RollbackSuccessful", "Cancelled"))
assert call("autoscaling", "DescribeInstanceRefreshes", **group)["InstanceRefreshes"] != []
victim = CLIENTS["autoscaling"].describe_auto_scaling_instances()["AutoScalingInstances"][0]["InstanceId"]
call("autoscaling", "TerminateInstanceInAutoScalingGroup", InstanceId=victim, ShouldDecrementDesiredCapacity=True)
call("autoscaling", "DeleteAutoScalingGroup", **group, ForceDelete=True)
until([], lambda: CLIENTS["autoscaling"].describe_auto_scaling_groups()["AutoScalingGroups"])
call("ec2", "DeleteLaunchTemplate", LaunchTemplateName="host")
until(0, registered)
inactive = lambda: CLIENTS["ecs"].describe_services(cluster="main", services=["talk"])["services"][0]["status"]
until("INACTIVE", inactive)
stopped = lambda: CLIENTS["ecs"].list_tasks(cluster="main")["taskArns"]
until([], stopped)
call("ecs", "DeleteCluster", cluster="main")
call("iam", "RemoveRoleFromInstanceProfile", InstanceProfileName="host", RoleName="host")
call("iam", "DeleteInstanceProfile", InstanceProfileName="host")
call("iam", "DeleteRole", RoleName="host")
free = lambda: CLIENTS["ec2"].describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [web]}])["NetworkInterfaces"]
until([], free)
call("ec2", "DeleteSecurityGroup", GroupId=web)
