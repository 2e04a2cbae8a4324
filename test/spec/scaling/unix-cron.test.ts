import { expect, test } from "vitest";
import { unixCron } from "../../../src/spec/scaling/unix-cron.js";

test.each([
  ["cron(0 8 * * ? *)", "0 8 * * *"],
  ["cron(0 8 ? * MON-FRI *)", "0 8 * * 1-5"],
  ["cron(0 8 ? * 1,7 *)", "0 8 * * 0,6"],
  ["cron(0/15 8-18 1 JAN,JUL ? *)", "0-59/15 8-18 1 JAN,JUL *"],
  ["cron(*/5 0,6/2 ? * 2/2 *)", "*/5 0,6-23/2 * * 1-6/2"],
])("%s is %s for Unix", (expression, unix) => {
  expect(unixCron(expression)).toBe(unix);
});

test.each([
  "cron(0 8 * * ? 2027)",
  "cron(0 8 L * ? *)",
  "cron(0 8 15W * ? *)",
  "cron(0 8 ? * 6L *)",
  "cron(0 8 ? * 3#2 *)",
  "rate(1 day)",
])("%s is beyond Unix", (expression) => expect(unixCron(expression)).toBeUndefined());
