import { refuseModel } from '../../../access/check-access.js';
import { CallRefused } from '../../../errors.js';
import { countTokens as countText } from '../../../metering/count-tokens.js';
import type { FreeEndpoint } from '../../dialect.js';
import { estimated, parseBody, pick } from '../../json/body.js';
import { anthropic } from '../dialect.js';
import { estimatePromptTokens, tokensBesideText } from '../estimate.js';
import { promptTextOf } from '../texts.js';
import { prompt } from './request.js';

/** Work of the tokenizer for one count; what is left over is estimated. */
const BUDGET_MS = 100;

/** `POST /v1/messages/count_tokens`: counted here, free, and bounded in work. */
export const countTokens: FreeEndpoint = {
  kind: 'free',
  dialect: anthropic,
  name: '/v1/messages/count_tokens',
  async answer({ key, catalogue, body }) {
    const parsed = parseBody(body);
    const { model } = pick(prompt, parsed);
    const refusal = refuseModel(key, model);
    if (refusal) throw new CallRefused(refusal);
    if (!catalogue.prices.has(model)) throw new CallRefused({ code: 'model_not_found', model });
    // Refuses what nests too deeply to be walked.
    estimated(() => estimatePromptTokens(parsed), 'messages');
    const { tokens } = await countText(promptTextOf(parsed), { budgetMs: BUDGET_MS });
    return { input_tokens: tokens + tokensBesideText(parsed) };
  },
};
