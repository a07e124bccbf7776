import { z } from 'zod';
import { countTokens } from '../../../metering/count-tokens.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { countedOtherwise } from '../../call-request.js';
import type { CountablePrompt, FreeEndpoint } from '../../endpoint.js';
import { decidingMembers, estimated, parseBody, pick, refuseAmbiguous } from '../../json/body.js';
import { forwardJson } from '../../json/call.js';
import { type JsonMember, topLevelMembers } from '../../json/members.js';
import { parseAnswer } from '../../json/read.js';
import { openai } from '../dialect.js';
import { countedItemMedia, estimateResponse } from './estimate.js';
import { inputTokensDocument } from './document.js';
import { judgeResponse } from './members.js';
import { promptText } from './texts.js';

/** Work of the tokenizer for one count; what is left over is estimated. */
const BUDGET_MS = 100;

const asked = z.object({
  model: z.string().min(1).max(200),
  input: z.union([z.string(), z.array(z.unknown())]).nullish(),
});
const deciding = decidingMembers(asked, judgeResponse.names);

/** `POST /v1/responses/input_tokens`: free; upstream's own count where it gives one in time, else counted here, bounded in work. */
export const inputTokens: FreeEndpoint = {
  kind: 'free',
  dialect: openai,
  name: '/v1/responses/input_tokens',
  document: inputTokensDocument,
  async answer({ models, body, countUpstream }) {
    const parsed = parseBody(body);
    const { model } = pick(asked, parsed);
    models.checkPriced(model);
    // Refuses what nests too deeply to be walked.
    estimated(() => estimateResponse(parsed), 'input');
    // What an earlier call left there may be another account's, and a count would tell of it.
    const members = topLevelMembers(body);
    refuseAmbiguous(members, deciding);
    const refers = (judgeResponse.asks(parsed, members)?.references.length ?? 0) > 0;
    const counted = refers ? undefined : await countUpstream(countable(model, body, members));
    if (counted !== undefined) return counted;
    const { tokens } = await countTokens(promptText(parsed), { budgetMs: BUDGET_MS });
    const media = estimateMedia(parsed['input'], countedItemMedia);
    return answerOf(tokens + media);
  },
};

const answerOf = (tokens: number): object => ({ object: 'response.input_tokens', input_tokens: tokens });

function countable(model: string, body: Buffer, members: readonly JsonMember[]): CountablePrompt {
  const call = { body, fields: { model }, members };
  return {
    model,
    protocol: 'responses',
    otherwise: {
      asked: countedOtherwise('responses', model, () => parseBody(body)),
      answer: answerOf,
    },
    forward: (upstreamModel) => forwardJson('/responses/input_tokens', call, upstreamModel, []),
    read: (answer) => {
      const parsed = parseAnswer(answer);
      return Number.isSafeInteger(parsed?.['input_tokens']) ? parsed : undefined;
    },
  };
}
