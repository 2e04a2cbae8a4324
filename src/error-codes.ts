/**
 * The codes of all errors, which never change between versions: compare them, not the messages. The comments are the
 * pages of the documentation: what a code means, for a person who meets it.
 */
export type ErrorCode =
  /** The chain or the options are not valid; `issues` has the path of each bad value. No request was sent. */
  | "invalid-spec"
  /** A resource of a described name exists in the account, and quayside did not create it. Nothing was changed. */
  | "not-owned"
  /** AWS refused a request, for a reason that no other code stands for; `awsCode` is AWS's own code. */
  | "aws-refused"
  /** The caller's IAM policy does not allow a request; `fix` is the statement to add. */
  | "access-denied"
  /** What answered was not AWS: a login page, a proxy or a gateway; or the answer was cut off. */
  | "unexpected-response"
  /** AWS cannot be reached: the name does not resolve, or the connection is refused or broken. */
  | "network"
  /** The service did not become healthy; `diagnosis` says why, and has its own place on the page of diagnoses. */
  | "rollout-failed"
  /** The run was ended by its `signal`. What was done is kept; the next run continues from there. */
  | "aborted"
  /** The run's `timeout` has passed, or AWS took much longer for a step than it usually does. */
  | "timed-out"
  /** The instance refresh of a cluster failed, or was rolled back or canceled; `facts` have AWS's reason. */
  | "refresh-failed"
  /** Another run deploys the same service, or changes the same color, at this moment. */
  | "another-run"

  /** No credentials were found where the AWS SDK looks for them, or they could not be loaded. */
  | "no-credentials"
  /** The role needs an MFA code, and there is neither a terminal to ask on nor an `mfa` function. */
  | "mfa-required"
  /** AWS STS did not accept the MFA code. */
  | "mfa-failed"
  /** No AWS region is set: not in the chain, the environment or the profile. */
  | "no-region"
  /** The proxy asks for a user and a password. */
  | "proxy-refused"
  /** The credentials belong to an account that `allowedAccounts` does not have. Nothing was changed. */
  | "account-not-allowed"
  /** `allowedAccounts` is set, and AWS STS did not say whose credentials these are. Nothing was changed. */
  | "account-unknown"
  /** A function of `.override()` did not return a request. */
  | "invalid-override"

  /** No service and no task definition in this region has the deployment's tags, or its log group does not exist. */
  | "not-deployed"
  /** The logs are not in CloudWatch Logs of this region: the log driver sends them elsewhere. */
  | "logs-not-in-cloudwatch"
  /** The release to go back to does not exist, or its task definition is deregistered. */
  | "no-such-release"
  /** There is no earlier successful release to go back to. */
  | "no-earlier-release"
  /** What the release to go back to needs (image, log group, roles, sizes) no longer exists, or does not fit. */
  | "incomplete-release"
  /** AWS cannot change this property in place, and the resource's name is fixed: no replacement can be created beside it. */
  | "replacement-needed"
  /** Two chains of one run describe the same resource differently, or both claim it. */
  | "described-twice"
  /** The minimum and maximum percentage of the rollout allow ECS neither to stop nor to start a task. */
  | "deployment-blocked"
  /** The task of `.beforeRelease()` (a migration) failed or took too long. The version that ran before still runs. */
  | "before-release-failed"
  /** One-off tasks could not be started: the cluster has no place for them, or AWS refused them. */
  | "tasks-not-placed"
  /** The service was deleted while its rollout was watched. */
  | "service-gone"
  /** No task is running in which a process could be started, or the named one is not running. */
  | "no-such-task"
  /** The tasks were started without ECS Exec. */
  | "exec-not-enabled"
  /** ECS Exec is allowed, and the agent in the container has not connected. */
  | "exec-not-connected"
  /** The new color failed a check: all traffic is back on the old one. */
  | "release-taken-back"
  /** The new color failed a check, and the traffic could not be shifted back. */
  | "release-not-taken-back"
  /** Another process has shifted the traffic since it was read. */
  | "release-moved"
  /** The color that the operation needs does not exist. */
  | "no-release"
  /** The color that is to get the traffic cannot receive it. */
  | "color-not-ready"
  /** The color still gets traffic, or a shift is in progress. */
  | "release-in-progress"
  /** The user's `verify` did not accept the new version. */
  | "verification-failed"
  /** An alarm of `.blueGreen({ alarms })` is in the state ALARM. */
  | "alarm"
  /** An alarm that the chain names does not exist. */
  | "alarm-missing"
  /** A CloudWatch alarm already has as many actions as it may have. */
  | "alarm-actions-full"
  /** The role with which EventBridge Scheduler stops the old version does not exist. */
  | "no-keep-old-role"

  /** The cluster that the chain uses as it is does not exist in this region. */
  | "no-cluster"
  /** ECS could not create the cluster, or change its capacity providers. */
  | "cluster-failed"
  /** The existing cluster has no container instances, and the tasks are for EC2. */
  | "no-container-instances"
  /** Auto Scaling cannot launch instances: a quota, missing capacity, or a launch template that EC2 refuses. */
  | "instances-failed"
  /** ECS could not create or change a capacity provider. */
  | "capacity-provider-failed"
  /** EC2 has no such instance type in this region. */
  | "unknown-instance-type"
  /** The instance type is not offered in the zones of the subnets. */
  | "instance-type-not-offered"
  /** The AMI does not exist in this region, or the region has no ECS-optimized AMI for the instance type. */
  | "ami-not-found"
  /** The AMI is for another processor architecture than the instance type. */
  | "ami-architecture"
  /** The AMI is not a Linux AMI. */
  | "ami-platform"
  /** `userData` has commands for a shell, and the AMI has none. */
  | "user-data-not-supported"
  /** The instance types of a cluster have different architectures: its instances boot from one AMI. */
  | "different-architectures"
  /** The named EC2 key pair does not exist in this region. */
  | "key-pair-not-found"
  /** The file for the private key of a new key pair exists, or cannot be written. */
  | "key-file"
  /** EC2 answered without the private key of a new key pair. */
  | "no-key-material"

  /** The VPC does not exist in this region, or several have the name. */
  | "no-vpc"
  /** This region of the account has no default VPC. */
  | "no-default-vpc"
  /** A subnet does not exist, or the VPC has none that fit. */
  | "no-subnets"
  /** The network has subnets in too few Availability Zones: a load balancer needs two. */
  | "too-few-zones"
  /** Two subnets of a load balancer are in the same Availability Zone. */
  | "same-zone"
  /** The web ACL of a load balancer is in another region, whose load balancers alone it can protect. */
  | "no-web-acl"
  /** Parts of the deployment would be in different VPCs, which cannot reach each other. */
  | "different-vpcs"
  /** The subnets have no route out of the VPC, and endpoints of AWS services that tasks need are missing. */
  | "no-egress"
  /** AWS could not create a NAT gateway of a network; the message has AWS's reason. The next run creates another one. */
  | "nat-gateway-failed"
  /** The region or a zone does not have a service for VPC endpoints, or AWS could not create or delete one; the message has the reason. */
  | "vpc-endpoint-failed"
  /** The log group to which ECS Exec is to log does not exist. */
  | "no-log-group"
  /** The load balancer is internet-facing, and its subnets have no route to an internet gateway. */
  | "no-internet-gateway"

  /** The load balancer that the chain uses as it is does not exist in this region. */
  | "no-load-balancer"
  /** AWS could not provision the load balancer. */
  | "load-balancer-failed"
  /** A Network Load Balancer has more or fewer static addresses than subnets. */
  | "wrong-addresses"
  /** The existing Network Load Balancer has no security group from which the tasks could let it in. */
  | "no-security-group"
  /** The existing load balancer has no listener on this port. */
  | "no-listener"
  /** ACM has no valid certificate for the domain, or none with this ARN. */
  | "no-certificate"
  /** Systems Manager has no parameter with the secret of an OIDC client. */
  | "no-client-secret"
  /** AWS Cloud Map could not create or delete a namespace. */
  | "namespace-failed"
  /** A Cloud Map namespace of the name exists whose DNS names do not resolve in the VPC: it has none, or is another VPC's. */
  | "namespace-unusable"
  /** A name of Service Connect is a DNS name in its namespace already, or the reverse: a Cloud Map service is for one of them. */
  | "discovery-name-taken"
  /** The VPC of a private DNS namespace resolves no private names. */
  | "no-vpc-dns"
  /** Another ECS service has the name in the Service Connect namespace. */
  | "connect-name-taken"
  /** No hosted zone of Route 53 in the account has the domain of a route. */
  | "no-hosted-zone"
  /** The certificate is not issued, or has expired. */
  | "certificate-not-usable"
  /** Elastic Load Balancing may not write the load balancer's logs to the S3 bucket; `fix` is the policy to add to it. */
  | "log-bucket"
  /** Every priority of the listener is taken. */
  | "no-rule-priority"
  /** Another rule of the listener has this priority. */
  | "rule-priority-taken"
  /** The inline policies of a role would be larger than IAM allows. */
  | "policies-too-large"

  /** The image does not exist in its registry. */
  | "image-not-found"
  /** The `docker` command was not found, and an image is to be built from a directory. */
  | "docker-missing"
  /** The `docker` command is installed, and its engine does not respond. */
  | "docker-unreachable"
  /** The directory has no Dockerfile, or it cannot be read. */
  | "no-dockerfile"
  /** A line of `.dockerignore` is not a pattern that Docker can read. */
  | "invalid-dockerignore"
  /** A secret of the build is missing: its variable, its file, or the SSH agent's key. */
  | "build-secret-missing"
  /** Build secrets and SSH need BuildKit, and this Docker has only its older builder. */
  | "no-buildkit"
  /** Several platforms were asked for, and the builder builds for one at a time. */
  | "no-multi-platform"
  /** `docker build` failed: its last lines are in the message. */
  | "image-build-failed"
  /** `docker push` failed: ECR refused it, or could not be reached. */
  | "image-push-failed"
  /** The image was built for another platform than the one that was asked for. */
  | "image-wrong-platform"
  /** Files of the directory changed while the image was built. */
  | "image-sources-changed"
  /** Another run has pushed the same content at the same moment. */
  | "image-tag-exists"
  /** Docker has no space left. */
  | "disk-full"
  /** The local cloud needs the package node-forge for its HTTPS listeners, and it is not installed. */
  | "package-missing";
