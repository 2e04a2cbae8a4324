import { describe, expect, test } from "vitest";
import { failedLaunches, fixOfLaunch, permanentFailure } from "../../src/aws/launch-failures.js";

const role =
  "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";

describe("a failed launch", () => {
  test.each([
    "You have requested more vCPU capacity than your current vCPU limit of 1 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed.",
    "The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'. Launching EC2 instance failed.",
    "The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64' of the specified AMI. Launching EC2 instance failed.",
    "Client.InternalError: Client error on launch.",
    "The requested configuration is currently not supported. Please check the documentation for supported configurations. Launching EC2 instance failed.",
  ])("is permanent at once: %s", (message) => {
    expect(permanentFailure([{ message, at: 1_000 }])).toEqual({ message, fix: fixOfLaunch(message) });
    expect(fixOfLaunch(message)).toMatch(/\w/);
  });

  test.each([
    ["The key pair 'key' does not exist. Launching EC2 instance failed.", 60],
    ["The security group 'sg-1' does not exist. Launching EC2 instance failed.", 60],
    ["The image id '[ami-1]' does not exist. Launching EC2 instance failed.", 60],
    ["The AMI ID 'ami-1' does not exist. Launching EC2 instance failed.", 60],
    ["Value (p) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", 120],
    [
      `Access denied when attempting to assume role ${role}. Validating load balancer configuration failed.`,
      300,
    ],
  ])("is permanent only once it has lasted longer than a new resource needs: %s", (message, seconds) => {
    const at = (after: number) => ({ message, at: after * 1000 });
    expect(permanentFailure([at(0)])).toBeUndefined();
    expect(permanentFailure([at(seconds - 1), at(1), at(0)])).toBeUndefined();
    expect(permanentFailure([at(seconds), at(1), at(0)])).toMatchObject({ message });
  });

  test.each([
    "We currently do not have sufficient t3.small capacity in the Availability Zone you requested (us-east-1b). Our system will be working on provisioning additional capacity.",
    "There is no Spot capacity available that matches your request. Launching EC2 instance failed.",
    "AMI ami-1 is pending, and cannot be run. Launching EC2 instance failed.",
    "Something that AWS has not said before.",
  ])("may pass, however often it happens: %s", (message) => {
    const often = [0, 1, 2, 3].map((hours) => ({ message, at: hours * 3_600_000 }));
    expect(permanentFailure(often)).toBeUndefined();
    expect(fixOfLaunch(message)).toBeUndefined();
  });

  test("counts since the run began, and since the last launch that succeeded", () => {
    const activity = (StatusCode: "Failed" | "Successful", at: number) => ({
      ActivityId: String(at),
      AutoScalingGroupName: "web",
      Cause: "",
      StatusCode,
      StartTime: new Date(at),
      Description: "Launching a new EC2 instance: i-1",
      StatusMessage: StatusCode === "Failed" ? `failure ${at}` : undefined,
    });
    const since = (begun: number) => (at: Date | undefined) => at !== undefined && at.getTime() >= begun;
    const messages = (begun: number, ...activities: Parameters<typeof failedLaunches>[0][number][]) =>
      failedLaunches(activities, since(begun)).map(({ message }) => message);
    const all = [activity("Failed", 4), activity("Failed", 3), activity("Failed", 1)];
    expect(messages(0, ...all)).toEqual(["failure 4", "failure 3", "failure 1"]);
    expect(messages(2, ...all)).toEqual(["failure 4", "failure 3"]);
    expect(messages(0, all[0]!, activity("Successful", 2), all[2]!)).toEqual(["failure 4"]);
  });
});
