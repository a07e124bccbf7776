import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { MOST_OUTPUT_TOKENS } from '../plan/workload.js';
import { type UpstreamEntry, upstreamScript, type UpstreamScript } from '../upstream-script.js';

// An OpenAI-compatible upstream that does what each call's text says, and writes down what it served: `<port> <book>`.

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
  const chat = JSON.parse(Buffer.concat(parts).toString()) as {
    stream?: boolean;
    max_tokens?: number;
    messages: { content: string }[];
  };
  const asked = upstreamScript.parse(JSON.parse(chat.messages[0]?.content ?? ''));
  const script = { ...asked, usage: within(chat.max_tokens, asked.usage) };
  const id = `up-${randomUUID()}`;
  const { requestId } = script;
  note({ id, requestId, what: 'asked' });
  response.once('close', () => {
    if (!response.writableFinished) note({ id, requestId, what: 'broken' });
  });
  response.once('finish', () => note({ id, requestId, what: 'answered' }));
  if (script.end === 'error') {
    await wait(script.pauseMs);
    response.writeHead(500, { 'content-type': 'application/json', 'x-request-id': id });
    response.end(JSON.stringify({ error: { message: 'overloaded', type: 'server_error', code: null } }));
  } else if (script.end === 'garbage') {
    response.writeHead(200, { 'content-type': 'text/html', 'x-request-id': id });
    response.end('<html>gateway</html>');
  } else if (chat.stream === true) await stream(response, id, script);
  else await whole(response, id, script);
}

/** An honest upstream keeps to the limit it was sent; one that reports an excess does not. */
function within(limit: number | undefined, usage: UpstreamScript['usage']): UpstreamScript['usage'] {
  if (!usage || limit === undefined || usage.completion > MOST_OUTPUT_TOKENS) return usage;
  return { ...usage, completion: Math.min(usage.completion, limit) };
}

const usageOf = ({ usage }: UpstreamScript) =>
  usage && {
    prompt_tokens: usage.prompt,
    completion_tokens: usage.completion,
    total_tokens: usage.prompt + usage.completion,
  };

async function whole(response: ServerResponse, id: string, script: UpstreamScript): Promise<void> {
  await wait(script.pauseMs * script.words);
  if (script.end === 'cut') return void response.destroy();
  const message = { role: 'assistant', content: 'word '.repeat(script.words) };
  const usage = usageOf(script);
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': id });
  response.end(JSON.stringify({ id, object: 'chat.completion', choices, ...(usage && { usage }) }));
}

async function stream(response: ServerResponse, id: string, script: UpstreamScript): Promise<void> {
  const send = (data: object) =>
    response.write(`data: ${JSON.stringify({ id, object: 'chat.completion.chunk', ...data })}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': id });
  for (let word = 0; word < script.words; word++) {
    if (word > 0) await wait(script.pauseMs);
    if (response.destroyed) return;
    if (script.end === 'cut' && word === Math.ceil(script.words / 2)) return void response.destroy();
    send({ choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] });
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  const usage = usageOf(script);
  if (usage) send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}
