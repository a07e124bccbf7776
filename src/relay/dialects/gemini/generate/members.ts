import { foldedName } from '../../json/body.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import type { Asks } from '../../request-members/asks.js';
import {
  allowed,
  decides,
  type MemberRow,
  priced,
  readBy,
  readsMore,
  refused,
  shapes,
} from '../../request-members/rows.js';
import { type MemberTable, MemberJudge } from '../../request-members/table.js';
import { backgroundRows, fallbackRow, gatewayRows } from '../../request-members/gateways.js';
import { serviceTierRow } from '../../request-members/service-tier.js';
import { toolsBy } from '../../request-members/tools.js';
import { listIn, nameModel, objectIn, refer, textIn } from '../../request-members/values.js';
import { jsonName } from '../members.js';

const tools: readonly MemberRow[] = [
  shapes('run by the client', 'functionDeclarations', 'computerUse'),
  readsMore('its tokens are reported', 'codeExecution', 'urlContext', 'mcpServers'),
  priced(['googleSearch', 'googleSearchRetrieval', 'enterpriseWebSearch'], {
    how: 'each query at `per_search_usd`',
    unit: 'per_search_usd',
    allowance: 'searches',
  }),
  allowed(['googleMaps'], { how: 'billed by the query, which upstream does not report', allowance: 'maps' }),
  allowed(['retrieval'], {
    how: 'searches of stores that are upstream’s own; a model that ranks what is found must be on the key’s list',
    allowance: 'file_search',
    then: (tool, asks) => rankers(objectAt(tool)?.['retrieval'], asks, 0),
  }),
  allowed(['fileSearch', 'exaAiSearch', 'parallelAiSearch'], {
    how: 'searches of stores and services that are upstream’s own',
    allowance: 'file_search',
  }),
];

/** Wherever a retrieval names a model: in `ranking.llmRanker` and `ranking.rankService` of any store. */
function rankers(value: unknown, asks: Asks, depth: number): void {
  const inner = objectAt(value);
  if (!inner || depth > DEEPEST_RANKER) return;
  for (const [name, member] of Object.entries(inner))
    if (foldedName(name) === 'modelname') nameModel(member, asks, 'tools: modelName');
    else rankers(member, asks, depth + 1);
}

/** `vertexRagStore.ragRetrievalConfig.ranking.llmRanker`, and room for more. */
const DEEPEST_RANKER = 8;

