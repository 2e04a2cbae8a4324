/** Logs that FireLens sends to CloudWatch. */
export const ROUTED_LOGS = {
  driver: "awsfirelens",
  options: {
    Name: "cloudwatch_logs",
    region: "eu-west-1",
    log_group_name: "/talks/routed",
    log_stream_prefix: "talks-",
  },
  router: { type: "fluentbit" },
} as const;
