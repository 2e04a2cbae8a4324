import type * as Ecs from "@aws-sdk/client-ecs";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { callerArn } from "../../core/caller.js";
import { iamArn } from "../../core/arn.js";
import { ecsPage } from "./ecs-page.js";
import { invalidParameter } from "./service-errors.js";

/** The settings that an account has, with the values that a new account has. Source: ECS Developer Guide, "Account settings". */
const DEFAULTS: Readonly<Record<string, string>> = {
  serviceLongArnFormat: "enabled",
  taskLongArnFormat: "enabled",
  containerInstanceLongArnFormat: "enabled",
  awsvpcTrunking: "disabled",
  containerInsights: "disabled",
  fargateFIPSMode: "disabled",
  tagResourceAuthorization: "on",
  fargateTaskRetirementWaitPeriod: "7",
  guardDutyActivate: "off",
  defaultLogDriverMode: "non-blocking",
};

/** The account's settings: who sets them, and their values. */
export function createAccountSettingHandlers(account: Account) {
  /** Principal -> name -> value; the root's are the account's own. */
  const set = new Map<string, Map<string, string>>();
  const root = iamArn(account, "root");
  const settingsOf = (principal: string): Map<string, string> => {
    const known = set.get(principal) ?? new Map<string, string>();
    set.set(principal, known);
    return known;
  };
  const effective = (principal: string, name: string): string | undefined =>
    set.get(principal)?.get(name) ?? set.get(root)?.get(name) ?? DEFAULTS[name];
  const put = (principal: string, name = "", value = ""): Ecs.Setting => {
    check(name, value);
    settingsOf(principal).set(name, value);
    return setting(principal, name, value);
  };
  return {
    async listAccountSettings(
      input: Ecs.ListAccountSettingsCommandInput,
    ): Answer<Ecs.ListAccountSettingsCommandOutput> {
      const principal = input.principalArn ?? callerArn(account);
      const names = input.name === undefined ? Object.keys(DEFAULTS) : [input.name];
      const all = names.flatMap((name) => {
        const own = set.get(principal)?.get(name);
        const value = input.effectiveSettings === true ? effective(principal, name) : own;
        const isWanted = value !== undefined && (input.value === undefined || input.value === value);
        return isWanted ? [setting(principal, name, value)] : [];
      });
      const { items, next } = ecsPage(all, input, 10);
      return { settings: items, ...next };
    },

    async putAccountSetting(
      input: Ecs.PutAccountSettingCommandInput,
    ): Answer<Ecs.PutAccountSettingCommandOutput> {
      return { setting: put(input.principalArn ?? callerArn(account), input.name, input.value) };
    },

    async putAccountSettingDefault(
      input: Ecs.PutAccountSettingDefaultCommandInput,
    ): Answer<Ecs.PutAccountSettingDefaultCommandOutput> {
      return { setting: put(root, input.name, input.value) };
    },

    async deleteAccountSetting(
      input: Ecs.DeleteAccountSettingCommandInput,
    ): Answer<Ecs.DeleteAccountSettingCommandOutput> {
      const { name = "", principalArn = callerArn(account) } = input;
      if (DEFAULTS[name] === undefined) throw invalidParameter("Invalid setting name.");
      set.get(principalArn)?.delete(name);
      return { setting: setting(principalArn, name, effective(principalArn, name) ?? "") };
    },
  };
}

const setting = (principalArn: string, name: string, value: string): Ecs.Setting => ({
  name: name as Ecs.SettingName,
  value,
  principalArn,
  type: "user",
});

function check(name: string, value: string): void {
  const current = DEFAULTS[name];
  if (current === undefined) throw invalidParameter("Invalid setting name.");
  const isSwitch = current === "enabled" || current === "disabled";
  const isEnhanced = name === "containerInsights" && value === "enhanced";
  if (isSwitch && value !== "enabled" && value !== "disabled" && !isEnhanced)
    throw invalidParameter(`Invalid setting value '${value}' for ${name}.`);
}
