import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { formWithParameters } from '../../../src/relay/upstreams/transport/overrides.js';
import { CallRefused } from '../../../src/relay/errors.js';
import type { Form } from '../../../src/relay/multipart/form.js';
import { FormBody } from '../../../src/relay/multipart/form-body.js';
import { UploadStore } from '../../../src/relay/multipart/upload-store.js';
import { ClientGone } from '../../../src/relay/request-body.js';
import { byHand, fieldHead, readByPlatform, written } from './support/forms.js';

const IN_MEMORY = 4_096;
const LIMIT = 1_000_000;

/** A request whose body comes from outside. */
function requestOf(contentType: string, headers: object = {}): PassThrough & IncomingMessage {
  const request = new PassThrough() as PassThrough & IncomingMessage;
  request.headers = { 'content-type': contentType, ...headers };
  request.complete = false;
  request.on('end', () => (request.complete = true));
  return request;
}

describe('FormBody', () => {
  let directory: string;
  let store: UploadStore;
  const open: FormBody[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'uploads-'));
    store = new UploadStore({
      uploadDirectory: join(directory, 'made'),
      uploadMemoryBytes: IN_MEMORY,
      uploadDiskBytes: 2 * LIMIT,
    });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((body) => body.discard()));
    await rm(directory, { recursive: true });
  });

  function begin(request: IncomingMessage): FormBody {
    const body = new FormBody(request, store, LIMIT);
    open.push(body);
    return body;
  }
  async function received(contentType: string, body: Buffer): Promise<Form> {
    const request = requestOf(contentType);
    const form = begin(request).whole;
    for (let at = 0; at < body.length; at += 10_000) request.write(body.subarray(at, at + 10_000));
    request.end();
    return form;
  }
  async function formOf(fileBytes: number) {
    const form = new FormData();
    form.append('file', new Blob([randomBytes(fileBytes)]), 'a.mp3');
    form.append('model', 'whisper-1');
    form.append('language', 'de');
    const { contentType, body } = await written(form);
    return { contentType, body, form: await received(contentType, body) };
  }

  it.each([100, IN_MEMORY, 300_000])('gives back the bytes of a file of %i, twice', async (fileBytes) => {
    const { body, form } = await formOf(fileBytes);
    expect(form.length).toBe(body.length);
    expect((await buffer(form.open())).equals(body)).toBe(true);
    expect((await buffer(form.open())).equals(body)).toBe(true);
  });

  it.each([100, 300_000])('changes, drops and adds fields, and nothing else (%i)', async (fileBytes) => {
    const { contentType, body, form } = await formOf(fileBytes);
    const renamed = form.with([{ name: 'model', value: 'mapped "ä"' }]);
    const changed = formWithParameters(renamed, {
      set: { Temperature: 0.5, include: ['a', 'b'] as never },
      drop: ['LANGUAGE', 'absent'],
      default: { model: 'never', prompt: 'hello' },
    });
    const sent = await buffer(changed.open());
    expect(sent.length).toBe(changed.length);
    const [, ...rest] = await readByPlatform(contentType, body);
    const file = (await readByPlatform(contentType, body))[0];
    expect(rest.map(([name]) => name)).toEqual(['model', 'language']);
    expect(await readByPlatform(contentType, sent)).toEqual([
      ['Temperature', '0.5'],
      ['include[]', 'a'],
      ['include[]', 'b'],
      ['prompt', 'hello'],
      file,
      ['model', 'mapped "ä"'],
    ]);
    expect((await buffer(form.open())).equals(body)).toBe(true);
  });

  it('leaves nothing on the disk, not even while it is there', async () => {
    await formOf(300_000);
    expect(await readdir(join(directory, 'made'))).toEqual([]);
  });

  it('has room on the disk for so much, and again when a call is over', async () => {
    await formOf(900_000);
    await formOf(900_000);
    await expect(formOf(900_000)).rejects.toMatchObject({ refusal: { code: 'overloaded' } });
    await Promise.all(open.splice(0).map((body) => body.discard()));
    expect((await formOf(900_000)).form.length).toBeGreaterThan(900_000);
  });

  it.each([
    ['too large', 'multipart/form-data; boundary=b', Buffer.alloc(LIMIT + 1), 'request_too_large'],
    ['no form', 'application/json', Buffer.from('{}'), 'invalid_request'],
    ['malformed', 'multipart/form-data; boundary=b', Buffer.from('--c\r\n'), 'invalid_request'],
    ['not whole', 'multipart/form-data; boundary=b', Buffer.from('--b\r\n'), 'invalid_request'],
  ])('refuses what is %s', async (_what, contentType, body, code) => {
    const bytes =
      body.length > LIMIT ? Buffer.concat([byHand([fieldHead('x'), '']).subarray(0, -5), body]) : body;
    await expect(received(contentType, bytes)).rejects.toMatchObject({ refusal: { code } });
  });

  it('refuses at once what says that it will be too large', async () => {
    const request = requestOf('multipart/form-data; boundary=b', { 'content-length': String(LIMIT + 1) });
    await expect(begin(request).whole).rejects.toMatchObject({ refusal: { code: 'request_too_large' } });
    request.destroy();
  });

  it('may take longer than other bodies by a second each 32 KB that have come', async () => {
    const request = requestOf('multipart/form-data; boundary=b');
    const body = begin(request);
    expect(body.extraMs).toBe(0);
    const first = `--b\r\n${fieldHead('file')}; filename="a"\r\n\r\n`;
    request.write(first.padEnd(320_000, 'x'));
    await eventually(() => body.extraMs === 10_000);
    request.end('\r\n--b--');
    expect((await body.whole).length).toBe(320_007);
  });

  it('is given up with its client, or when it takes too long', async () => {
    const gone = requestOf('multipart/form-data; boundary=b');
    const leaving = begin(gone).whole;
    gone.destroy();
    await expect(leaving).rejects.toBeInstanceOf(ClientGone);
    const slow = requestOf('multipart/form-data; boundary=b');
    const body = begin(slow);
    slow.write('--b\r\n');
    body.expire({ code: 'request_timeout' });
    await expect(body.whole).rejects.toBeInstanceOf(CallRefused);
    slow.destroy();
  });
});
