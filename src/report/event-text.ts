import type { QuaysideEvent } from "../engine/events.js";
import { countText, past } from "./count-text.js";
import { durationText } from "./duration-text.js";
import { failureText } from "./failure-text.js";
import type { Paint } from "./paint.js";
import { releaseText } from "./release-text.js";
import { scopeText } from "./scope-text.js";
import { rolloutEnd, rolloutText } from "./rollout-text.js";

/**
 * The line of an event; `undefined` for an event without one.
 *
 * @param width - the width of the screen, for texts of several lines
 */
export function eventText(event: QuaysideEvent, paint: Paint, width?: number): string | undefined {
  switch (event.type) {
    case "planned":
      return `${paint("bold", countText(event) || "nothing to do")} ${paint("dim", `(${scopeText(event)})`)}`;
    case "started":
      return undefined;
    case "finished":
      return `${paint("green", "✓")} ${named(event, paint)} ${past[event.action]} ${took(event.seconds, paint)}`;
    case "failed":
      return `${paint("red", "✗")} ${named(event, paint)} was not ${past[event.action]}: ${event.message}`;
    case "waiting":
      return `${paint("cyan", "…")} ${named(event, paint)}: ${event.why}`;
    case "ready":
      return `${paint("green", "✓")} ${named(event, paint)} ready ${took(event.seconds, paint)}`;
    case "progress":
      return `${paint("cyan", "…")} ${named(event, paint)} ${progressText(event)}`;
    case "warning":
      return `${paint("yellow", "!")} ${event.message}`;
    case "retrying":
      return paint("dim", `↻ retrying ${event.operation}: ${event.why} (${event.code})`);
    case "rollout": {
      const end = rolloutEnd(event);
      const mark =
        end === "success" ? paint("green", "✓") : end === "failure" ? paint("red", "✗") : paint("cyan", "…");
      return `${mark} ${paint("dim", "rollout")} ${paint("bold", event.service)}: ${rolloutText(event)}`;
    }
    case "service-event":
      return paint("dim", `· ${event.message}`);
    case "log":
      return `${paint("dim", `${event.name}/${event.task.slice(0, 8)} │`)} ${event.message}`;
    case "rollout-failed":
      return failureText(event, paint, width);
    case "traffic":
    case "verification":
    case "bake":
    case "kept":
      return releaseText(event, paint);
    case "ended":
      return event.code === undefined
        ? paint("bold", `Done in ${durationText(event.seconds)}`)
        : `${paint("red", `Ended early (${event.code})`)} after ${durationText(event.seconds)}`;
  }
}

/** `build 2 of 4: COPY server.mjs ./`. */
export function progressText({ phase, text, done, total, unit }: Progress): string {
  const count =
    done === undefined || unit === "bytes" ? "" : ` ${done}${total === undefined ? "" : ` of ${total}`}`;
  return `${phase}${count}: ${text}`;
}

type Progress = Extract<QuaysideEvent, { type: "progress" }>;

export const named = ({ resource, name }: { resource: string; name: string }, paint: Paint): string =>
  `${paint("dim", resource)} ${paint("bold", name)}`;

const took = (seconds: number, paint: Paint): string => paint("dim", durationText(seconds));
