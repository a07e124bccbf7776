import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { charge } from '../../../../../src/domain/pricing/charge.js';
import { ratesFor } from '../../../../../src/domain/pricing/rates.js';
import { usageFrom } from '../../../../../src/domain/pricing/usage.js';
import { worstCharge } from '../../../../../src/domain/pricing/worst-case.js';
import { transcriptions } from '../../../../../src/relay/dialects/openai/transcriptions/endpoint.js';
import { loadTokenizer } from '../../../../../src/relay/metering/count-tokens.js';
import { meterSound } from '../../../../../src/relay/metering/meter-sound.js';
import { Form } from '../../../../../src/relay/multipart/form.js';
import { FormScanner } from '../../../../../src/relay/multipart/form-scanner.js';
import { UploadStore } from '../../../../../src/relay/multipart/upload-store.js';
import { byHand, fieldHead } from '../../../multipart/support/forms.js';
import { price } from '../../../support/relay-world.js';

const store = new UploadStore({
  uploadDirectory: tmpdir(),
  uploadMemoryBytes: 10_000_000,
  uploadDiskBytes: 0,
});

/** What the relay makes of a form with a recording of so many bytes. */
function requestWith(bytes: number, prompt: string) {
  const body = byHand(
    [`${fieldHead('file')}; filename="a.mp3"`, 'x'.repeat(bytes)],
    [fieldHead('model'), 'm'],
    [fieldHead('prompt'), prompt],
  );
  const scanner = new FormScanner('b');
  scanner.push(body);
  const upload = store.begin();
  void upload.append(body);
  const { parts } = scanner;
  const form = { contentType: 'multipart/form-data; boundary=b', boundary: 'b', upload, parts };
  return transcriptions.parse(Form.of({ ...form, closingAt: scanner.end(), length: body.length }));
}

const OUTPUT_TOKENS = 500;
const ratio = fc.constantFrom('0', '0.003', '1.25', '17');
const prices = fc.record({
  model_ratio: ratio,
  completion_ratio: ratio,
  audio_ratio: ratio,
  per_second_usd: fc.option(fc.constantFrom('0', '0.0001', '0.017'), { nil: undefined }),
});

describe('what a transcript is held at', () => {
  it('is never below its charge: as reported within what the recording can be, or estimated', async () => {
    await loadTokenizer();
    await fc.assert(
      fc.asyncProperty(
        prices,
        fc.integer({ min: 1, max: 200_000 }),
        fc.string({ maxLength: 50 }).map((each) => each.replaceAll('--', '')),
        fc.constantFrom('seconds', 'tokens', 'both', 'nothing', 'nonsense'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async ({ per_second_usd, ...ratios }, bytes, prompt, said, share) => {
          const perSecond = per_second_usd === undefined ? {} : { per_second_usd };
          const listed = price('m', { ...ratios, ...perSecond, max_output_tokens: OUTPUT_TOKENS });
          const request = requestWith(bytes, prompt);
          const part = (most: number) => Math.floor(most * share);
          const mostMs = request.units?.mediaMs as number;
          const audio = part(request.promptTokens);
          const seconds = { media_ms: part(mostMs) };
          const tokens = {
            prompt_tokens: part(request.promptTokens),
            prompt_audio_tokens: audio,
            completion_tokens: part(OUTPUT_TOKENS),
          };
          const reports = {
            seconds: usageFrom(seconds),
            tokens: usageFrom(tokens),
            both: usageFrom({ ...seconds, ...tokens }),
            nothing: undefined,
            nonsense: usageFrom({ media_ms: Number.NaN }),
          };
          const { promptTokens, units } = request;
          const expected = { ...units, promptTokens, contexts: 1 };
          const source = {
            reported: reports[said],
            expected,
            promptText: () => request.promptText(),
            outputText: () => ({ texts: ['a few words'], estimatedBeyond: 0 }),
          };
          const metered = await meterSound(source, request.likelyMediaMs as number, listed, 1_000);
          const rates = ratesFor(listed, metered.usage.prompt_tokens);
          const charged = charge(rates, '1.5', metered.usage);
          const held = worstCharge(listed, '1.5', expected, OUTPUT_TOKENS);
          expect(held).toBeGreaterThanOrEqual(charged.quota);
          if (Number(per_second_usd ?? 0) > 0) expect(charged.quota).toBeGreaterThan(0n);
        },
      ),
      { numRuns: 300 },
    );
  });
});
