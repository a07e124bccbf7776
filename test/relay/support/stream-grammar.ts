import type { ParsedJson } from '../../support/parsed-json.js';

/** What the clients of a dialect take for a stream, checked to the letter. Each throws at the first thing that is not so. */

export interface SseFrame {
  readonly event: string | undefined;
  readonly data: string;
}

function expect(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(`the grammar is broken: ${what}`);
}

/** Every frame of a stream whose bytes are whole; comments are left out. */
export function framesOf(stream: string): SseFrame[] {
  expect(stream === '' || stream.endsWith('\n\n'), 'the last frame has no blank line');
  return stream
    .split('\n\n')
    .filter(Boolean)
    .flatMap((frame) => {
      const lines = frame.split('\n');
      const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
      const event = lines.find((line) => line.startsWith('event: '))?.slice(7);
      expect(
        lines.every((line) => /^(data: |event: |:)/.test(line)),
        `a line that is neither data, event nor comment: ${frame}`,
      );
      return data.length === 0 ? [] : [{ event, data: data.join('\n') }];
    });
}

/** What a stream is put together to is looked into by whoever asked. */
type Json = Record<string, ParsedJson>;
const DELTAS: Record<string, string[]> = {
  text: ['text_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
};

/** A message as its clients put it together. `isCut`: the stream may stop anywhere, but nothing may say that it ended. */
export function checkMessages(stream: string, isCut = false): Json | undefined {
  let message: Json | undefined;
  let open: Json | undefined;
  let json = '';
  let ended = false;
  let reasoned = false;
  for (const { event, data } of framesOf(stream)) {
    const payload = JSON.parse(data) as Json;
    expect(event === payload['type'], `event ${event} is of the type ${payload['type']}`);
    expect(!ended, `${event} after message_stop`);
    if (event === 'ping') continue;
    if (event === 'error') {
      expect(isCut, 'an error in a stream that is whole');
      return undefined;
    }
    if (event === 'message_start') {
      expect(!message, 'two starts');
      message = { ...payload['message'], content: [] };
      expect(Number.isSafeInteger(message?.['usage'].input_tokens), 'a start without usage');
      continue;
    }
    expect(message, `${event} before message_start`);
    const content = message['content'] as Json[];
    if (event === 'content_block_start') {
      expect(!open && !reasoned, 'a block within a block, or after the reason');
      expect(payload['index'] === content.length, `block ${payload['index']} is not ${content.length}`);
      const begun: Json = { ...payload['content_block'] };
      open = begun;
      json = '';
      content.push(begun);
    } else if (event === 'content_block_delta') {
      const { delta, index } = payload;
      expect(open && index === content.length - 1, 'a delta outside of its block');
      expect(DELTAS[open['type']]?.includes(delta.type), `${delta.type} in ${open['type']}`);
      if (delta.type === 'text_delta') open['text'] += delta.text;
      else if (delta.type === 'thinking_delta') {
        expect(!open['signature'], 'a thought after its signature');
        open['thinking'] += delta.thinking;
      } else if (delta.type === 'signature_delta') open['signature'] += delta.signature;
      else json += delta.partial_json;
    } else if (event === 'content_block_stop') {
      expect(open && payload['index'] === content.length - 1, 'a stop of another block');
      if (open['type'] === 'tool_use') open['input'] = json === '' ? {} : JSON.parse(json);
      if (open['type'] === 'thinking') expect(open['signature'], 'a thought without signature');
      open = undefined;
    } else if (event === 'message_delta') {
      expect(!open && !reasoned, 'a reason within a block, or twice');
      reasoned = true;
      Object.assign(message, payload['delta'], { usage: payload['usage'] });
      const calls = content.some(({ type }) => type === 'tool_use');
      expect((message['stop_reason'] === 'tool_use') <= calls, 'stopped for tools without a call');
    } else if (event === 'message_stop') {
      expect(reasoned, 'a stop without a reason');
      ended = true;
    } else expect(false, `unknown event ${event}`);
  }
  expect(ended !== isCut, isCut ? 'a cut stream that ends' : 'no message_stop');
  return message;
}

/** A chat as its clients put it together. */
export function checkChat(stream: string, isCut = false): Json | undefined {
  const message: Json = { role: '', content: '', reasoning_content: '', tool_calls: [] };
  let finish: string | undefined;
  let usage: Json | undefined;
  let done = false;
  let first = true;
  for (const { event, data } of framesOf(stream)) {
    expect(event === undefined && !done, 'an event, or something after [DONE]');
    if (data === '[DONE]') {
      expect(finish !== undefined, '[DONE] without a finish');
      done = true;
      continue;
    }
    const chunk = JSON.parse(data) as Json;
    if (chunk['error']) {
      expect(isCut, 'an error in a stream that is whole');
      return undefined;
    }
    expect(
      chunk['object'] === 'chat.completion.chunk' && typeof chunk['id'] === 'string',
      'a chunk without head',
    );
    expect(
      Number.isSafeInteger(chunk['created']) && typeof chunk['model'] === 'string',
      'a chunk without head',
    );
    if (chunk['usage']) {
      expect(finish !== undefined && !usage, 'usage before the finish, or twice');
      usage = chunk['usage'] as Json;
    }
    const [choice] = chunk['choices'] as Json[];
    if (!choice) continue;
    expect(finish === undefined, 'a choice after the finish');
    const { delta } = choice;
    expect(first === (delta.role === 'assistant'), 'the role is in the first chunk alone');
    first = false;
    message['content'] += delta.content ?? '';
    message['reasoning_content'] += delta.reasoning_content ?? '';
    for (const piece of (delta.tool_calls ?? []) as Json[]) {
      const calls = message['tool_calls'] as Json[];
      if (piece['id'] !== undefined) {
        expect(piece['index'] === calls.length, `call ${piece['index']} is not ${calls.length}`);
        calls.push({ id: piece['id'], type: piece['type'], function: { ...piece['function'] } });
      } else {
        const call = calls[piece['index']];
        expect(call && piece['function'].name === undefined, 'a piece of no call, or with a name');
        call['function'].arguments += piece['function'].arguments;
      }
    }
    if (choice['finish_reason'] !== null) finish = choice['finish_reason'];
  }
  expect(done !== isCut, isCut ? 'a cut stream that ends' : 'no [DONE]');
  return { message, finish_reason: finish, usage };
}

const PARTS: Record<string, readonly [opens: string, delta: string, done: string, closes: string]> = {
  message: ['content_part.added', 'output_text.delta', 'output_text.done', 'content_part.done'],
  reasoning: [
    'reasoning_summary_part.added',
    'reasoning_summary_text.delta',
    'reasoning_summary_text.done',
    'reasoning_summary_part.done',
  ],
};
const CALLS: Record<string, readonly [delta: string, done: string, member: string]> = {
  function_call: ['function_call_arguments.delta', 'function_call_arguments.done', 'arguments'],
  custom_tool_call: ['custom_tool_call_input.delta', 'custom_tool_call_input.done', 'input'],
};

/** A response as its clients put it together: what its events said must be what its end repeats. */
export function checkResponses(stream: string, isCut = false): Json | undefined {
  let last = -1;
  let open: { item: Json; text: string; steps: string[] } | undefined;
  const output: Json[] = [];
  let response: Json | undefined;
  let begun = 0;
  for (const { event, data } of framesOf(stream)) {
    const payload = JSON.parse(data) as Json;
    expect(event === payload['type'] && !response, `event ${event}, or something after the end`);
    expect(payload['sequence_number'] === ++last, `number ${payload['sequence_number']} is not ${last}`);
    const type = String(event).replace(/^response\./, '');
    if (begun < 2) {
      expect(type === ['created', 'in_progress'][begun++], `${type} at the beginning`);
      continue;
    }
    if (type === 'failed') {
      const failed = payload['response'] as Json;
      expect(isCut, 'an error in a stream that is whole');
      expect(failed['status'] === 'failed' && failed['error'], 'a failure that says nothing');
      return undefined;
    }
    if (type === 'completed' || type === 'incomplete') {
      expect(!open, 'an end within an item');
      response = payload['response'] as Json;
      expect(response['status'] === type, `${type} says ${response['status']}`);
      continue;
    }
    expect(payload['output_index'] === output.length, `${type} of item ${payload['output_index']}`);
    if (type === 'output_item.added') {
      expect(!open, 'an item within an item');
      open = { item: payload['item'] as Json, text: '', steps: [] };
      continue;
    }
    expect(open, `${type} outside of an item`);
    if (type === 'output_item.done') {
      const item = payload['item'] as Json;
      expect(item['id'] === open.item['id'] && item['type'] === open.item['type'], 'another item is done');
      checkSteps(item, open.steps, open.text);
      output.push(item);
      open = undefined;
      continue;
    }
    expect(payload['item_id'] === open.item['id'], 'an event of another item');
    open.steps.push(type);
    if (type.endsWith('.delta')) open.text += payload['delta'];
  }
  expect((response !== undefined) !== isCut, isCut ? 'a cut stream that ends' : 'no end');
  if (response)
    expect(JSON.stringify(response['output']) === JSON.stringify(output), 'an output that was not streamed');
  return response;
}

function checkSteps(item: Json, steps: readonly string[], text: string): void {
  const parts = PARTS[item['type']];
  const deltas = (name: string) => steps.filter((step) => step === name);
  if (parts) {
    const [opens, delta, done, closes] = parts;
    expect(
      steps.join() === [opens, ...deltas(delta), done, closes].join(),
      `steps of a ${item['type']}: ${steps.join()}`,
    );
    const shown = ((item['content'] ?? item['summary']) as Json[])[0]?.['text'] ?? '';
    expect(shown === text, 'a text that is not its deltas');
    return;
  }
  const [delta, done, member] = CALLS[item['type']] ?? ['', '', ''];
  expect(steps.join() === [...deltas(delta), done].join(), `steps of a ${item['type']}: ${steps.join()}`);
  expect(
    item[member] === (text || item[member]) && item['status'] === 'completed',
    'a call that is not its deltas',
  );
}

/** Google's payloads as its clients put them together, as events or as the elements of an array. */
export function checkGenerate(stream: string, isCut = false): Json | undefined {
  const payloads = stream.startsWith('[')
    ? (JSON.parse(isCut && !stream.endsWith(']') ? `${stream}]` : stream) as Json[])
    : framesOf(stream).map(({ event, data }) => {
        expect(event === undefined, 'an event with a name');
        return JSON.parse(data) as Json;
      });
  const parts: Json[] = [];
  let ended: Json | undefined;
  for (const payload of payloads) {
    expect(!ended, 'something after the end');
    if (payload['error']) {
      expect(isCut && Number.isInteger(payload['error'].code), 'an error in a stream that is whole');
      return undefined;
    }
    expect(typeof payload['modelVersion'] === 'string' && payload['responseId'], 'a payload without head');
    const [candidate] = payload['candidates'] as Json[];
    expect(candidate?.['index'] === 0 && candidate['content'].role === 'model', 'no candidate');
    for (const part of candidate['content'].parts as Json[]) {
      const call = part['functionCall'];
      expect(typeof part['text'] === 'string' || typeof call?.args === 'object', 'a part that says nothing');
      const proof = part['thoughtSignature'];
      expect(
        proof === undefined || Buffer.from(proof, 'base64').toString('base64') === proof,
        'a proof that is no bytes',
      );
      parts.push(part);
    }
    const isLast = candidate['finishReason'] !== undefined;
    expect(
      isLast === (payload['usageMetadata'] !== undefined),
      'a finish without usage, or a usage before it',
    );
    if (isLast) ended = { ...payload, candidates: [{ ...candidate, content: { role: 'model', parts } }] };
  }
  expect((ended !== undefined) !== isCut, isCut ? 'a cut stream that ends' : 'no finish');
  return ended;
}
