import { invalidRequest } from '../../json/body.js';
import type { JsonObject } from '../../json/read.js';
import type { Asks } from '../../request-members/asks.js';
import { allowed, decides, priced, readBy, refused, shapes } from '../../request-members/rows.js';
import { type MemberTable, MemberJudge } from '../../request-members/table.js';
import { toolsBy, typeOfNamedTool } from '../../request-members/tools.js';
import {
  elementAt,
  listIn,
  listOrText,
  objectIn,
  refer,
  referFile,
  textIn,
} from '../../request-members/values.js';
import { isFetched } from '../media.js';
import { CACHE_CHARGE, cacheOptionsRow, sharedRows } from '../members.js';

const tools = [
  shapes('run by the client', 'function', 'custom'),
  allowed(['web_search', 'web_search_preview', 'builtin_function'], {
    how: 'of Zhipu, Kimi and others: run by upstream, in a unit that it does not report',
    allowance: 'plugins',
  }),
];

/** What an assistant’s earlier sound, or a part of a message, was stored as. */
function messageReferences(value: unknown, asks: Asks): void {
  for (const element of listIn(value, 'messages')) {
    const message = objectIn(element, 'messages');
    refer('messages: audio.id', objectIn(message?.['audio'], 'messages: audio')?.['id'], asks);
    const parts = listOrText(message?.['content'], 'messages: content');
    const role = textIn(message?.['role'], 'messages: role');
    if (role === 'cache') cacheNamedIn(message?.['content'], asks);
    if (role === 'system') filesNamedIn(message?.['content'], asks);
    for (const element of parts) {
      const part = elementAt(element, 'messages: content');
      if (part) partReferences(part, asks);
    }
  }
}

function partReferences(part: JsonObject, asks: Asks): void {
  // Of OpenAI in a member of its own, of Mistral in the part itself.
  referFile('messages: file_id', objectIn(part['file'], 'messages: file')?.['file_id'], asks);
  referFile('messages: file_id', part['file_id'], asks);
  for (const name of NAMED_MEDIA) {
    const given = part[name];
    if (given === undefined || given === null) continue;
    const member = `messages: ${name}`;
    const url = typeof given === 'string' ? given : textIn(objectIn(given, member)?.['url'], member);
    if (url?.startsWith(MOONSHOT_FILE)) referFile(member, url.slice(MOONSHOT_FILE.length), asks);
    // A picture has a size that is known, wherever it is.
    if (name !== 'image_url' && isFetched(given)) asks.readsMore = true;
  }
  if (isFetched(part['input_audio'])) asks.readsMore = true;
}

const NAMED_MEDIA = ['image_url', 'video_url', 'audio_url', 'document_url'] as const;
/** Moonshot’s address of a file that was uploaded there; behind it stands the id by which others name the same file. */
const MOONSHOT_FILE = 'ms://';
/** Alibaba’s qwen-long takes files as a text of the system, `fileid://file-1,fileid://file-2`. */
const ALIBABA_FILE = 'fileid://';

function filesNamedIn(content: unknown, asks: Asks): void {
  for (const text of textsOf(content)) {
    if (!text.startsWith(ALIBABA_FILE)) continue;
    for (const name of text.split(','))
      referFile('messages: fileid', name.trim().replace(ALIBABA_FILE, ''), asks);
  }
}

/** Moonshot takes a prompt that was put into its cache as a message of the role `cache`, `cache_id=cache-1;reset_ttl=300`. */
function cacheNamedIn(content: unknown, asks: Asks): void {
  for (const text of textsOf(content)) refer('messages: cache_id', text.split(';')[0], asks, true);
}

function textsOf(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content];
  const member = 'messages: content';
  return listIn(content, member).flatMap(
    (part) => (typeof part === 'string' ? part : textIn(objectIn(part, member)?.['text'], member)) ?? [],
  );
}

/** Google's own members in its chats, which the SDK of OpenAI puts into one of theirs. */
function ofGoogle(value: unknown, _: Asks, member: string): void {
  const google = objectIn(value, member) ?? {};
  for (const name of ['cached_content', 'cachedContent'])
    if ((google[name] ?? null) !== null)
      throw invalidRequest(`"${name}": not supported: send the messages themselves.`, name);
}

/** What becomes of the members of a chat. */
export const chatMembers: MemberTable = {
  endpoint: '/v1/chat/completions',
  source:
    'types of the npm package openai 7.59.0 (2026-11-17), and OpenRouter’s reference of its API (read 2026-11-28)',
  rows: [
    decides('whose price it is', 'model'),
    readBy(
      'messages',
      'owned',
      'the prompt; `file_id`, `audio.id`, addresses `ms://…`, a system text `fileid://…` and a `cache_id` in it must be the account’s own; a `cache_id` of nobody is somebody else’s',
      messageReferences,
    ),
    decides('bounds the hold', 'max_tokens', 'max_completion_tokens', 'n'),
    readBy('google', 'refused', 'of Google: with `cached_content` in it; else it goes on', ofGoogle),
    refused(['best_of'], 'choices that are made and not shown: ask for them with "n".', [1]),
    refused(['cached_content', 'cachedContent'], 'not supported: send the messages themselves.'),
    decides('how the answer comes', 'stream', 'stream_options'),
    readBy('tools', 'priced', 'by its type, see below', toolsBy(tools, typeOfNamedTool('function'))),
    priced(['web_search_options'], {
      how: 'each search at `per_search_usd`',
      unit: 'per_search_usd',
      allowance: 'searches',
    }),
    shapes('sound is output at `audio_completion_ratio`', 'audio', 'modalities'),
    shapes('rejected tokens are output, as reported', 'prediction'),
    cacheOptionsRow,
    shapes(CACHE_CHARGE, 'prompt_cache_key', 'prompt_cache_retention'),
    shapes('kept at upstream for its owner; nothing here reads it', 'store'),
    shapes(
      '',
      'frequency_penalty',
      'function_call',
      'functions',
      'logit_bias',
      'logprobs',
      'metadata',
      'parallel_tool_calls',
    ),
    shapes(
      '',
      'presence_penalty',
      'reasoning_effort',
      'response_format',
      'safety_identifier',
      'seed',
      'stop',
      'temperature',
    ),
    shapes(
      '',
      'tool_choice',
      'top_logprobs',
      'top_p',
      'user',
      'verbosity',
      'reasoning',
      'transforms',
      'include_reasoning',
    ),
    ...sharedRows,
  ],
  inside: [{ of: 'tools', rows: tools }],
};

export const judgeChat = new MemberJudge(chatMembers);
