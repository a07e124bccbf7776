import { invalidRequest } from '../json/body.js';
import type { JsonEdit, JsonMember } from '../json/members.js';

const PREFIX = 'models/';

/** Where upstream takes calls to a model; its whole name is one segment. */
export function upstreamPath(upstreamModel: string, method: string): string {
  return `/models/${encodeURIComponent(withoutPrefix(upstreamModel))}:${method}`;
}

/**
 * The edit that gives a body's own `model` the name it has at the channel; none where there is no such member, or nothing to change.
 * `json` is the object that `member` is of.
 */
export function modelEdits(
  json: Buffer,
  member: JsonMember | undefined,
  model: string,
  upstreamModel: string,
): JsonEdit[] {
  if (!member || model === upstreamModel) return [];
  const isPrefixed = json.toString('utf8', member.valueStart + 1, member.valueEnd).startsWith(PREFIX);
  const name = withoutPrefix(upstreamModel);
  return [{ name: member.name, json: JSON.stringify(isPrefixed ? PREFIX + name : name) }];
}

/** The address decides which model is called and charged: a body that names another one is refused. @throws CallRefused `invalid_request` */
export function refuseOtherModel(named: unknown, model: string): void {
  if (named === undefined || named === null) return;
  if (typeof named !== 'string' || withoutPrefix(named) !== model) {
    throw invalidRequest('"model" names another model than the address', 'model');
  }
}

/** `models/x` and `x` are the same model. */
function withoutPrefix(model: string): string {
  return model.startsWith(PREFIX) ? model.slice(PREFIX.length) : model;
}
