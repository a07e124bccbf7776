/** Protocols whose calls can be converted, each to each. A name is in stored events for ever. */
export const convertibleProtocols = ['messages', 'chat', 'responses', 'generate'] as const;
export type ConvertibleProtocol = (typeof convertibleProtocols)[number];

/**
 * How an upstream departs from what its protocol says. `reasoning_content`: it wants thoughts of the history back in chats (DeepSeek, Kimi).
 * `no_forced_tool_when_thinking`: no tool can be demanded while it thinks. `enable_thinking`: a switch and a budget in place of an effort
 * (Qwen). `file_parts`: chats take documents. `prompt_cache_key`: it keeps what belongs together by a name, as OpenAI does.
 */
export const quirks = [
  'reasoning_content',
  'no_forced_tool_when_thinking',
  'enable_thinking',
  'file_parts',
  'prompt_cache_key',
] as const;
export type Quirk = (typeof quirks)[number];
