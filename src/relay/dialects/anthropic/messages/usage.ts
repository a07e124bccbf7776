import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { countAt, type JsonObject, objectAt, optionalCountAt } from '../../json/read.js';

/** The usage of a whole answer; undefined when there is none. Counts are as reported, also impossible ones. */
export function usageOf(payload: JsonObject): Usage | undefined {
  const usage = objectAt(payload['usage']);
  return usage && tokenUsage(usage);
}

/**
 * What a stream has reported so far. It says it twice: at its start what the prompt was, with a placeholder for the output; at its end, in
 * cumulative counts that replace those of the start where they are there, what the output was.
 */
export class StreamUsage {
  private merged: Record<string, unknown> | undefined;

  start(usage: unknown): void {
    const prompt = { ...objectAt(usage) };
    delete prompt['output_tokens'];
    if (Object.keys(prompt).length > 0) this.merged = prompt;
  }

  /** May come several times. */
  progress(value: unknown): void {
    const usage = objectAt(value);
    if (!usage) return;
    const merged: Record<string, unknown> = { ...this.merged };
    // An end that knows nothing of the prompt says 0 at some upstreams.
    const isSilentOnPrompt = promptTokens(usage) === 0;
    for (const [name, count] of Object.entries(usage)) {
      if (count === null || count === undefined) continue;
      if (isSilentOnPrompt && name in merged && name !== 'output_tokens') continue;
      merged[name] = count;
    }
    this.merged = merged;
  }

  /** Undefined until the output has been reported too. */
  get usage(): Usage | undefined {
    return this.merged && 'output_tokens' in this.merged ? tokenUsage(this.merged) : undefined;
  }

  /** What is known of the prompt alone. Upstreams that will say it at the end say 0 at the start. */
  get promptUsage(): Usage | undefined {
    if (!this.merged || promptTokens(this.merged) === 0) return undefined;
    return tokenUsage({ ...this.merged, output_tokens: 0, output_tokens_details: null });
  }
}

/** Cache reads and writes come on top of `input_tokens`; with us the prompt includes them. */
function tokenUsage(usage: JsonObject): Usage {
  const read = optionalCountAt(usage['cache_read_input_tokens']);
  const { short, long } = cacheWrites(usage);
  return usageFrom({
    prompt_tokens: countAt(usage['input_tokens']) + read + short + long,
    cached_tokens: read,
    cache_write_tokens: short,
    cache_write_1h_tokens: long,
    completion_tokens: countAt(usage['output_tokens']),
    reasoning_tokens: optionalCountAt(objectAt(usage['output_tokens_details'])?.['thinking_tokens']),
    searches: optionalCountAt(objectAt(usage['server_tool_use'])?.['web_search_requests']),
  });
}

/** Cache entries of 5 minutes and of one hour: what the total has beyond the hour's is of 5 minutes. */
function cacheWrites(usage: JsonObject): { readonly short: number; readonly long: number } {
  const creation = objectAt(usage['cache_creation']);
  const long = optionalCountAt(creation?.['ephemeral_1h_input_tokens']);
  const total = optionalCountAt(usage['cache_creation_input_tokens']);
  const short = optionalCountAt(creation?.['ephemeral_5m_input_tokens']);
  return { short: Math.max(total - long, short), long };
}

function promptTokens(usage: JsonObject): number {
  return (
    optionalCountAt(usage['input_tokens']) +
    optionalCountAt(usage['cache_read_input_tokens']) +
    optionalCountAt(usage['cache_creation_input_tokens'])
  );
}
