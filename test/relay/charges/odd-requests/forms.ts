import { byHand, fieldHead } from '../../multipart/support/forms.js';
import type { OddRequest } from './pieces.js';

type Part = readonly [head: string, content: string];
const field = (name: string, content: string): Part => [fieldHead(name), content];
const file: Part = [
  `${fieldHead('file')}; filename="a.bin"\r\nContent-Type: application/octet-stream`,
  'RIFF0000WAVEfmt ',
];
const FORM = { 'content-type': 'multipart/form-data; boundary=b' };
const paths = { edits: '/v1/images/edits', transcriptions: '/v1/audio/transcriptions' } as const;

const odd = (
  what: string,
  call: keyof typeof paths,
  parts: readonly Part[],
  status: number,
  names: string,
  own: readonly Part[] = [field('model', 'm'), field('prompt', 'hi')],
): OddRequest => ({
  what: `${what}: ${call}`,
  path: paths[call],
  headers: FORM,
  body: byHand(...own, ...parts, file),
  status,
  names,
});

const calls = ['edits', 'transcriptions'] as const;

/** Fields of forms in odd spellings and types. */
export const forms: readonly OddRequest[] = [
  ...calls.flatMap((call) => [
    odd('the model twice', call, [field('model', 'secret')], 400, 'model'),
    odd('the model in capitals beside itself', call, [field('MODEL', 'secret')], 400, 'model'),
    odd('a list of the model', call, [field('model[]', 'secret')], 400, 'model'),
    odd('no model', call, [], 400, 'model', [field('prompt', 'hi')]),
    odd('another model', call, [], 403, 'secret', [field('model', 'secret'), field('prompt', 'hi')]),
    odd('the model as a file', call, [], 400, 'model', [
      [`${fieldHead('model')}; filename="m"`, 'm'],
      field('prompt', 'hi'),
    ]),
    odd('the model in another encoding', call, [], 400, 'model', [
      [`${fieldHead('model')}\r\nContent-Type: text/plain; charset=utf-16`, 'm'],
      field('prompt', 'hi'),
    ]),
    odd('a class of service', call, [field('service_tier', 'priority')], 400, 'service_tier'),
    odd('a class of service in Java’s way', call, [field('serviceTier', 'priority')], 400, 'service_tier'),
    odd('a list of models', call, [field('models[]', 'secret')], 400, 'models'),
    odd('a model instead', call, [field('fallbacks', 'secret')], 403, 'secret'),
    odd('members in extra_body', call, [field('extra_body', '{"model":"secret"}')], 400, 'extra_body'),
    odd('members in extra_body, one by one', call, [field('extra_body[model]', 'secret')], 400, 'extra_body'),
    odd('another address', call, [field('api_base', 'https://x.example.com')], 400, 'api_base'),
  ]),
  ...['0', '-1', '1e3', '2.5', 'two'].map((n) => odd(`${n} pictures`, 'edits', [field('n', n)], 400, 'n:')),
  odd('pieces', 'edits', [field('stream', 'TRUE')], 400, 'stream'),
  odd(
    'an address in place of a file',
    'transcriptions',
    [field('url', 'https://x.example.com/a.wav')],
    400,
    'url',
  ),
];
