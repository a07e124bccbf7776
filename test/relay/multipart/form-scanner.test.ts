import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundaryOf } from '../../../src/relay/multipart/boundary.js';
import { type FormPart, FormScanner, MalformedForm } from '../../../src/relay/multipart/form-scanner.js';
import { byHand, fieldHead, readByPlatform, written } from './support/forms.js';

function scan(boundary: string, body: Buffer, cuts: readonly number[] = []): readonly FormPart[] {
  const scanner = new FormScanner(boundary);
  const stops = [...new Set([0, ...cuts.map((cut) => cut % (body.length + 1)), body.length])];
  stops.sort((a, b) => a - b);
  stops.forEach((from, index) => scanner.push(body.subarray(from, stops[index + 1] ?? body.length)));
  expect(body.subarray(scanner.end()).toString('latin1')).toMatch(/^--[^\r]*--\r?\n?$/);
  return scanner.parts;
}

/** A mark of the order of bytes is text here; the platform takes it away at the begin. */
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((each) => !each.startsWith('\ufeff'));
const bytes = fc.uint8Array({ maxLength: 300 });
/** What a backslash before a quote means is read in two ways. */
const file = fc.string({ maxLength: 10 }).map((each) => each.replaceAll('\\', '/'));
const name = fc.constantFrom('model', 'prompt', 'image[]', 'file', 'ünï');

describe('FormScanner', () => {
  it('finds what the platform finds, wherever the bytes are cut', async () => {
    const entries = fc.array(fc.record({ name, value: fc.oneof(text, bytes), file }), {
      minLength: 1,
      maxLength: 6,
    });
    const cuts = fc.array(fc.nat(), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(entries, cuts, async (list, where) => {
        const form = new FormData();
        for (const { name: named, value, file } of list) {
          if (typeof value === 'string') form.append(named, value);
          else form.append(named, new Blob([value]), file);
        }
        const { contentType, body } = await written(form);
        const parts = scan(boundaryOf(contentType) as string, body, where);
        const found = parts.map((part) => [
          part.name,
          body.toString(part.isFile ? 'latin1' : 'utf8', part.contentStart, part.contentEnd),
        ]);
        expect(found).toEqual(await readByPlatform(contentType, body));
        for (const { isFile, content, contentStart, contentEnd } of parts) {
          const end = isFile ? Math.min(contentEnd, contentStart + 64) : contentEnd;
          expect(content.equals(body.subarray(contentStart, end))).toBe(true);
        }
        expect(parts[0]?.start).toBe(0);
        parts.forEach(({ end }, index) => expect(parts[index + 1]?.start ?? end).toBe(end));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['curl', 'Content-Disposition: form-data; name="file"; filename="a b.mp3"\r\nContent-Type: audio/mpeg'],
    ['requests', 'Content-Disposition: form-data; name="file"; filename*=utf-8\'\'%C3%A4.mp3'],
    ['.NET', 'Content-Type: audio/mpeg\r\ncontent-disposition: form-data; name=file; filename=a.mp3'],
    ['an old browser', 'Content-Disposition: form-data; name="file"; filename="C:\\music\\a;b.mp3"'],
  ])('knows a file as %s sends it', (_client, head) => {
    expect(scan('b', byHand([head, 'sound']))).toMatchObject([{ name: 'file', isFile: true }]);
  });

  it.each([
    ['a longer boundary', '--b\r\nX: y\r\n\r\n\r\n--bc\r\n--b--'],
    ['no boundary at its beginning', `\r\n${byHand([fieldHead('model'), 'a']).toString()}`],
    ['a boundary within a text', byHand([fieldHead('model'), 'a--b\r\n']).toString()],
    ['a boundary behind a bare line feed', byHand([fieldHead('model'), 'a\n--b\r\nc']).toString()],
    ['a boundary among the headers', byHand([`${fieldHead('model')}\r\nX: --b`, 'a']).toString()],
    [
      'padding behind a boundary',
      '--b \r\n' +
        byHand([fieldHead('model'), 'a'])
          .toString()
          .slice(5),
    ],
    [
      'bare line feeds',
      byHand([fieldHead('model'), 'a'])
        .toString()
        .replaceAll('\r\n', '\n'),
    ],
    ['something behind its end', `${byHand([fieldHead('model'), 'a']).toString()}--b\r\n`],
    ['a folded header', byHand([`${fieldHead('model')}\r\n filename="x"`, 'a']).toString()],
    ['a header twice', byHand([`${fieldHead('model')}\r\n${fieldHead('other')}`, 'a']).toString()],
    ['a name twice', byHand([`${fieldHead('model')}; name="other"`, 'a']).toString()],
    ['a name in two ways', byHand([`${fieldHead('model')}; name*=utf-8''other`, 'a']).toString()],
    ['no name', byHand(['Content-Disposition: form-data', 'a']).toString()],
    ['an attachment', byHand(['Content-Disposition: attachment; name="model"', 'a']).toString()],
    ['base64', byHand([`${fieldHead('model')}\r\nContent-Transfer-Encoding: base64`, 'YQ==']).toString()],
    ['headers without end', `--b\r\n${'X: y\r\n'.repeat(3_000)}`],
    [
      'too many parts',
      byHand(...Array.from({ length: 200 }, () => [fieldHead('x'), ''] as const)).toString(),
    ],
    ['too long fields', byHand([fieldHead('prompt'), 'x'.repeat(1_100_000)]).toString()],
    [
      'no end',
      byHand([fieldHead('model'), 'a'])
        .toString()
        .slice(0, -4),
    ],
    ['nothing', ''],
  ])('refuses %s', (_what, body) => {
    expect(() => scan('b', Buffer.from(body))).toThrow(MalformedForm);
  });
});

describe('boundaryOf', () => {
  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data;charset=utf-8; Boundary="a b?c"', 'a b?c'],
    ['multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk', '----WebKitFormBoundary7MA4YWxk'],
    ['multipart/form-data', undefined],
    ['multipart/form-data; boundary=a; boundary=b', undefined],
    ['multipart/form-data; boundary="a', undefined],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`, undefined],
    ['multipart/mixed; boundary=a', undefined],
    ['application/json', undefined],
    ['', undefined],
  ])('%s', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });
});
