import { type ConvertibleProtocol, convertibleProtocols } from '../../domain/channel/conversion.js';

/** `refused`: not converted at all. `dropped`, `changed`: done and told. `spelled`: told, and no loss. */
export type Treatment = 'refused' | 'dropped' | 'changed' | 'spelled';

export interface Loss {
  readonly treated: Treatment;
  /** Requests that can have it; those that can be converted, where it is about what the other side does not take. */
  readonly of: readonly ConvertibleProtocol[];
  /** Upstreams that it is lost before. */
  readonly to: readonly ConvertibleProtocol[];
  readonly what: string;
}

const between = (of: readonly ConvertibleProtocol[], to: readonly ConvertibleProtocol[]) => ({ of, to });
const ALL = convertibleProtocols;
const EITHER = between(ALL, ALL);
const OF_MESSAGES = between(['messages'], ALL);
const OF_CHATS = between(['chat'], ALL);
const OF_RESPONSES = between(['responses'], ALL);
const OF_GENERATE = between(['generate'], ALL);
const OF_ALL_BUT_MESSAGES = between(['chat', 'responses', 'generate'], ALL);
const OF_OPENAI = between(['chat', 'responses'], ALL);
const TO_CHATS = between(ALL, ['chat']);
const TO_MESSAGES = between(ALL, ['messages']);
const TO_GENERATE = between(ALL, ['generate']);
/** Steering that only chats and Google know. */
const STEERING = between(['chat', 'generate'], ['messages', 'responses']);

/**
 * What does not survive a conversion, by the name under which it is told. What is done here is done by these rows, and the page of
 * docs is made of them.
 */
