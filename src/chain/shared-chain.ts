import type { Cloud } from "../aws/cloud.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { Overrides } from "../aws/overrides.js";
import { OVERRIDABLE } from "../spec/overridable.js";
import { parseOverrides } from "../spec/overrides.js";
import type { Plan } from "../engine/plan.js";
import type { Destroyed, OperationOptions } from "../operations/results.js";
import type { PermissionScope } from "../permissions/scope.js";
import type { PermissionOptions, PermissionPurpose } from "../spec/permission-options.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import { Issues } from "../spec/parsing/issues.js";
import { checkOperationOptions } from "../spec/operation-options.js";
import { Chain } from "./chain.js";
import { cloudOf } from "./cloud-of.js";
import { permissionsFor } from "./permissions-for.js";

export interface SharedInput {
  readonly name: unknown;
  readonly tags: readonly unknown[];
  readonly overrides: readonly unknown[];
  readonly cloud: unknown;
}

/** The operations on a shared resource. */
interface Operations<Spec, Deployed, Status> {
  plan(configured: Configured<Spec>, options?: OperationOptions): Promise<Plan>;
  deploy(configured: Configured<Spec>, options?: OperationOptions): Promise<Deployed>;
  status(configured: Configured<Spec>, options?: OperationOptions): Promise<Status>;
  destroy(configured: Configured<Spec>, options?: OperationOptions): Promise<Destroyed>;
}

interface Configured<Spec> {
  readonly spec: Spec;
  readonly overrides: Overrides;
  readonly sharedOverrides: ReadonlyMap<string, Overrides>;
  readonly cloud: Cloud;
}

/** The base class of resources that deployments can share: clusters, load balancers and networks. */
export abstract class SharedChain<
  Input extends SharedInput,
  Spec extends { readonly name: string },
  Deployed,
  Status,
> extends Chain<Input> {
  protected abstract loadOperations(): Promise<Operations<Spec, Deployed, Status>>;

  /** The type of the resource in messages, such as `Cluster`. */
  protected abstract get resourceType(): string;

  /** Its operations. */
  protected get purposes(): readonly PermissionPurpose[] {
    return ["plan", "deploy", "status", "destroy"];
  }

  /** What its permissions are computed from. */
  protected abstract scopeOf(spec: Spec): Partial<PermissionScope>;

  protected abstract parse(issues: Issues): Spec;

  override(overrides: unknown): this {
    return this.with({
      overrides: [...this.input.overrides, frozenCopy(overrides)],
    } as unknown as Partial<Input>);
  }

  async plan(options?: OperationOptions): Promise<Plan> {
    const configured = this.configure(options);
    const { plan } = await this.loadOperations();
    return plan(configured, options);
  }

  async deploy(options?: OperationOptions): Promise<Deployed> {
    const configured = this.configure(options);
    const { deploy } = await this.loadOperations();
    return deploy(configured, options);
  }

  async status(options?: OperationOptions): Promise<Status> {
    const configured = this.configure(options);
    const { status } = await this.loadOperations();
    return status(configured, options);
  }

  async destroy(options?: OperationOptions): Promise<Destroyed> {
    const configured = this.configure(options);
    const { destroy } = await this.loadOperations();
    return destroy(configured, options);
  }

  permissions(options?: PermissionOptions): PolicyDocument {
    const { spec } = this.configure(undefined);
    const subject = `${this.resourceType} ${spec.name}`;
    return permissionsFor(this.scopeOf(spec), this.purposes, options, subject);
  }

  /** Its own cloud, or that of what it uses. */
  protected get clouds(): readonly unknown[] {
    return [this.input.cloud];
  }

  /** The overrides of what it uses, by their owners. */
  protected get usedOverrides(): ReadonlyMap<string, readonly unknown[]> {
    return new Map();
  }

  protected configure(options: unknown): Configured<Spec> {
    const issues = new Issues();
    const spec = frozenCopy(this.parse(issues));
    checkOperationOptions(options, issues);
    const overrides = parseOverrides(this.input.overrides, OVERRIDABLE, issues) as Overrides;
    const cloud = cloudOf(this.clouds, issues);
    const sharedOverrides = new Map(
      [...this.usedOverrides].map(([owner, used]) => [
        owner,
        parseOverrides(used, OVERRIDABLE, issues) as Overrides,
      ]),
    );
    issues.throwIfAny(`${this.resourceType} ${spec.name}`);
    return { spec, overrides, sharedOverrides, cloud };
  }
}
