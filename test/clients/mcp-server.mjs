// An MCP server over stdin and stdout with one tool, as clients start it: one line a message.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const tool = {
  name: 'read_note',
  description: 'Reads a note.',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'notes', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': ({ arguments: { path } }) => ({
    content: [{ type: 'text', text: readFileSync(path, 'utf8') }],
  }),
  ping: () => ({}),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = answers[method];
  const said = answer
    ? { result: answer(params ?? {}) }
    : { error: { code: -32_601, message: `${method} is not known` } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...said })}\n`);
}