export const lossTable = {
  previous_response_id: {
    treated: 'refused',
    ...OF_RESPONSES,
    what: 'an earlier response that upstream keeps',
  },
  conversation: { treated: 'refused', ...OF_RESPONSES, what: 'a conversation that upstream keeps' },
  prompt: { treated: 'refused', ...OF_RESPONSES, what: 'a prompt that upstream keeps' },
  item_reference: { treated: 'refused', ...OF_RESPONSES, what: 'items that upstream keeps' },
  n: { treated: 'refused', ...between(['chat', 'generate'], ALL), what: 'more than one choice' },
  logprobs: { treated: 'refused', ...OF_ALL_BUT_MESSAGES, what: 'probabilities of tokens' },
  modalities: {
    treated: 'refused',
    ...between(['chat', 'generate'], ALL),
    what: 'sound or pictures as output',
  },
  prediction: { treated: 'refused', ...OF_CHATS, what: 'a predicted output' },
  web_search_options: {
    treated: 'refused',
    ...OF_CHATS,
    what: 'searches that upstream runs for every answer',
  },
  service_tier: { treated: 'refused', ...EITHER, what: 'a class of service beyond the usual ones' },
  output_limit: {
    treated: 'refused',
    ...between(ALL, ['responses']),
    what: 'a limit of the output below 16 tokens',
  },
  container: { treated: 'refused', ...OF_MESSAGES, what: 'a machine of an earlier call' },
  file_id: { treated: 'refused', ...EITHER, what: 'files that one provider keeps' },
  document: {
    treated: 'refused',
    ...TO_CHATS,
    what: 'documents, unless the channel has the quirk `file_parts`',
  },
  audio: { treated: 'refused', ...OF_ALL_BUT_MESSAGES, what: 'sound or film as input' },
  address: {
    treated: 'refused',
    ...TO_GENERATE,
    what: 'pictures and documents at an address that is neither `https:` nor `gs:`',
  },
  stop: {
    treated: 'refused',
    ...between(['messages', 'chat', 'generate'], ['chat', 'generate']),
    what: 'more than four stop sequences, before Google more than five',
  },
  hosted_tool: {
    treated: 'refused',
    ...EITHER,
    what: 'a tool that upstream runs, where the choice demands it or no other is offered',
  },
  content: { treated: 'refused', ...EITHER, what: 'parts of a type that is not known here' },
  hosted_tools: {
    treated: 'dropped',
    ...EITHER,
    what: 'tools that upstream runs, offered beside others, and their calls in the history',
  },
  cache_control: {
    treated: 'dropped',
    ...between(['messages', 'chat'], ALL),
    what: 'marks for the prompt cache',
  },
  top_k: {
    treated: 'dropped',
    ...between(['messages', 'chat', 'generate'], ['chat', 'responses']),
    what: '`top_k`',
  },
  stop_sequences: {
    treated: 'dropped',
    ...between(['messages', 'chat', 'generate'], ['responses', 'messages']),
    what: 'stop sequences: responses know none, and messages none of white space alone',
  },
  citations: { treated: 'dropped', ...OF_MESSAGES, what: 'citations, asked for or given' },
  thinking: {
    treated: 'dropped',
    ...TO_CHATS,
    what: 'thoughts in the history, unless the channel has the quirk `reasoning_content`',
  },
  redacted_thinking: { treated: 'dropped', ...OF_MESSAGES, what: 'sealed thoughts in the history' },
  thinking_signature: {
    treated: 'dropped',
    ...EITHER,
    what: 'thoughts in the history that another channel signed, or nobody',
  },
  thought_signature: {
    treated: 'changed',
    ...TO_GENERATE,
    what: 'the proof of a call, which models that check it are told not to ask for',
  },
  'anthropic-beta': { treated: 'dropped', ...OF_MESSAGES, what: 'trials that the header asks for' },
  metadata: { treated: 'dropped', ...EITHER, what: 'all of it but the user' },
  user: { treated: 'dropped', ...TO_GENERATE, what: 'whom the client speaks for' },
  safety_settings: { treated: 'dropped', ...OF_GENERATE, what: 'what is to be held back as unsafe' },
  parallel_tool_calls: { treated: 'dropped', ...TO_GENERATE, what: 'that an answer may have one call only' },
  seed: { treated: 'dropped', ...STEERING, what: '`seed`' },
  penalties: { treated: 'dropped', ...STEERING, what: '`frequency_penalty` and `presence_penalty`' },
  logit_bias: { treated: 'dropped', ...OF_CHATS, what: '`logit_bias`' },
  verbosity: { treated: 'dropped', ...OF_OPENAI, what: '`verbosity`' },
  strict: { treated: 'dropped', ...EITHER, what: '`strict` of tools' },
  store: { treated: 'dropped', ...OF_OPENAI, what: '`store`' },
  thinking_budget: { treated: 'changed', ...EITHER, what: 'a budget of thoughts into an effort, and back' },
  thinking_off: {
    treated: 'dropped',
    ...EITHER,
    what: 'thinking, where upstream cannot think within the limit, or not with a tool it must call',
  },
  temperature: {
    treated: 'changed',
    ...TO_MESSAGES,
    what: 'above 1 it is 1; with thinking it is left out',
  },
  sampling: { treated: 'dropped', ...TO_MESSAGES, what: '`top_p` beside thinking' },
  response_format: { treated: 'changed', ...TO_MESSAGES, what: '`json_object` is asked for in words' },
  system: {
    treated: 'changed',
    ...between(ALL, ['messages', 'chat', 'generate']),
    what: 'instructions amid the conversation become a text of the user in `<system-reminder>`',
  },
  is_error: {
    treated: 'changed',
    ...between(['messages', 'generate'], ['chat', 'responses']),
    what: 'a failed result begins with `Error: `',
  },
  prefill: {
    treated: 'changed',
    ...between(ALL, ['chat', 'responses', 'generate']),
    what: 'a last turn of the assistant, which others may not go on from',
  },
  tool_choice: {
    treated: 'changed',
    ...TO_CHATS,
    what: 'a tool that must be called may be called, before upstreams that cannot think and be told so',
  },
  tool_result: { treated: 'changed', ...EITHER, what: 'a call without a result gets the result `no result`' },
  input: { treated: 'changed', ...OF_OPENAI, what: "a call's arguments that are no JSON object" },
  pictures: {
    treated: 'changed',
    ...between(ALL, ['chat', 'generate']),
    what: "a result's pictures follow all results, as what the user says",
  },
  names: { treated: 'spelled', ...EITHER, what: 'names of tools that upstream does not take' },
  ids: { treated: 'spelled', ...EITHER, what: 'ids of calls that upstream does not take' },
} satisfies Record<string, Loss>;

export type LossName = keyof typeof lossTable;
