import {
  type ConvertibleProtocol,
  convertibleProtocols,
  type TargetProtocol,
  targetProtocols,
} from '../../domain/channel/conversion.js';

/** `refused`: not converted at all. `dropped`, `changed`: done and told. `spelled`: told, and no loss. */
export type Treatment = 'refused' | 'dropped' | 'changed' | 'spelled';

export interface Loss {
  readonly treated: Treatment;
  /** Requests that can have it; those that can be converted, where it is about what the other side does not take. */
  readonly of: readonly ConvertibleProtocol[];
  /** Upstreams that it is lost before. */
  readonly to: readonly TargetProtocol[];
  readonly what: string;
}

const between = (of: readonly ConvertibleProtocol[], to: readonly TargetProtocol[]) => ({ of, to });
const TO_CHAT = between(['messages'], ['chat']);
const ALL_TO_CHAT = between(['messages', 'responses'], ['chat']);
const TO_MESSAGES = between(['chat'], ['messages']);
const ALL_TO_MESSAGES = between(['chat', 'responses'], ['messages']);
/** Chats before others, and responses before any. */
const ALL_BUT_MESSAGES = between(['chat', 'responses'], targetProtocols);
const OF_RESPONSES = between(['responses'], targetProtocols);
const EITHER = between(convertibleProtocols, targetProtocols);

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
  n: { treated: 'refused', ...TO_MESSAGES, what: 'more than one choice' },
  logprobs: { treated: 'refused', ...ALL_BUT_MESSAGES, what: 'probabilities of tokens' },
  modalities: { treated: 'refused', ...TO_MESSAGES, what: 'sound or pictures as output' },
  prediction: { treated: 'refused', ...TO_MESSAGES, what: 'a predicted output' },
  web_search_options: {
    treated: 'refused',
    ...TO_MESSAGES,
    what: 'searches that upstream runs for every answer',
  },
  service_tier: { treated: 'refused', ...EITHER, what: 'a class of service beyond the usual ones' },
  container: { treated: 'refused', ...TO_CHAT, what: 'a machine of an earlier call' },
  file_id: { treated: 'refused', ...EITHER, what: 'files that one provider keeps' },
  document: {
    treated: 'refused',
    ...ALL_TO_CHAT,
    what: 'documents, unless the channel has the quirk `file_parts`',
  },
  audio: { treated: 'refused', ...ALL_BUT_MESSAGES, what: 'sound as input' },
  stop: { treated: 'refused', ...TO_CHAT, what: 'more than four stop sequences' },
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
  cache_control: { treated: 'dropped', ...TO_CHAT, what: 'marks for the prompt cache' },
  top_k: { treated: 'dropped', ...TO_CHAT, what: '`top_k`' },
  citations: { treated: 'dropped', ...TO_CHAT, what: 'citations, asked for or given' },
  thinking: {
    treated: 'dropped',
    ...ALL_TO_CHAT,
    what: 'thoughts in the history, unless the channel has the quirk `reasoning_content`',
  },
  redacted_thinking: { treated: 'dropped', ...TO_CHAT, what: 'sealed thoughts in the history' },
  thinking_signature: {
    treated: 'dropped',
    ...EITHER,
    what: 'thoughts in the history that another channel signed, or nobody',
  },
  'anthropic-beta': { treated: 'dropped', ...TO_CHAT, what: 'trials that the header asks for' },
  metadata: { treated: 'dropped', ...EITHER, what: 'all of it but the user' },
  seed: { treated: 'dropped', ...TO_MESSAGES, what: '`seed`' },
  penalties: { treated: 'dropped', ...TO_MESSAGES, what: '`frequency_penalty` and `presence_penalty`' },
  logit_bias: { treated: 'dropped', ...TO_MESSAGES, what: '`logit_bias`' },
  verbosity: { treated: 'dropped', ...ALL_BUT_MESSAGES, what: '`verbosity`' },
  strict: { treated: 'dropped', ...EITHER, what: '`strict` of tools' },
  store: { treated: 'dropped', ...ALL_BUT_MESSAGES, what: '`store`' },
  thinking_budget: { treated: 'changed', ...EITHER, what: 'a budget of thoughts into an effort, and back' },
  thinking_off: {
    treated: 'dropped',
    ...EITHER,
    what: 'thinking, where upstream cannot think within the limit, or not with a tool it must call',
  },
  temperature: {
    treated: 'changed',
    ...ALL_TO_MESSAGES,
    what: 'above 1 it is 1; with thinking it is left out',
  },
  sampling: { treated: 'dropped', ...ALL_TO_MESSAGES, what: '`top_p` beside thinking' },
  response_format: { treated: 'changed', ...ALL_TO_MESSAGES, what: '`json_object` is asked for in words' },
  system: {
    treated: 'changed',
    ...EITHER,
    what: 'instructions amid the conversation become a text of the user in `<system-reminder>`',
  },
  is_error: { treated: 'changed', ...TO_CHAT, what: 'a failed result begins with `Error: `' },
  prefill: {
    treated: 'changed',
    ...ALL_TO_CHAT,
    what: 'a last turn of the assistant, which chats may not go on from',
  },
  tool_choice: {
    treated: 'changed',
    ...EITHER,
    what: 'a tool that must be called may be called, before upstreams that cannot think and be told so',
  },
  tool_result: { treated: 'changed', ...EITHER, what: 'a call without a result gets the result `no result`' },
  input: { treated: 'changed', ...ALL_TO_MESSAGES, what: "a call's arguments that are no JSON object" },
  pictures: {
    treated: 'changed',
    ...ALL_TO_CHAT,
    what: "a result's pictures follow it as a message of the user",
  },
  names: { treated: 'spelled', ...EITHER, what: 'names of tools that upstream does not take' },
  ids: { treated: 'spelled', ...EITHER, what: 'ids of calls that upstream does not take' },
} satisfies Record<string, Loss>;

