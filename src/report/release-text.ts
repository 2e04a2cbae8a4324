import type { QuaysideEvent } from "../engine/events.js";
import { durationText } from "./duration-text.js";
import type { Paint } from "./paint.js";

type ReleaseEvent = Extract<QuaysideEvent, { type: "traffic" | "verification" | "bake" | "kept" }>;

/** The line of a step of a blue/green release. */
export function releaseText(event: ReleaseEvent, paint: Paint): string {
  switch (event.type) {
    case "traffic": {
      const { blue, green } = event.weights;
      const weights = `${paint("blue", `blue ${blue} %`)}, ${paint("green", `green ${green} %`)}`;
      return `${paint("bold", "⇄")} ${paint("dim", "traffic")} ${weights}: ${event.why}`;
    }
    case "verification": {
      const what = `${paint("dim", "verify")} ${paint("bold", event.color)} at ${event.percent} %`;
      if (event.state === "started") return `${paint("cyan", "…")} ${what}`;
      if (event.state === "passed") return `${paint("green", "✓")} ${what}`;
      return `${paint("red", "✗")} ${what}: ${event.message ?? "the verification failed"}`;
    }
    case "bake": {
      const left = durationText((event.until - event.at) / 1000);
      return `${paint("cyan", "…")} ${paint("bold", event.color)} at ${event.percent} % is monitored for ${left}`;
    }
    case "kept": {
      const until =
        event.until === undefined ? "until retire()" : `until ${new Date(event.until).toISOString()}`;
      return `${paint("dim", "·")} ${paint("bold", event.color)} is kept ${until}`;
    }
  }
}
