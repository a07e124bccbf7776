import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SpokenDialect } from '../dialects/dialect.js';
import { spokenAt } from '../dialects/all.js';
import { MOST_OUTPUT_TOKENS } from '../plan/calls.js';
import { type UpstreamEntry, upstreamScript, type UpstreamScript } from '../upstream-script.js';

// An upstream of every dialect that does what each call's text says, and writes down what it served: `<port> <book>`.

const [, , port = '0', book = ''] = process.argv;
const file = openSync(book, 'a');
const note = (entry: Omit<UpstreamEntry, 'atMs'>) =>
  writeSync(file, `${JSON.stringify({ atMs: Date.now(), ...entry })}\n`);

createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
process.stdin.on('close', () => process.exit(0)).resume();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = JSON.parse(Buffer.concat(parts).toString()) as { stream?: boolean };
  const { dialect, streamed } = spokenAt(request.url ?? '', body);
  const { content, limit } = dialect.asked(body as never);
  const asked = upstreamScript.parse(JSON.parse(content));
  const script = { ...asked, usage: within(limit, asked.usage) };
  const id = `up-${randomUUID()}`;
  const { requestId } = script;
  note({ id, requestId, what: 'asked' });
  response.once('close', () => {
    if (!response.writableFinished) note({ id, requestId, what: 'broken' });
  });
  response.once('finish', () => note({ id, requestId, what: 'answered' }));
  if (script.end === 'error') {
    await wait(script.pauseMs);
    response.writeHead(500, { 'content-type': 'application/json', ...named(id) });
    response.end(JSON.stringify({ error: { message: 'overloaded', type: 'server_error', code: null } }));
  } else if (script.end === 'garbage') {
    response.writeHead(200, { 'content-type': 'text/html', ...named(id) });
    response.end('<html>gateway</html>');
  } else if (streamed) await stream(response, id, script, dialect);
  else await whole(response, id, script, dialect);
}

/** As each of them names an answer. */
const named = (id: string) => ({ 'x-request-id': id, 'request-id': id });

/** An honest upstream keeps to the limit it was sent; one that reports an excess does not. */
function within(limit: number | undefined, usage: UpstreamScript['usage']): UpstreamScript['usage'] {
  if (!usage || limit === undefined || usage.completion > MOST_OUTPUT_TOKENS) return usage;
  return { ...usage, completion: Math.min(usage.completion, limit) };
}

async function whole(
  response: ServerResponse,
  id: string,
  script: UpstreamScript,
  dialect: SpokenDialect,
): Promise<void> {
  await wait(script.pauseMs * script.words);
  if (script.end === 'cut') return void response.destroy();
  response.writeHead(200, { 'content-type': 'application/json', ...named(id) });
  response.end(JSON.stringify(dialect.whole(id, WORD.repeat(script.words), script.usage)));
}

const WORD = 'word ';

async function stream(
  response: ServerResponse,
  id: string,
  script: UpstreamScript,
  dialect: SpokenDialect,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...named(id) });
  for (const each of dialect.opening(id)) response.write(each);
  for (let word = 0; word < script.words; word++) {
    if (word > 0) await wait(script.pauseMs);
    if (response.destroyed) return;
    if (script.end === 'cut' && word === Math.ceil(script.words / 2)) return void response.destroy();
    response.write(dialect.word(id, WORD));
  }
  response.end(dialect.closing(id, WORD.repeat(script.words), script.usage).join(''));
}