export type LossName = keyof typeof lossTable;

/** The request cannot be said to such an upstream. */
export class Inconvertible extends Error {
  override readonly name = 'Inconvertible';
  constructor(
    readonly param: string,
    what: string,
  ) {
    super(what);
  }
}

const MOST_BYTES = 1_024;
const MOST_NAME = 64;
/** Whoever sends more members that nobody knows is not told of each. */
const MOST_NAMES = 100;

/** What one conversion loses, as far as it has come. */
export class Losses {
  private readonly told = new Map<string, Exclude<Treatment, 'refused'>>();

  constructor(before?: Losses) {
    if (before) for (const [name, treated] of before.told) this.told.set(name, treated);
  }

  /** @throws Inconvertible where it is one that is refused. `param`: the member that it stands in, where that has another name */
  tell(name: LossName, param: string = name): void {
    const { treated, what }: Loss = lossTable[name];
    if (treated === 'refused') throw new Inconvertible(param, `${param}: ${what} cannot be converted.`);
    this.told.set(name, treated);
  }

  /** A member that nobody here knows. */
  drop(member: string): void {
    const name = member.slice(0, MOST_NAME).replace(/[^\w.-]/g, '_');
    this.told.set(this.told.size < MOST_NAMES ? name : 'more', 'dropped');
  }

  /** The first thing that is more than a matter of spelling; undefined: nothing is lost. */
  get first(): string | undefined {
    for (const [name, treated] of this.told) if (treated !== 'spelled') return name;
    return undefined;
  }

  /** By name, each once. */
  get names(): readonly string[] {
    return [...this.told.keys()].sort();
  }

  /** `messages>chat; dropped=cache_control,top_k; changed=temperature`, within 1 KiB. */
  headerOf(client: ConvertibleProtocol, upstream: ConvertibleProtocol): string {
    const dropped = this.named((treated) => treated === 'dropped');
    const changed = this.named((treated) => treated !== 'dropped');
    const parts = [`${client}>${upstream}`];
    if (dropped.length > 0) parts.push(`dropped=${within(dropped)}`);
    if (changed.length > 0) parts.push(`changed=${within(changed)}`);
    return parts.join('; ');
  }

  private named(wanted: (treated: Treatment) => boolean): readonly string[] {
    return this.names.filter((name) => wanted(this.told.get(name) as Treatment));
  }
}

/** So many of the names as fit into half of what a header may have. */
function within(names: readonly string[]): string {
  let text = '';
  for (const name of names) {
    if (text.length + name.length > MOST_BYTES / 2 - 8) return `${text},more`;
    text += text === '' ? name : `,${name}`;
  }
  return text;
}
