import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { HttpFailure } from '../../src/http/failure.js';
import { fullPath } from '../../src/http/areas.js';
import { defaultHttpSettings } from '../../src/http/ports.js';
import { apiEndpoints } from '../../src/http/routes/endpoints.js';
import { validate } from '../../src/http/validation.js';

// Whatever a field is sent as, what is said about it is ours: no word of the library that looks.

const hostile: readonly unknown[] = [
  undefined,
  '',
  'x',
  ' \u0000',
  'x'.repeat(70_000),
  0,
  -1,
  1.5,
  1e300,
  Number.NaN,
  true,
  [],
  [1, null, {}, 'x'.repeat(300)],
  {},
  { id: 5, model: [], name: {}, ratio: 'x', secret: 7, value: null },
];

const foreign =
  /invalid|expected (?!a text|a (?:whole )?number|true or false|a list|an object)|received|undefined|\bnan\b|\bzod\b|pattern|regex|another (?:form|type)|literal|union/i;
/** Of what is said in Chinese, the words that are not. */
const latin =
  /\b(?:string|number|int|integer|boolean|array|object|record|null|date|tuple|enum|format|type)\b/i;

function complaintsAbout(schema: z.ZodType, raw: Record<string, unknown>) {
  try {
    validate(schema, raw);
    return [];
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return error.failure.errors ?? [];
  }
}

const rows = apiEndpoints(defaultHttpSettings.topupLimits).map(
  (bound) => [`${bound.method} ${fullPath(bound)}`, bound] as const,
);

describe('what is said about a field that is wrong', () => {
  it.each(rows)('%s', (_name, { input }) => {
    const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
    for (const name of Object.keys(properties))
      for (const value of hostile)
        for (const { text } of complaintsAbout(input, { [name]: value })) {
          expect(text.en).not.toMatch(foreign);
          expect(text.zh).not.toMatch(foreign);
          expect(text.zh.replace(/必须是以下之一: .*/s, '')).not.toMatch(latin);
          expect(text.zh).toMatch(/\p{Script=Han}/u);
        }
  });

  it('is looked at for fields of every kind', () => {
    const fields = rows.flatMap(([, { input }]) =>
      Object.keys(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }).properties ?? {}),
    );
    expect(fields.length).toBeGreaterThan(60);
  });
});
