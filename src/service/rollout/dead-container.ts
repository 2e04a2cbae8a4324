import type { Container, Task } from "@aws-sdk/client-ecs";

/** Exit codes of containers that ECS stops because another one has exited: SIGTERM, then SIGKILL. */
const SIGKILL = 137;
const SIGTERM = 143;

/**
 * The container whose exit stopped the task. ECS does not name it, and the others exit, too: by the signals
 * that ECS sends them, or with 0 if they handle them.
 */
export function deadContainer({ containers = [] }: Task): Container | undefined {
  const suspicion = ({ reason, exitCode }: Container): number => {
    if (reason) return 0;
    if (exitCode === undefined) return 5;
    return exitCode === 0 ? 3 : exitCode === SIGKILL ? 2 : exitCode === SIGTERM ? 4 : 1;
  };
  return [...containers].sort((one, other) => suspicion(one) - suspicion(other))[0];
}

/**
 * The task's stop reason and its containers' own, which often say more ("OutOfMemoryError: …"); with several
 * containers, each with its name.
 */
export function stopReason(task: Task): string {
  const { stoppedReason, stopCode, containers = [] } = task;
  const isMultiContainer = containers.length > 1;
  const reasons = containers.flatMap(({ name, reason }) =>
    reason ? [{ reason, text: isMultiContainer ? `${name}: ${reason}` : reason }] : [],
  );
  const isNamed = reasons.some(({ reason }) => reason === stoppedReason);
  const exited = isMultiContainer && reasons.length === 0 && stopCode === "EssentialContainerExited";
  const own = exited ? `${stoppedReason}: ${deadContainer(task)?.name}` : stoppedReason;
  const texts = [...(isNamed || !own ? [] : [own]), ...reasons.map(({ text }) => text)];
  return [...new Set(texts)].join("; ") || "no reason given";
}
