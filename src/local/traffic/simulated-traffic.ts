import type { Account } from "../core/account.js";
import { mainContainer } from "../services/ecs/tasks/main-container.js";
import { CertificateAuthority } from "./certificate-authority.js";
import { taskOfTarget } from "./target-address.js";
import type { Traffic } from "./traffic.js";

/** Load balancers without traffic: a target is as healthy as its simulated task. */
export const createSimulatedTraffic = (account: Pick<Account, "ecs">): Traffic => ({
  open: () => {},
  close: () => {},
  change: () => {},
  changeRules: () => {},
  certificateAuthority: () => new CertificateAuthority().pem(),
  address: () => undefined,
  async check(_group, target) {
    const task = taskOfTarget(account, target);
    const running = task && task.running.get(mainContainer(task).name ?? "");
    if (running === undefined) {
      return { healthy: false, reason: "Target.FailedHealthChecks", description: "Health checks failed" };
    }
    const failing = running.failingCheck;
    if (failing === undefined) return { healthy: true, isSteady: true };
    const { reason, description } = failing;
    return { healthy: false, reason, description, isSteady: true };
  },
  end: async () => {},
});
