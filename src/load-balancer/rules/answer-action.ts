import type { Action, RedirectActionConfig } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AnswerAction } from "../../spec/answer-actions.js";

/** A load balancer's own answer as a rule's action. */
export const answerAction = (answer: AnswerAction): Action =>
  answer.type === "redirect"
    ? {
        Type: "redirect",
        RedirectConfig: {
          Protocol: answer.protocol as RedirectActionConfig["Protocol"],
          Host: answer.host,
          Port: answer.port,
          Path: answer.path,
          Query: answer.query,
          StatusCode: answer.status === 301 ? "HTTP_301" : "HTTP_302",
        },
      }
    : {
        Type: "fixed-response",
        FixedResponseConfig: {
          StatusCode: String(answer.status),
          ContentType: answer.contentType,
          ...(answer.body !== undefined && { MessageBody: answer.body }),
        },
      };

/** The answer that a rule has; `undefined` if it forwards. */
export function presentAnswer(actions: readonly Action[]): Readonly<Record<string, unknown>> | undefined {
  for (const { RedirectConfig: redirect, FixedResponseConfig: response } of actions) {
    if (redirect !== undefined)
      return {
        type: "redirect",
        protocol: redirect.Protocol,
        host: redirect.Host,
        port: redirect.Port,
        path: redirect.Path,
        query: redirect.Query ?? "",
        status: redirect.StatusCode === "HTTP_301" ? 301 : 302,
      };
    if (response !== undefined)
      return {
        type: "fixed-response",
        status: Number(response.StatusCode),
        contentType: response.ContentType,
        // ELB does not tell an empty body from none.
        body: response.MessageBody === "" ? undefined : response.MessageBody,
      };
  }
  return undefined;
}
