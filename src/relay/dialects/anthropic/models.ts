import { z } from 'zod';
import { CallRefused } from '../../errors.js';
import type { FreeEndpoint } from '../endpoint.js';
import { shapeError } from '../json/body.js';
import { anthropic } from './dialect.js';
import { modelListDocument } from './document.js';
import { modelDocument } from './document.js';

const DEFAULT_LIMIT = 20;

const page = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(DEFAULT_LIMIT),
  after_id: z.string().max(200).optional(),
  before_id: z.string().max(200).optional(),
});

/** When a model was released is not known here: the epoch says so. */
const modelObject = (id: string) => ({
  type: 'model',
  id,
  display_name: id,
  created_at: '1970-01-01T00:00:00Z',
});

/** `GET /v1/models` in Anthropic's way: what the key may call now, in pages. */
export const listModels: FreeEndpoint = {
  kind: 'free',
  dialect: anthropic,
  name: '/v1/models',
  document: modelListDocument,
  async answer({ models, facts }) {
    const asked = page.safeParse(Object.fromEntries(facts.query));
    if (!asked.success) throw shapeError(page, Object.fromEntries(facts.query));
    const { ids, more } = pageOf(await models.names(), asked.data);
    return {
      data: ids.map(modelObject),
      has_more: more,
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
    };
  },
};

/** `GET /v1/models/{model}` in Anthropic's way. */
export const retrieveModel: FreeEndpoint = {
  kind: 'free',
  dialect: anthropic,
  name: '/v1/models/{model}',
  document: modelDocument,
  answer({ models, facts }) {
    const model = facts.parameters['model'] as string;
    if (models.has(model)) return modelObject(model);
    throw new CallRefused({ code: 'model_not_found', model });
  },
};

/** The page behind `after_id` or before `before_id`; models that have gone meanwhile keep their place in the order of names. */
function pageOf(
  models: readonly string[],
  { limit, after_id: after, before_id: before }: z.infer<typeof page>,
): { readonly ids: readonly string[]; readonly more: boolean } {
  if (before !== undefined) {
    const preceding = models.filter((model) => model < before);
    return { ids: preceding.slice(-limit), more: preceding.length > limit };
  }
  const following = after === undefined ? models : models.filter((model) => model > after);
  return { ids: following.slice(0, limit), more: following.length > limit };
}
