import { countTokens as countText } from '../../../metering/count-tokens.js';
import { countedOtherwise } from '../../call-request.js';
import type { CountablePrompt, FreeEndpoint } from '../../endpoint.js';
import type { RequestFacts } from '../../request-facts.js';
import { decidingMembers, estimated, parseBody, pick, refuseAmbiguous } from '../../json/body.js';
import { forwardJson } from '../../json/call.js';
import { type JsonMember, topLevelMembers } from '../../json/members.js';
import { parseAnswer } from '../../json/read.js';
import { anthropic } from '../dialect.js';
import { estimatePromptTokens, tokensBesideText } from './estimate.js';
import { assertKnownVersion, besideBody } from './forwarded.js';
import { judgeMessages } from './members.js';
import { promptTextOf } from './texts.js';
import { prompt } from './request.js';
import { countTokensDocument } from './document.js';

/** Work of the tokenizer for one count; what is left over is estimated. */
const BUDGET_MS = 100;

/** `POST /v1/messages/count_tokens`: free; upstream's own count where it gives one in time, else counted here, bounded in work. */
export const countTokens: FreeEndpoint = {
  kind: 'free',
  dialect: anthropic,
  name: '/v1/messages/count_tokens',
  document: countTokensDocument,
  async answer({ models, body, facts, countUpstream }) {
    assertKnownVersion(facts);
    const parsed = parseBody(body);
    const { model } = pick(prompt, parsed);
    models.checkPriced(model);
    // Refuses what nests too deeply to be walked.
    estimated(() => estimatePromptTokens(parsed), 'messages');
    // What an earlier call left there may be another account's, and a count would tell of it.
    const members = topLevelMembers(body);
    refuseAmbiguous(members, deciding);
    const refers = (judgeMessages.asks(parsed, members)?.references.length ?? 0) > 0;
    const counted = refers ? undefined : await countUpstream(countable(model, { body, members }, facts));
    if (counted !== undefined) return counted;
    const { tokens } = await countText(promptTextOf(parsed), { budgetMs: BUDGET_MS });
    return { input_tokens: tokens + tokensBesideText(parsed) };
  },
};

const deciding = decidingMembers(prompt, judgeMessages.names);

function countable(
  model: string,
  { body, members }: { readonly body: Buffer; readonly members: readonly JsonMember[] },
  facts: RequestFacts,
): CountablePrompt {
  const call = { body, fields: { model }, members };
  return {
    model,
    protocol: 'messages',
    otherwise: {
      asked: countedOtherwise('messages', model, () => parseBody(body)),
      answer: (tokens) => ({ input_tokens: tokens }),
    },
    forward: (upstreamModel) =>
      forwardJson('/messages/count_tokens', call, upstreamModel, [], besideBody(facts)),
    read: (answer) => {
      const parsed = parseAnswer(answer);
      return Number.isSafeInteger(parsed?.['input_tokens']) ? parsed : undefined;
    },
  };
}
