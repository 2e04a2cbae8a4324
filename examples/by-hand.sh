#!/usr/bin/env bash
# The tutorial typed by hand, with the AWS CLI on a local cloud: "How to deploy and scale your app in minutes with
# containers and AWS ECS". What the article does in the console is a command here, too.
#
#   npx quayside-local --account 340754841610 --run talk-service="node examples/talk-service/server.mjs" &
#   examples/by-hand.sh
#
# WAIT is how often it looks while it waits, in seconds of this computer.
set -euo pipefail
export AWS_ENDPOINT_URL=${AWS_ENDPOINT_URL:-http://127.0.0.1:4566}
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-340754841610} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-local}
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-eu-west-1} AWS_DEFAULT_OUTPUT=text AWS_PAGER=""
WAIT=${WAIT:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

step() { echo "== $*"; }
# Waits until a command prints a value: `until_is 2 aws ecs ...`.
until_is() {
  local wanted=$1 seen="" tries=0
  shift
  until seen=$("$@") && [ "$seen" = "$wanted" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ]; then echo "$* is still \"$seen\", not \"$wanted\"." >&2; exit 1; fi
    sleep "$WAIT"
  done
}
trusted() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}]}' "$1"
}

step "the account: $(aws sts get-caller-identity --query Account)"

step "push the image"
aws ecr create-repository --repository-name talk-service --query repository.repositoryUri

step "create an ECS cluster"
aws ec2 create-security-group --group-name conferenceEcsSecurityGroup --description "Conference ECS security group" \
  --query GroupId
aws iam create-role --role-name ecsInstanceRole --assume-role-policy-document "$(trusted ec2.amazonaws.com)" \
  --query Role.Arn
aws iam attach-role-policy --role-name ecsInstanceRole \
  --policy-arn arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role
aws iam create-instance-profile --instance-profile-name ecsInstanceRole --query InstanceProfile.Arn
aws iam add-role-to-instance-profile --instance-profile-name ecsInstanceRole --role-name ecsInstanceRole
aws iam wait instance-profile-exists --instance-profile-name ecsInstanceRole
aws ecs create-cluster --cluster-name conference-cluster --query cluster.clusterArn
ami=$(aws ssm get-parameter --name /aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id \
  --query Parameter.Value)
group=$(aws ec2 describe-security-groups --group-names conferenceEcsSecurityGroup --query "SecurityGroups[0].GroupId")
subnets=$(aws ec2 describe-subnets --filters Name=default-for-az,Values=true --query "Subnets[].SubnetId")
user_data=$(printf '#!/bin/bash\necho ECS_CLUSTER=conference-cluster >> /etc/ecs/ecs.config\n' | base64 | tr -d '\n')
aws ec2 create-launch-template --launch-template-name conference --query LaunchTemplate.LaunchTemplateId \
  --launch-template-data "{\"ImageId\":\"$ami\",\"InstanceType\":\"t3.micro\",\"SecurityGroupIds\":[\"$group\"],\"IamInstanceProfile\":{\"Name\":\"ecsInstanceRole\"},\"UserData\":\"$user_data\"}"
aws autoscaling create-auto-scaling-group --auto-scaling-group-name conference \
  --launch-template LaunchTemplateName=conference --min-size 0 --max-size 2 --desired-capacity 2 \
  --vpc-zone-identifier "$(echo $subnets | tr ' ' ',')"
instances() { aws ec2 describe-instances --filters Name=tag:aws:autoscaling:groupName,Values=conference \
  Name=instance-state-name,Values=pending,running --query "length(Reservations[].Instances[])"; }
until_is 2 instances
aws ec2 wait instance-running --instance-ids $(aws autoscaling describe-auto-scaling-groups \
  --auto-scaling-group-names conference --query "AutoScalingGroups[0].Instances[].InstanceId")
registered() { aws ecs describe-clusters --clusters conference-cluster \
  --query "clusters[0].registeredContainerInstancesCount"; }
until_is 2 registered

