import type { Activity } from "@aws-sdk/client-auto-scaling";

/** A launch that Auto Scaling will never complete, however often it tries. */
interface PermanentFailure {
  /** Matches the status message of a failed activity. */
  readonly pattern: RegExp;
  readonly fix: string;
  /**
   * Seconds for which launches must have failed for this reason: a resource that was just created is not
   * visible at once. @defaultValue 0
   */
  readonly seconds?: number;
}

const NEW_RESOURCE = 60;
const NEW_PROFILE = 2 * 60;
const NEW_SERVICE_LINKED_ROLE = 5 * 60;

/**
 * The texts of launches that will never succeed. Any other failure passes, or may pass: lack of capacity in one
 * zone, an instance profile or a service-linked role that has not propagated.
 *
 * Sources: the EC2 Auto Scaling guide, "Troubleshoot Amazon EC2 Auto Scaling: EC2 instance launch failures"
 * and "AMI issues"; the EC2 API reference, "Error codes"; the free plan's text: AWS re:Post and
 * RhinoSecurityLabs/cloudgoat#375.
 */
const PERMANENT_FAILURES: readonly PermanentFailure[] = Object.freeze([
  {
    pattern: /more vCPU capacity than your current vCPU limit|your current instance limit/i,
    fix: "Request a higher vCPU quota in Service Quotas, or use smaller or fewer instances.",
  },
  {
    pattern: /max spot instance count exceeded/i,
    fix: "Request a higher quota for Spot Instances in Service Quotas, or use fewer instances.",
  },
  {
    pattern: /not eligible for free tier/i,
    fix: "Use an instance type that the account's free plan allows (t3.micro, t3.small, t4g.micro, t4g.small, c7i-flex.large, m7i-flex.large), or upgrade the account to the paid plan.",
  },
  {
    pattern: /key pair .*does not exist/i,
    fix: "Create the key pair again, or use another one: .ec2({ keyPair: … }).",
    seconds: NEW_RESOURCE,
  },
  {
    pattern: /security group .*does not exist/i,
    fix: "Run again: the security group is created again, and the Auto Scaling group uses the new one.",
    seconds: NEW_RESOURCE,
  },
  {
    pattern: /(AMI ID|image id) .*(does not exist|is invalid)|not authorized for images/i,
    fix: "Use an AMI that exists in this region and that the account may use: .ec2({ ami: … }).",
    seconds: NEW_RESOURCE,
  },
  {
    pattern: /subnet ID .*does not exist|launch template .*does not exist/i,
    fix: "Run again: the subnet or the launch template of the Auto Scaling group was deleted.",
    seconds: NEW_RESOURCE,
  },
  {
    pattern: /Invalid IAM Instance Profile|has no associated IAM Roles/i,
    fix: "Run again: the instance profile and its role are created again.",
    seconds: NEW_PROFILE,
  },
  {
    // Passes within about a minute in an account that never used Auto Scaling (RaJiska/terraform-aws-fck-nat#85).
    pattern: /Access denied when attempting to assume role .*AWSServiceRoleFor/i,
    fix: "Check that the service-linked role AWSServiceRoleForAutoScaling exists: `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com`.",
    seconds: NEW_SERVICE_LINKED_ROLE,
  },
  {
    pattern: /architecture .*does not match/i,
    fix: "Use an instance type and an AMI of the same architecture: .ec2({ instanceType, ami }).",
  },
  {
    pattern:
      /Client\.InternalError|Client error on launch|InvalidKMSKey|KMS key .*(disabled|not found|pending)/i,
    // Source: "Required AWS KMS key policy for use with encrypted volumes", Amazon EC2 Auto Scaling guide.
    fix: "Let AWSServiceRoleForAutoScaling use the KMS key that encrypts the instances' volumes (the account may encrypt all of them by default): its key policy must allow kms:Decrypt, kms:GenerateDataKey* and kms:CreateGrant.",
  },
  {
    pattern: /UnauthorizedOperation|You are not authorized to perform this operation/i,
    fix: "Check the organization's service control policies: they do not allow Auto Scaling to launch these instances.",
    seconds: NEW_RESOURCE,
  },
  {
    pattern: /requested configuration is currently not supported|Placement groups may not be used with/i,
    fix: "Use another instance type: EC2 does not support this configuration.",
  },
  {
    pattern: /Invalid device name|parameter virtualName is invalid|instance-store AMIs/i,
    fix: "Correct the block device mappings of the AMI or of the launch template.",
  },
]);

/** The fix for a failed launch; `undefined` if launches may still succeed by themselves. */
export const fixOfLaunch = (message: string): string | undefined =>
  PERMANENT_FAILURES.find(({ pattern }) => pattern.test(message))?.fix;

/** A failed launch, as Auto Scaling reports it. */
export interface FailedLaunch {
  readonly message: string;
  readonly at: number;
}

/** The failure that waiting cannot mend, and its fix; `undefined` if a launch may still succeed. */
export function permanentFailure(
  failures: readonly FailedLaunch[],
): { readonly message: string; readonly fix: string } | undefined {
  for (const { pattern, fix, seconds = 0 } of PERMANENT_FAILURES) {
    const [newest, ...more] = failures.filter(({ message }) => pattern.test(message)).sort(byTime);
    if (newest === undefined) continue;
    const oldest = more.at(-1) ?? newest;
    if (newest.at - oldest.at >= seconds * 1000) return { message: newest.message, fix };
  }
  return undefined;
}

/**
 * The launches that failed since the run began and since the last one that succeeded, newest first.
 *
 * @param activities - of one Auto Scaling group, newest first
 */
export function failedLaunches(
  activities: readonly Activity[],
  isOfThisRun: (at: Date | undefined) => boolean,
): FailedLaunch[] {
  const succeeded = activities.findIndex(
    ({ StatusCode, Description }) => StatusCode === "Successful" && /^Launching/.test(Description ?? ""),
  );
  return activities
    .slice(0, succeeded === -1 ? undefined : succeeded)
    .filter((activity) => hasFailed(activity) && isOfThisRun(activity.StartTime))
    .map(({ StatusMessage, Description, StartTime }) => ({
      message: StatusMessage ?? Description ?? "no reason given",
      at: StartTime?.getTime() ?? 0,
    }));
}

/** "Cancelled" with a message: the launch succeeded, and the instance terminated before it was in service. */
const hasFailed = ({ StatusCode, StatusMessage }: Activity): boolean =>
  StatusCode === "Failed" || (StatusCode === "Cancelled" && StatusMessage !== undefined);

/** Newest first. */
const byTime = (one: FailedLaunch, other: FailedLaunch): number => other.at - one.at;