/** A tool is as many as it has members. */
const membersOf = (tool: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(tool)
    .filter((name) => tool[name] !== null)
    .map(jsonName);

/** Google’s own address of an upload, or an object in a bucket: not a page that anybody can read. */
function isStored(uri: string): boolean {
  if (!/^https?:/i.test(uri)) return true;
  const host = URL.canParse(uri) ? new URL(uri).hostname : '';
  return host === '' || /(^|\.)(googleapis\.com|cloud\.google\.com)\.?$/.test(host);
}

function files(parts: unknown, asks: Asks): void {
  // Google takes one alone for a list of one.
  for (const element of objectAt(parts) ? [parts] : listIn(parts, 'contents: parts')) {
    const part = objectIn(element, 'contents: parts') ?? {};
    for (const given of spelled(part, 'fileData', 'file_data'))
      for (const uri of spelled(objectIn(given, 'contents: fileData') ?? {}, 'fileUri', 'file_uri')) {
        const named = textIn(uri, 'contents: fileUri');
        if (named === undefined) continue;
        asks.readsMore = true;
        if (isStored(named)) refer('contents: fileUri', fileName(named), asks);
      }
    for (const answered of spelled(part, 'functionResponse', 'function_response'))
      files(objectIn(answered, 'contents: functionResponse')?.['parts'], asks);
  }
}

/** Whatever stands under either of a member’s names: Google reads both. */
const spelled = (object: JsonObject, ...names: readonly [json: string, proto: string]): readonly unknown[] =>
  names.map((name) => object[name]).filter((value) => value !== undefined);

/** An upload is the same in every version of the API, and by its name alone. */
function fileName(uri: string): string {
  return /\b(files\/[\w-]+)$/.exec(uri)?.[1] ?? uri;
}

function contents(value: unknown, asks: Asks, member: string): void {
  for (const turn of Array.isArray(value) ? value : [value]) files(objectIn(turn, member)?.['parts'], asks);
}

/** A router’s choice, and the model that it is told. */
function generationConfig(value: unknown, asks: Asks, member: string): void {
  for (const [given, inner] of Object.entries(objectIn(value, member) ?? {})) {
    const name = jsonName(given);
    if (inner === null || (name !== 'routingConfig' && name !== 'modelSelectionConfig')) continue;
    const place = `${member}: ${name}`;
    asks.needs.push({ member: place, allowance: 'routing' });
    for (const mode of spelled(objectIn(inner, place) ?? {}, 'manualMode', 'manual_mode'))
      for (const model of spelled(objectIn(mode, place) ?? {}, 'modelName', 'model_name'))
        nameModel(model, asks, place);
  }
}

const LIST_TIERS = ['unspecified', 'standard', 'service_tier_unspecified', 'service_tier_standard', '0'];

/** What becomes of the members of a request for content. */
export const generateMembers: MemberTable = {
  endpoint: '/v1beta/models/{model}:generateContent',
  source:
    'types of the npm package @google/genai 3.3.0 (2026-11-12), whose `GenerateContentConfig` lies in part in `generationConfig`',
  rows: [
    decides('whose price it is', 'model'),
    readBy(
      'contents',
      'owned',
      'the prompt; uploads and objects of buckets in it must be the account’s own',
      contents,
    ),
    readBy('systemInstruction', 'owned', 'as `contents`', contents),
    readBy('generationConfig', 'decides', 'bounds the hold; see below', generationConfig),
    readBy('tools', 'priced', 'by its member, see below', toolsBy(tools, membersOf)),
    serviceTierRow(
      'serviceTier',
      LIST_TIERS,
      '`priority` and `flex` by their ratio in `service_tier_ratios`, as upstream reports; `standard` costs what the list says',
    ),
    // Under their names in JSON, as all that is asked of Google: they may come in either spelling.
    ...[...gatewayRows, ...backgroundRows].map((row) => ({ ...row, names: row.names.map(jsonName) })),
    fallbackRow,
    refused(['cachedContent'], 'not supported: send the contents themselves.'),
    allowed(['modelArmorConfig'], {
      how: 'a service of its own judges prompt and answer',
      allowance: 'moderation',
    }),
    refused(['generationOutputConfig'], 'answers are not written to buckets: leave it out.'),
    shapes('a call that goes on with it is charged as reported', 'continuationToken'),
    shapes('', 'toolConfig', 'safetySettings', 'labels', 'store'),
  ],
  inside: [
    { of: 'tools', rows: tools },
    {
      of: 'generationConfig',
      rows: [
        decides('bounds the hold', 'maxOutputTokens', 'candidateCount', 'thinkingConfig'),
        allowed(['routingConfig', 'modelSelectionConfig'], {
          how: 'a router chooses the model; one that it is told must be on the key’s list',
          allowance: 'routing',
        }),
        shapes(
          'pictures and sound are output at ratios of their own',
          'responseModalities',
          'speechConfig',
          'imageConfig',
        ),
        shapes(
          '',
          'audioTimestamp',
          'audioTranscriptionConfig',
          'enableAffectiveDialog',
          'enableEnhancedCivicAnswers',
        ),
        shapes(
          '',
          'frequencyPenalty',
          'logprobs',
          'mediaResolution',
          'presencePenalty',
          'responseFormat',
          'responseLogprobs',
        ),
        shapes(
          '',
          'responseMimeType',
          'responseSchema',
          'responseJsonSchema',
          'seed',
          'stopSequences',
          'temperature',
        ),
        shapes('', 'topK', 'topP', 'translationConfig'),
      ],
    },
  ],
};

export const judgeGenerate = new MemberJudge(generateMembers);
