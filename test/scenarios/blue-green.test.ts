import { expect, test } from "vitest";
import type { QuaysideEvent } from "../../src/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { talkInColors } from "./colors.js";

test("the first deploy goes live on blue; the next one verifies green and shifts the traffic to it", async () => {
  await using cloud = await sharedAccount();
  const first = await talkInColors(cloud).deploy();
  expect(first.service).toBe("talk-service-ecs-blue");
  expect((await talkInColors(cloud).plan()).isEmpty).toBe(true);

  const events: QuaysideEvent[] = [];
  const seen: unknown[] = [];
  const second = talkInColors(cloud, 2, {
    shift: [10, 50, 100],
    every: "5m",
    verify: ({ weights, color }) => void seen.push([color, weights]),
  });

  const outcome = await second.deploy({ onEvent: (event) => events.push(event) });
  expect(outcome.service).toBe("talk-service-ecs-green");
  expect(seen).toMatchInlineSnapshot(`
    [
      [
        "green",
        {
          "blue": 100,
          "green": 0,
        },
      ],
      [
        "green",
        {
          "blue": 90,
          "green": 10,
        },
      ],
      [
        "green",
        {
          "blue": 50,
          "green": 50,
        },
      ],
      [
        "green",
        {
          "blue": 0,
          "green": 100,
        },
      ],
    ]
  `);
  expect(events.flatMap((event) => (event.type === "traffic" ? [event.weights] : []))).toMatchInlineSnapshot(`
    [
      {
        "blue": 90,
        "green": 10,
      },
      {
        "blue": 50,
        "green": 50,
      },
      {
        "blue": 0,
        "green": 100,
      },
    ]
  `);
  expect((await second.plan()).isEmpty).toBe(true);
  const release = await second.release();
  expect([release.live, release.idle, release.weights]).toEqual(["green", "blue", { blue: 0, green: 100 }]);
  expect(await writesOf(cloud, () => release.rollback())).toEqual(["modifyRule"]);
  expect(release.live).toBe("blue");
  await release.promote();
  await release.retire();

  expect((await second.plan()).isEmpty).toBe(true);
});
