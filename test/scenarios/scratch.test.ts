import { test } from "vitest";
import { sharedAccount } from "./account.js";
import { talkService } from "./tutorial.js";
test("x", async () => {
  const cloud = await sharedAccount();
  await talkService(cloud).deploy();
  const changed = talkService(cloud, "registry.example.com/talk-service:2").behindAlb("conferenceAlb", {
    path: ["/talk*", "/talks*"],
  });
  console.log(String(await changed.plan()));
  const out: string[] = [];
  await changed
    .deploy({ onEvent: (e) => out.push(JSON.stringify(e)) })
    .catch((e) => out.push(String(e), JSON.stringify(e)));
  console.log(out.join("\n").slice(0, 9000));
}, 60000);
