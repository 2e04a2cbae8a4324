/** What a call to AWS failed of. */
export type AwsErrorCode =
  /** AWS refused the request: `awsCode` and `message` are its own. */
  | "aws-refused"
  /** The caller's permissions do not allow the operation; `fix` is the statement that does. */
  | "access-denied"
  /** AWS could not be reached, or the connection broke. */
  | "network"
  /** The response was not AWS's (a login page, a proxy, a gateway), or cut off. */
  | "unexpected-response";

/** Every code that an error of quayside can have, to branch on. A code never changes between versions. */
export type QuaysideErrorCode =
  | AwsErrorCode
  // The description, and what it finds
  /** The description, or an option, is not valid: nothing was sent. */
  | "invalid-spec"
  | "invalid-override"
  | "invalid-dockerignore"
  /** Resources of the described names exist that quayside does not manage. */
  | "not-owned"
  | "described-twice"
  | "policies-too-large"
  /** AWS cannot change the described fields in place. */
  | "replacement-needed"
  // The run
  | "aborted"
  | "timed-out"
  /** Another run changes the same deployment. */
  | "another-run"
  /** Nothing of that name is deployed. */
  | "not-deployed"
  // The caller
  | "no-region"
  | "no-credentials"
  | "mfa-required"
  | "mfa-failed"
  | "account-not-allowed"
  | "account-unknown"
  | "proxy-refused"
  // The rollout
  /** The service did not become healthy: `diagnosis` says why. */
  | "rollout-failed"
  | "deployment-blocked"
  | "before-release-failed"
  | "tasks-not-placed"
  /** A service was deleted while it was watched. */
  | "service-gone"
  | "no-such-task"
  | "exec-not-enabled"
  | "exec-not-connected"
  // Releases
  | "no-earlier-release"
  | "no-such-release"
  | "incomplete-release"
  | "release-taken-back"
  | "release-not-taken-back"
  | "release-moved"
  | "release-in-progress"
  | "no-release"
  | "color-not-ready"
  | "verification-failed"
  | "alarm"
  | "alarm-missing"
  | "alarm-actions-full"
  | "no-keep-old-role"
  // Images and Docker
  | "docker-missing"
  | "docker-unreachable"
  | "no-buildkit"
  | "no-dockerfile"
  | "disk-full"
  | "build-secret-missing"
  | "image-build-failed"
  | "image-push-failed"
  | "image-tag-exists"
  | "image-not-found"
  | "image-sources-changed"
  | "image-wrong-platform"
  | "different-architectures"
  // Clusters and instances
  | "no-cluster"
  | "cluster-failed"
  | "capacity-provider-failed"
  | "instances-failed"
  | "no-container-instances"
  | "ami-not-found"
  | "ami-architecture"
  | "ami-platform"
  | "instance-type-not-offered"
  | "unknown-instance-type"
  | "user-data-not-supported"
  | "key-file"
  | "key-pair-not-found"
  | "no-key-material"
  // Network and load balancers
  | "no-vpc"
  | "no-default-vpc"
  | "no-subnets"
  | "same-zone"
  | "no-internet-gateway"
  | "no-egress"
  | "too-few-zones"
  | "different-vpcs"
  | "no-load-balancer"
  | "load-balancer-failed"
  | "no-listener"
  | "no-rule-priority"
  | "rule-priority-taken"
  | "no-certificate"
  | "certificate-not-usable"
  // The local cloud
  | "package-missing";

/** Why a service did not become healthy: `diagnosis` of a `RolloutError`. */
export type RolloutDiagnosis =
  | "agent-disconnected"
  | "aws-unreachable"
  | "cannot-start"
  | "crashed"
  | "dependency-failed"
  | "deployment-blocked"
  | "disk-full"
  | "exited-on-start"
  | "fargate-capacity"
  | "fargate-quota"
  | "fargate-retired"
  | "health-check-failing"
  | "image-not-found"
  | "image-not-pulled"
  | "image-rate-limited"
  | "instance-lost"
  | "instances-failed"
  | "instances-not-registered"
  | "killed"
  | "log-group-missing"
  | "logs-denied"
  | "logs-unavailable"
  | "network-interface-failed"
  | "no-capacity"
  | "no-suitable-instance"
  | "out-of-memory"
  | "port-mismatch"
  | "port-taken"
  | "registry-denied"
  | "registry-login-expired"
  | "registry-unreachable"
  | "role-not-assumable"
  | "runtime-failed"
  | "runtime-timeout"
  | "secret-denied"
  | "spot-interrupted"
  | "superseded"
  | "target-unreachable"
  | "targets-not-registered"
  | "tasks-failing"
  | "tasks-protected"
  | "throttled"
  | "unknown"
  | "volume-failed"
  | "wrong-architecture";
