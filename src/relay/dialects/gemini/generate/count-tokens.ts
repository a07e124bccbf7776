import { countTokens as countText } from '../../../metering/count-tokens.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { countedOtherwise } from '../../call-request.js';
import type { CountablePrompt, FreeEndpoint } from '../../endpoint.js';
import { estimated, invalidRequest, parseBody } from '../../json/body.js';
import { setMembers, topLevelMembers } from '../../json/members.js';
import { type JsonObject, objectAt, parseAnswer } from '../../json/read.js';
import { gemini } from '../dialect.js';
import { media } from '../media.js';
import { decidingMembers, jsonName } from '../members.js';
import { modelEdits, refuseOtherModel, upstreamPath } from '../model-name.js';
import { membersOf } from '../../request-members/table.js';
import { estimatePrompt } from './estimate.js';
import { judgeGenerate } from './members.js';
import { promptTextOf } from './texts.js';
import { countTokensDocument } from './document.js';

/** Work of the tokenizer for one count; what is left over is estimated. */
const BUDGET_MS = 100;
const PROMPT_MEMBERS = ['contents', 'systemInstruction', 'system_instruction', 'tools'] as const;

/** `POST /v1beta/models/{model}:countTokens`: free; upstream's own count where it gives one in time, else counted here, bounded in work. */
export const countTokens: FreeEndpoint = {
  kind: 'free',
  dialect: gemini,
  name: '/v1beta/models/{model}:countTokens',
  document: countTokensDocument,
  async answer({ models, body, facts, countUpstream }) {
    const model = facts.parameters['model'] ?? '';
    models.checkPriced(model);
    const request = requestIn(parseBody(body), model);
    const prompt = PROMPT_MEMBERS.map((name) => request[name]);
    // Refuses what nests too deeply to be walked.
    estimated(() => estimatePrompt(prompt), 'contents');
    // What is cached would belong to whoever's key the channel has, and a file may be another account's.
    const cached = request['cachedContent'] ?? request['cached_content'];
    const refers = !cached && judgeGenerate.asks(request, membersOf(request), jsonName);
    const isKept = cached || (refers && refers.references.length > 0);
    const counted = isKept ? undefined : await countUpstream(countable(model, body));
    if (counted !== undefined) return counted;
    const { tokens } = await countText(promptTextOf(prompt), { budgetMs: BUDGET_MS });
    return { totalTokens: tokens + estimateMedia(prompt, media) };
  },
};

/** The prompt alone, or a whole request in a member of its own. */
function requestIn(body: JsonObject, model: string): JsonObject {
  const request = objectAt(body['generateContentRequest'] ?? body['generate_content_request']) ?? body;
  if (typeof request['contents'] !== 'object' || request['contents'] === null) {
    throw invalidRequest('contents must be a list of at least one content', 'contents');
  }
  refuseOtherModel(request['model'], model);
  return request;
}

/** @throws CallRefused `invalid_request` */
function countable(model: string, body: Buffer): CountablePrompt {
  const members = topLevelMembers(body);
  const deciding = decidingMembers(members, ['contents', 'generateContentRequest', 'model']);
  return {
    model,
    protocol: 'generate',
    otherwise: {
      asked: countedOtherwise('generate', model, () => requestIn(parseBody(body), model)),
      answer: (tokens) => ({ totalTokens: tokens }),
    },
    forward: (upstreamModel) => {
      const edits = modelEdits(body, deciding.model, model, upstreamModel);
      const whole = deciding.generateContentRequest;
      if (whole && upstreamModel !== model) {
        const inner = body.subarray(whole.valueStart, whole.valueEnd);
        const innerMembers = topLevelMembers(inner);
        const { model: named } = decidingMembers(innerMembers, ['model']);
        const renamed = setMembers(inner, innerMembers, modelEdits(inner, named, model, upstreamModel));
        edits.push({ name: whole.name, json: renamed.toString() });
      }
      return {
        path: upstreamPath(upstreamModel, 'countTokens'),
        query: '',
        model: upstreamModel,
        headers: undefined,
        body: setMembers(body, members, edits),
      };
    },
    read: (answer) => {
      const parsed = parseAnswer(answer);
      return Number.isSafeInteger(parsed?.['totalTokens']) ? parsed : undefined;
    },
  };
}
