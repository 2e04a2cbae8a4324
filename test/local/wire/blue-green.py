"""Releases a service behind a Network Load Balancer with boto3, by ECS's own blue/green deployments; prints which target
group serves after each release."""

import json
import time

import boto3

ec2, ecs, elb, iam = (boto3.client(name) for name in ["ec2", "ecs", "elbv2", "iam"])
POLICY = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"}


def until(question):
    for _ in range(600):
        if question():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]
admitted = ec2.create_security_group(GroupName="store", Description="store", VpcId=vpc)["GroupId"]
everyone = [{"CidrIp": "0.0.0.0/0"}]
ec2.authorize_security_group_ingress(
    GroupId=admitted, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": everyone}]
)
role = iam.create_role(
    RoleName="shift", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
)["Role"]["Arn"]
iam.attach_role_policy(RoleName="shift", PolicyArn=POLICY)
balancer = elb.create_load_balancer(Name="tcp", Type="network", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
blue, green = (
    elb.create_target_group(Name=name, Protocol="TCP", Port=5432, VpcId=vpc, TargetType="ip")["TargetGroups"][0]["TargetGroupArn"]
    for name in ["blue", "green"]
)
weights = [{"TargetGroupArn": blue, "Weight": 100}, {"TargetGroupArn": green, "Weight": 0}]
listener = elb.create_listener(
    LoadBalancerArn=balancer,
    Protocol="TCP",
    Port=5432,
    DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}],
)["Listeners"][0]["ListenerArn"]
until(lambda: elb.describe_load_balancers()["LoadBalancers"][0]["State"]["Code"] == "active")
ecs.create_cluster(clusterName="main")


def register(image):
    container = {"name": "store", "image": image, "portMappings": [{"containerPort": 5432}]}
    ecs.register_task_definition(
        family="store",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )


def serving():
    action = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"][0]
    return [group["TargetGroupArn"].split("/")[1] for group in action["ForwardConfig"]["TargetGroups"] if group["Weight"] == 100]


def newest():
    arn = ecs.describe_services(cluster="main", services=["store"])["services"][0]["currentServiceDeployment"]
    return ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]


def report(image):
    until(lambda: newest()["status"] == "SUCCESSFUL")
    target = newest()["targetServiceRevision"]
    revision = ecs.describe_service_revisions(serviceRevisionArns=[target["arn"]])["serviceRevisions"][0]
    resolved = revision["resolvedConfiguration"]["loadBalancers"][0]
    assert resolved["productionListenerRule"] == listener
    assert resolved["targetGroupArn"].split("/")[1] == serving()[0]
    print(image, newest()["lifecycleStage"], target["requestedProductionTrafficWeight"], *serving())


register("store:1")
advanced = {"alternateTargetGroupArn": green, "productionListenerRule": listener, "roleArn": role}
store = {"targetGroupArn": blue, "containerName": "store", "containerPort": 5432, "advancedConfiguration": advanced}
created = ecs.create_service(
    cluster="main",
    serviceName="store",
    taskDefinition="store",
    desiredCount=1,
    launchType="FARGATE",
    networkConfiguration={"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [admitted], "assignPublicIp": "ENABLED"}},
    loadBalancers=[store],
    deploymentConfiguration={"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 1},
)["service"]
assert created["loadBalancers"] == [store]
report("store:1")
register("store:2")
ecs.update_service(cluster="main", service="store", taskDefinition="store")
report("store:2")
