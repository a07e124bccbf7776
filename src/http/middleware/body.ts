import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import { invalidRequest, type Rule } from '../failure.js';
import { contentCodings, decodedBody, Undecodable, UnknownCoding } from '../../support/content-coding.js';
import { memberText, NumberText } from '../json/number-text.js';

export interface BodyLimits {
  readonly limitBytes: number;
  readonly timeoutMs: number;
}

/** What is read and thrown away of a body over the limit, so that a caller who is still sending can hear the answer. */
const DRAIN_BYTES = 32 * 1024 * 1024;

const complaint = (status: number, code: string, field: string, rule: Rule, zh: string, en: string) =>
  invalidRequest([{ field, rule, text: { zh, en } }], { status, code });

const notJson = (zh: string, en: string, rule: Rule = 'type') =>
  complaint(400, 'invalid_json', 'body', rule, zh, en);

/** Whether the request says that it carries one. */
export const hasBody = (ctx: Context): boolean =>
  ctx.get('Transfer-Encoding') !== '' || Number(ctx.get('Content-Length')) > 0;

/**
 * Reads a JSON object. Throws 415 for another media type or coding, 413 for too much, 408 when it does not come in time, and 400
 * for what is not UTF-8, not JSON or not an object. The members named in `exactNumbers` keep their digits as NumberText.
 */
export async function readJsonBody(
  ctx: Context,
  limits: BodyLimits,
  exactNumbers: readonly string[],
): Promise<Record<string, unknown>> {
  requireJson(ctx);
  const bytes = await readBytes(ctx, limits);
  if (bytes.length === 0) throw notJson('不能为空', 'must not be empty', 'required');
  const text = decodeUtf8(bytes);
  const body = parseObject(text);
  for (const name of exactNumbers) {
    if (Object.hasOwn(body, name) && typeof body[name] === 'number')
      body[name] = new NumberText(memberText(text, name) ?? '');
  }
  return body;
}

function requireJson(ctx: Context): void {
  const [type, ...parameters] = ctx.get('Content-Type').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset="?([^"]*?)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  const isJson = type?.trim() === 'application/json' && (charset ?? 'utf-8').replace('-', '') === 'utf8';
  if (isJson) return;
  throw complaint(
    415,
    'unsupported_media_type',
    'Content-Type',
    'type',
    '应为 application/json (UTF-8)',
    'must be application/json in UTF-8',
  );
}

/** A body as it came, decoded. Throws 413, 415 or 408. */
export async function readBytes(ctx: Context, limits: BodyLimits): Promise<Buffer> {
  const request = ctx.req;
  const chunks: Buffer[] = [];
  let received = 0;
  // Slow bodies are cut off: the socket's destruction ends the loop below.
  const timer = setTimeout(() => request.destroy(), limits.timeoutMs);
  try {
    for await (const chunk of decodedBody(request) as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received <= limits.limitBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (received > DRAIN_BYTES) break;
    }
  } catch (error) {
    // What is too large is too large, whatever is wrong with the rest of it.
    received = error instanceof Undecodable ? error.bytes : 0;
    if (received <= limits.limitBytes) throw codingComplaint(ctx, error) ?? incomplete(request);
  } finally {
    clearTimeout(timer);
  }
  if (received <= limits.limitBytes) return Buffer.concat(chunks);
  ctx.set('Connection', 'close');
  const most = `${limits.limitBytes}`;
  throw complaint(
    413,
    'request_too_large',
    'body',
    'max',
    `不得大于 ${most} 字节`,
    `must be at most ${most} bytes`,
  );
}

/** What is wrong with how a body is encoded; undefined for anything else. The rest of it is not read. */
export function codingComplaint(ctx: Context, error: unknown): Error | undefined {
  if (!(error instanceof UnknownCoding || error instanceof Undecodable)) return undefined;
  ctx.set('Connection', 'close');
  if (error instanceof Undecodable) {
    const { coding, reason } = error;
    if (reason === 'ratio')
      return complaint(
        413,
        'request_too_large',
        'body',
        'max',
        `按 ${coding} 解码后远大于所发送的内容`,
        `in ${coding} unpacks to far more than was sent`,
      );
    return complaint(
      400,
      'invalid_request',
      'body',
      'type',
      `无法按 ${coding} 解码`,
      `cannot be decoded as ${coding}`,
    );
  }
  ctx.set('Accept-Encoding', contentCodings);
  const names = [
    `不支持 ${error.coding}，应为 ${contentCodings}`,
    `${error.coding} is none of ${contentCodings}`,
  ] as const;
  return complaint(415, 'unsupported_media_type', 'Content-Encoding', 'type', ...names);
}

/** The connection is gone, so nobody hears this; it ends the request as the caller's fault instead of ours. */
function incomplete(request: IncomingMessage): Error {
  request.destroy();
  return complaint(408, 'request_timeout', 'body', 'required', '未完整到达', 'did not arrive completely');
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson('不是有效的 UTF-8', 'is not valid UTF-8');
  }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notJson('不是有效的 JSON', 'is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw notJson('应为 JSON 对象', 'must be a JSON object');
  return value as Record<string, unknown>;
}
