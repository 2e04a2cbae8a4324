import { describe, expect, test } from "vitest";
import { parseCommand } from "../../../src/bin/parse-command.js";

describe("quayside-local", () => {
  test("reads its options, and splits a command as a shell does", () => {
    const args = ["--port", "0", "--run", `talk=node server.mjs --name "two words"`, "--time-scale", "60"];
    expect(parseCommand([...args, "--account", "111111111111", "--region", "us-east-1", "--docker"])).toEqual(
      {
        account: "111111111111",
        cloud: {
          eventualConsistency: false,
          run: { talk: { command: ["node", "server.mjs", "--name", "two words"] } },
          docker: true,
          timeScale: 60,
          region: "us-east-1",
        },
        listen: { port: 0 },
      },
    );
  });

  test.each([
    [["--port", "many"], '--port must be a number from 0 to 65535; got "many".'],
    [["--clock", "fast"], '--clock must be real or virtual; got "fast".'],
    [["--region", "mars"], '--region must be the name of an AWS region, such as eu-west-1; got "mars".'],
    [["--run", "talk"], "--run must be an image and its command"],
    [["--nonsense"], "Unknown option '--nonsense'"],
  ])("refuses %j", (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });
});
