import { refuseModel } from '../../access/check-access.js';
import { CallRefused } from '../../errors.js';
import { countTokens as countText } from '../../metering/count-tokens.js';
import { estimateMedia } from '../../metering/estimate-nodes.js';
import type { FreeEndpoint } from '../dialect.js';
import { estimated, invalidRequest, parseBody } from '../json/body.js';
import { type JsonObject, objectAt } from '../json/read.js';
import { gemini } from './dialect.js';
import { media } from './media.js';
import { estimatePrompt, promptTextOf } from './prompt.js';

/** Work of the tokenizer for one count; what is left over is estimated. */
const BUDGET_MS = 100;
const PROMPT_MEMBERS = ['contents', 'systemInstruction', 'system_instruction', 'tools'] as const;

/** `POST /v1beta/models/{model}:countTokens`: counted here, free, and bounded in work. */
export const countTokens: FreeEndpoint = {
  kind: 'free',
  dialect: gemini,
  name: '/v1beta/models/{model}:countTokens',
  async answer({ key, catalogue, body, facts }) {
    const model = facts.parameters['model'] ?? '';
    const refusal = refuseModel(key, model);
    if (refusal) throw new CallRefused(refusal);
    if (!catalogue.prices.has(model)) throw new CallRefused({ code: 'model_not_found', model });
    const request = requestIn(parseBody(body));
    const prompt = PROMPT_MEMBERS.map((name) => request[name]);
    // Refuses what nests too deeply to be walked.
    estimated(() => estimatePrompt(prompt), 'contents');
    const { tokens } = await countText(promptTextOf(prompt), { budgetMs: BUDGET_MS });
    return { totalTokens: tokens + estimateMedia(prompt, media) };
  },
};

/** The prompt alone, or a whole request in a member of its own. */
function requestIn(body: JsonObject): JsonObject {
  const request = objectAt(body['generateContentRequest'] ?? body['generate_content_request']) ?? body;
  if (typeof request['contents'] !== 'object' || request['contents'] === null) {
    throw invalidRequest('contents must be a list of at least one content', 'contents');
  }
  return request;
}
