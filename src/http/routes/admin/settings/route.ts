import { z } from 'zod';
import { mayDo, permissionOfSetting } from '../../../../domain/operator/roles.js';
import {
  settingInputs,
  type SettingKey,
  settingKeys,
  settingsInForce,
  settingValues,
} from '../../../../domain/setting/settings.js';
import type { AdminContext } from '../../../area-contexts.js';
import { accepted, type BoundEndpoint, catalogueChanged, endpoint, signedIn } from '../../../endpoint.js';
import { HttpFailure } from '../../../failure.js';
import { lacksPermission } from '../../../middleware/auth.js';
import { refused } from '../../../refusals.js';
import { fieldErrors } from '../../../validation.js';

/** The dialect is the document's. */
function jsonSchema(schema: z.ZodType): object {
  const generated: Record<string, unknown> = z.toJSONSchema(schema, { io: 'input' });
  delete generated.$schema;
  return generated;
}

const key = z.enum(settingKeys as [SettingKey, ...SettingKey[]]);

const anyValue = z.union(Object.values(settingValues));

const setting = z.object({
  key,
  value: anyValue.meta({ description: 'in force' }),
  default: anyValue,
  changed_by: z.string().nullable(),
  changed_at: z.int().nullable().meta({ description: 'unix seconds; null: never changed' }),
});
const shown = {
  key: 'limits',
  value: { global: { concurrent_calls: 500 }, key: { requests_per_minute: 60, tokens_per_minute: 200000 } },
  default: {},
  changed_by: 'operator:alice',
  changed_at: 1795219200,
};

async function present({ readModels, admin }: AdminContext) {
  const changed = await readModels.settings();
  const inForce = settingsInForce(changed, admin.defaultSettings);
  return settingKeys.map((each) => {
    const last = changed.find((one) => one.key === each);
    return {
      key: each,
      value: inForce[each],
      default: admin.defaultSettings[each],
      changed_by: last?.changedBy ?? null,
      changed_at: last ? Math.floor(last.changedAt.getTime() / 1000) : null,
    };
  });
}

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/settings',
  access: 'settings:read',
  operationId: 'adminListSettings',
  summary: 'Show the settings in force',
  description: 'Those that can be changed while the service runs, with their defaults.',
  input: z.object({}),
  data: z.object({ settings: z.array(setting) }),
  refusals: [],
  example: { data: { settings: [shown] } },
  handle: async (_, context) => ({ data: { settings: await present(context) } }),
});

/** Says of each part of a value what is wrong with it, so that a form can say so beside its field. Throws a 400 `setting_invalid`. */
function checkValue(changed: SettingKey, value: unknown): void {
  const { error } = settingInputs[changed].safeParse(value);
  if (!error) return;
  const { failure } = refused({ code: 'setting_invalid', detail: z.prettifyError(error) });
  throw new HttpFailure({ ...failure, errors: fieldErrors(error.issues, { value }, ['value']) });
}

const change = endpoint({
  method: 'put',
  area: 'admin',
  path: '/settings/{key}',
  access: 'settings:write',
  freshProof: true,
  operationId: 'adminChangeSetting',
  summary: 'Change a setting',
  description:
    'At once in this process, within about a second in all others, and no restart is needed. `"reset": true` instead of a value takes the setting back to its default. The whole value is replaced. `payments` and `referrals` want `payments:write` too, `operator_second_factor` `operators:write`, `alerts` `alerts:write`, and `registration`, `sign_in`, `identity_providers` and `sessions` `sign-in:write`.',
  input: z.object({
    key,
    value: z
      .unknown()
      .meta({
        anyOf: Object.values(settingInputs).map(jsonSchema),
      })
      .optional(),
    reset: z.literal(true).optional(),
  }),
  data: setting,
  refusals: ['setting_invalid'],
  example: { request: { value: shown.value }, data: shown },
  handle: async ({ key: changed, value, reset }, context) => {
    const more = permissionOfSetting[changed];
    if (more && !mayDo(signedIn(context).role, more)) throw lacksPermission(more);
    if (!reset) checkValue(changed, value);
    const result = accepted(
      await context.commands.changeSetting({ key: changed, value: reset ? null : value }, context.meta),
    );
    await catalogueChanged(context, result.position);
    return {
      data: (await present(context)).find((each) => each.key === changed),
      replayed: result.replayed,
    };
  },
});

export const settingEndpoints: readonly BoundEndpoint[] = [list, change];