step "register the task definition"
cat >"$folder/talk-service-task-definition.json" <<'JSON'
{
  "family": "talk-service",
  "containerDefinitions": [
    {
      "name": "web",
      "image": "340754841610.dkr.ecr.eu-west-1.amazonaws.com/talk-service:latest",
      "cpu": 128,
      "memoryReservation": 128,
      "portMappings": [{ "containerPort": 8080, "protocol": "tcp" }],
      "command": [],
      "essential": true
    }
  ]
}
JSON
aws ecs register-task-definition --cli-input-json "file://$folder/talk-service-task-definition.json" \
  --query taskDefinition.taskDefinitionArn

step "create the load balancer and the target group"
vpc=$(aws ec2 describe-vpcs --filters Name=is-default,Values=true --query "Vpcs[0].VpcId")
balancer_group=$(aws ec2 create-security-group --group-name conferenceAlbSecurityGroup \
  --description "Conference ALB security group" --query GroupId)
aws ec2 authorize-security-group-ingress --group-name conferenceAlbSecurityGroup --protocol tcp --port 80 \
  --cidr 0.0.0.0/0 --query Return
balancer=$(aws elbv2 create-load-balancer --name conferenceAlb --subnets $subnets --security-groups "$balancer_group" \
  --query "LoadBalancers[0].LoadBalancerArn")
targets=$(aws elbv2 create-target-group --name talkServiceTargetGroup --protocol HTTP --port 80 --vpc-id "$vpc" \
  --health-check-path /health --query "TargetGroups[0].TargetGroupArn")
aws elbv2 modify-target-group-attributes --target-group-arn "$targets" \
  --attributes Key=deregistration_delay.timeout_seconds,Value=10 --query "Attributes[0].Key"
aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 \
  --default-actions "Type=forward,TargetGroupArn=$targets" --query "Listeners[0].ListenerArn"
aws ec2 authorize-security-group-ingress --group-name conferenceEcsSecurityGroup --protocol tcp --port 1-65535 \
  --source-group conferenceAlbSecurityGroup --query Return
aws elbv2 wait load-balancer-available --load-balancer-arns "$balancer"

step "create the service"
aws iam create-role --role-name ecsServiceRole --assume-role-policy-document "$(trusted ecs.amazonaws.com)" \
  --query Role.Arn
cat >"$folder/talk-service-ecs.json" <<JSON
{
  "cluster": "conference-cluster",
  "serviceName": "talk-service-ecs",
  "taskDefinition": "talk-service",
  "loadBalancers": [{ "targetGroupArn": "$targets", "containerName": "web", "containerPort": 8080 }],
  "desiredCount": 2,
  "role": "ecsServiceRole"
}
JSON
aws ecs create-service --cli-input-json "file://$folder/talk-service-ecs.json" --query service.serviceArn
service() { aws ecs describe-services --cluster conference-cluster --services talk-service-ecs \
  --query "services[0].$1"; }
steady() { aws ecs describe-services --cluster conference-cluster --services talk-service-ecs \
  --query "services[0].[runningCount,length(deployments)]" --output json | tr -d ' \n'; }
until_is "[2,1]" steady
aws ecs wait services-stable --cluster conference-cluster --services talk-service-ecs
healthy() { aws elbv2 describe-target-health --target-group-arn "$targets" \
  --query "length(TargetHealthDescriptions[?TargetHealth.State=='healthy'])"; }
until_is 2 healthy

step "two host names answer through the load balancer"
name=$(aws elbv2 describe-load-balancers --names conferenceAlb --query "LoadBalancers[0].DNSName")
hosts() { for _ in 1 2 3 4 5 6 7 8; do curl --silent --fail --proxy "$AWS_ENDPOINT_URL" "http://$name/talk"; done |
  sort -u | grep -c .; }
until_is 2 hosts

step "scale the cluster"
aws autoscaling update-auto-scaling-group --auto-scaling-group-name conference --min-size 2 --max-size 4
policy=$(aws autoscaling put-scaling-policy --auto-scaling-group-name conference --policy-name add-two \
  --policy-type StepScaling --adjustment-type ChangeInCapacity \
  --step-adjustments MetricIntervalLowerBound=0,ScalingAdjustment=2 --query PolicyARN)
aws cloudwatch put-metric-alarm --alarm-name conference-busy --namespace Conference --metric-name Load \
  --statistic Average --period 60 --evaluation-periods 1 --threshold 30 \
  --comparison-operator GreaterThanOrEqualToThreshold --alarm-actions "$policy"

