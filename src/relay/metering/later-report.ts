import type { Usage } from '../../domain/pricing/usage.js';
import { outputOf, promptOf } from './usage.js';

/**
 * What a stream has reported by now, given what it had reported before: the later report counts, but for a side of which it says nothing.
 * Upstreams that fill in a placeholder of zeros do so at the end too.
 */
export function laterReport(earlier: Usage | undefined, later: Usage): Usage {
  if (!earlier) return later;
  const prompt = saysNothing(promptOf(later)) ? earlier : later;
  const output = saysNothing(outputOf(later)) ? earlier : later;
  return {
    ...later,
    prompt_tokens: prompt.prompt_tokens,
    cached_tokens: prompt.cached_tokens,
    cache_write_tokens: prompt.cache_write_tokens,
    cache_write_1h_tokens: prompt.cache_write_1h_tokens,
    prompt_audio_tokens: prompt.prompt_audio_tokens,
    prompt_image_tokens: prompt.prompt_image_tokens,
    completion_tokens: output.completion_tokens,
    reasoning_tokens: output.reasoning_tokens,
    completion_audio_tokens: output.completion_audio_tokens,
    completion_image_tokens: output.completion_image_tokens,
    images: later.images || earlier.images,
    media_ms: later.media_ms || earlier.media_ms,
    characters: later.characters || earlier.characters,
    searches: later.searches || earlier.searches,
    file_searches: later.file_searches || earlier.file_searches,
    code_sessions: later.code_sessions || earlier.code_sessions,
  };
}

/** Zero, or no number at all: a count that is left out. */
const saysNothing = (count: number): boolean => count === 0 || Number.isNaN(count);
