import { describe, expect, it } from '@jest/globals';
import { relayRoutes } from '../../../src/relay/dialects/all.js';
import { CallRefused } from '../../../src/relay/errors.js';

// A body that is refused for its shape is told so in words of the relay's own, whichever member it was.

const hostile: readonly unknown[] = [
  '',
  'x',
  -1,
  1.5,
  1e300,
  true,
  null,
  [],
  [1, null, {}],
  {},
  { include_usage: 5 },
];
const facts = { parameters: { model: 'm' }, headers: {}, query: new URLSearchParams() };

const members = [
  'model messages stream stream_options max_tokens max_completion_tokens n input instructions max_output_tokens background',
  'previous_response_id conversation tools contents systemInstruction generationConfig cachedContent toolConfig system thinking',
  'prompt suffix best_of dimensions encoding_format documents query top_n size quality voice response_format stream_format',
  'stop temperature tool_choice reasoning text include service_tier speed inference_geo container mcp_servers',
].flatMap((line) => line.split(' '));

const base = {
  model: 'm',
  messages: [{ role: 'user', content: 'hi' }],
  max_tokens: 5,
  input: 'hi',
  prompt: 'hi',
  query: 'hi',
  documents: ['hi'],
  voice: 'alloy',
  contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
};

const foreign =
  /invalid input|invalid option|too (?:small|big)|received|undefined|\bNaN\b|zod|pattern|regex|unrecognized|expected (?:string|number|int|array|object|boolean)/i;

const rows = relayRoutes.flatMap(({ method, path, endpoint }) =>
  endpoint.kind === 'call' ? [[`${method} ${path}`, endpoint] as const] : [],
);

describe('what is said of a body that is refused', () => {
  it.each(rows)('%s', (_name, endpoint) => {
    let refused = 0;
    for (const name of members)
      for (const value of hostile)
        try {
          endpoint.parse(Buffer.from(JSON.stringify({ ...base, [name]: value })), facts);
        } catch (error) {
          if (!(error instanceof CallRefused)) throw error;
          refused += 1;
          if (error.refusal.code === 'invalid_request') expect(error.refusal.message).not.toMatch(foreign);
        }
    expect(refused).toBeGreaterThan(0);
  });

  it('is looked at for every endpoint that takes JSON', () => {
    expect(rows.length).toBeGreaterThan(8);
  });
});