step "scale the service"
resource=service/conference-cluster/talk-service-ecs
dimension="--service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id $resource"
aws application-autoscaling register-scalable-target $dimension --min-capacity 2 --max-capacity 4 >/dev/null
service_policy=$(aws application-autoscaling put-scaling-policy $dimension --policy-name add-two \
  --policy-type StepScaling --query PolicyARN --step-scaling-policy-configuration \
  "AdjustmentType=ChangeInCapacity,Cooldown=600,StepAdjustments=[{MetricIntervalLowerBound=0,ScalingAdjustment=2}]")
aws cloudwatch put-metric-alarm --alarm-name talks-wanted --namespace Conference --metric-name Load \
  --statistic Average --period 60 --evaluation-periods 1 --threshold 30 \
  --comparison-operator GreaterThanOrEqualToThreshold --alarm-actions "$service_policy"
busy() { aws cloudwatch put-metric-data --namespace Conference --metric-name Load --value 50; "$@"; }
until_is 4 busy instances
four() { aws cloudwatch put-metric-data --namespace Conference --metric-name Load --value 50; service desiredCount; }
until_is 4 four
until_is "[4,1]" steady

step "write the logs to CloudWatch, with a new version"
aws logs create-log-group --log-group-name talk-service-cloudwatch --region eu-west-1
sed 's|"command": \[\],|"command": [], "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "talk-service-cloudwatch", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "aws-talk-service-cloudwatch" } },|' \
  "$folder/talk-service-task-definition.json" >"$folder/talk-service-task-definition-with-cloudwatch.json"
aws ecs register-task-definition --query taskDefinition.taskDefinitionArn \
  --cli-input-json "file://$folder/talk-service-task-definition-with-cloudwatch.json"
aws ecs update-service --cluster conference-cluster --service talk-service-ecs --task-definition talk-service \
  --query service.deployments[0].taskDefinition
until_is "[4,1]" steady
streams() { aws logs describe-log-streams --log-group-name talk-service-cloudwatch --query "length(logStreams)"; }
until_is 4 streams
until_is 4 healthy
curl --silent --fail --proxy "$AWS_ENDPOINT_URL" "http://$name/talk"

step "tear everything down"
aws cloudwatch delete-alarms --alarm-names conference-busy talks-wanted
aws application-autoscaling deregister-scalable-target $dimension
aws ecs update-service --cluster conference-cluster --service talk-service-ecs --desired-count 0 \
  --query service.desiredCount
until_is "[0,1]" steady
aws ecs delete-service --cluster conference-cluster --service talk-service-ecs --query service.status
until_is INACTIVE service status
aws elbv2 delete-load-balancer --load-balancer-arn "$balancer"
aws elbv2 wait load-balancers-deleted --load-balancer-arns "$balancer"
aws elbv2 delete-target-group --target-group-arn "$targets"
aws autoscaling delete-auto-scaling-group --auto-scaling-group-name conference --force-delete
groups() { aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names conference \
  --query "length(AutoScalingGroups)"; }
until_is 0 groups
aws ec2 delete-launch-template --launch-template-name conference --query LaunchTemplate.LaunchTemplateName
until_is 0 registered
aws ecs delete-cluster --cluster conference-cluster --query cluster.status
# The network interfaces of the load balancer remain for a while, and use its security group.
interfaces() { aws ec2 describe-network-interfaces --filters "Name=group-id,Values=$balancer_group" \
  --query "length(NetworkInterfaces)"; }
until_is 0 interfaces
aws ec2 delete-security-group --group-name conferenceEcsSecurityGroup
aws ec2 delete-security-group --group-name conferenceAlbSecurityGroup
aws iam remove-role-from-instance-profile --instance-profile-name ecsInstanceRole --role-name ecsInstanceRole
aws iam delete-instance-profile --instance-profile-name ecsInstanceRole
aws iam detach-role-policy --role-name ecsInstanceRole \
  --policy-arn arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role
for role in ecsInstanceRole ecsServiceRole; do aws iam delete-role --role-name "$role"; done
aws logs delete-log-group --log-group-name talk-service-cloudwatch
aws ecr delete-repository --repository-name talk-service --query repository.repositoryName
echo "== done"
