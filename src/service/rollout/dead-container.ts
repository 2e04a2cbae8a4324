import type { Container, Task } from "@aws-sdk/client-ecs";

/** Codes of containers that are stopped because another one has ended: SIGTERM, then SIGKILL. */
const SIGKILL = 137;
const SIGTERM = 143;

/**
 * The container that a task has ended with. ECS names none: the others end too, by the signals that it
 * sends them, or with 0 if they heed them.
 */
export function deadContainer({ containers = [] }: Task): Container | undefined {
  const suspicion = ({ reason, exitCode }: Container): number => {
    if (reason) return 0;
    if (exitCode === undefined) return 5;
    return exitCode === 0 ? 3 : exitCode === SIGKILL ? 2 : exitCode === SIGTERM ? 4 : 1;
  };
  return [...containers].sort((one, other) => suspicion(one) - suspicion(other))[0];
}

/** The task's reason and its containers' own, which often say more ("OutOfMemoryError: …"); of several containers with the name. */
export function stopReason(task: Task): string {
  const { stoppedReason, stopCode, containers = [] } = task;
  const named = containers.length > 1;
  const said = containers.flatMap(({ name, reason }) =>
    reason ? [{ reason, text: named ? `${name}: ${reason}` : reason }] : [],
  );
  const isNamed = said.some(({ reason }) => reason === stoppedReason);
  const exited = named && said.length === 0 && stopCode === "EssentialContainerExited";
  const own = exited ? `${stoppedReason}: ${deadContainer(task)?.name}` : stoppedReason;
  const texts = [...(isNamed || !own ? [] : [own]), ...said.map(({ text }) => text)];
  return [...new Set(texts)].join("; ") || "no reason given";
}
