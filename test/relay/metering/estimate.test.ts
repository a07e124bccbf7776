import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countTokens } from '../../../src/relay/metering/count-tokens.js';
import { estimateTextTokens } from '../../../src/relay/metering/estimate-text.js';
import { chat } from '../../../src/relay/dialects/openai/chat/endpoint.js';

const samples = {
  english:
    'The quick brown fox jumps over the lazy dog. Balance, in accounting, is everything; hence we proceed.',
  german: 'Über Geld spricht man nicht, man hat es; die Buchführung dagegen redet ununterbrochen davon.',
  code: 'export function charge(price: Price, ratio: string): Charge {\n  return { kind, list: [1, 2, 3].map((x) => x * 2) };\n}\n',
  json: '{"city":"Bern","days":[1,2,3],"nested":{"deep":true,"ratio":0.8572}}',
  digits: '31415926535897932384626433832795028841971693993751',
  chinese: '充值成功，用户不存在。请求参数错误，您的账户余额不足以支付此次调用，请先充值。',
  japanese: 'こんにちは、今日はとても良い天気ですね。散歩に行きましょう。',
  korean: '안녕하세요 저는 학생입니다. 오늘 날씨가 좋네요.',
  russian: 'Привет, как дела? Сегодня хорошая погода и мы идём гулять.',
  arabic: 'مرحبا كيف حالك اليوم الطقس جميل',
  hindi: 'नमस्ते आप कैसे हैं आज मौसम अच्छा है',
  emoji: '😀🎉🚀🇩🇪👩‍💻',
};

const request = (content: unknown, more: object = {}) =>
  chat.parse(Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], ...more })), {
    parameters: {},
    headers: {},
    query: new URLSearchParams(),
  });

describe('the estimate of a prompt', () => {
  it('is the sum of what the characters count, whatever the length and the script', () => {
    // Four of a character count as many tokens as one of it quarters of a token.
    const known = new Map<string, number>();
    const quarters = (character: string): number => {
      const found = known.get(character) ?? estimateTextTokens(character.repeat(4));
      known.set(character, found);
      return found;
    };
    const texts = fc.oneof(
      fc.string({ maxLength: 200, unit: 'grapheme-ascii' }),
      fc.string({ maxLength: 200, unit: 'binary' }),
      fc
        .tuple(fc.string({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 40_000 }))
        .map(([text, times]) => text.repeat(times)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let sum = 0;
        for (let at = 0; at < text.length; at += 1) sum += quarters(text.charAt(at));
        expect(estimateTextTokens(text)).toBe(Math.ceil(sum / 4));
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.entries(samples))('is from above and not wildly so: %s', async (_language, text) => {
    const { tokens, counted } = await countTokens(text.repeat(20), { budgetMs: 10_000 });
    const estimated = estimateTextTokens(text.repeat(20));
    expect(counted).toBe(true);
    expect(estimated).toBeGreaterThanOrEqual(tokens);
    expect(estimated).toBeLessThan(tokens * 5);
  });

  it('grows with every part of the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(estimateTextTokens(a + b)).toBeGreaterThanOrEqual(estimateTextTokens(a));
        expect(estimateTextTokens(a + b)).toBeLessThanOrEqual(estimateTextTokens(a) + estimateTextTokens(b));
      }),
    );
  });

  it('takes pictures as pictures and not as text', () => {
    const url = `data:image/png;base64,${'A'.repeat(1_000_000)}`;
    const { promptTokens } = request([
      { type: 'text', text: 'what is this?' },
      { type: 'image_url', image_url: { url } },
    ]);
    expect(promptTokens).toBeGreaterThan(1_000);
    expect(promptTokens).toBeLessThan(2_000);
  });

  it('takes audio and documents by their size', () => {
    const audio = request([
      { type: 'input_audio', input_audio: { data: 'A'.repeat(64_000), format: 'wav' } },
    ]);
    expect(audio.promptTokens).toBeGreaterThan(1_000);
    expect(audio.promptTokens).toBeLessThan(1_200);
  });

  it('counts tools and earlier calls', () => {
    const tools = [{ type: 'function', function: { name: 'weather', description: 'x'.repeat(1_000) } }];
    expect(request('hi', { tools }).promptTokens).toBeGreaterThan(request('hi').promptTokens + 500);
  });
});

describe('our own count', () => {
  it('is bounded where a tokenizer would need seconds, and says when it had to estimate', async () => {
    const before = process.cpuUsage();
    const whole = await countTokens('模'.repeat(20_000), { budgetMs: 60_000 });
    // Of the processor, which others may be using as well.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
    expect(whole.counted).toBe(true);
    const bounded = await countTokens('模'.repeat(5_000_000), { budgetMs: 20 });
    expect(bounded.counted).toBe(false);
    expect(bounded.tokens).toBeGreaterThan(whole.tokens);
  });

  it('takes the names of special tokens as text', async () => {
    expect((await countTokens('<|endoftext|>', { budgetMs: 100 })).tokens).toBeGreaterThan(1);
  });

  it('does not split characters between pieces', async () => {
    const { tokens } = await countTokens('😀'.repeat(1_000), { budgetMs: 10_000 });
    expect(tokens).toBeLessThan(3_000);
  });
});
