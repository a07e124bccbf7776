import { odd, type OddRequest } from './pieces.js';

const file = { file_id: 'file_theirs' };
const saying = (...content: readonly object[]) => [{ role: 'user', content }];
const inInput = (part: object) => ({ input: saying({ type: 'input_text', text: 'x' }, part) });
const inMessages = (part: object) => ({ messages: saying(part) });
const inContents = (part: object) => ({ contents: [{ parts: [{ text: 'x' }, part] }] });
const uri = (fileUri: string) => inContents({ fileData: { fileUri } });

/** Ids of what another account has left, in each place of each dialect that may have one. */
export const ids: readonly OddRequest[] = [
  odd('an earlier response', 'responses', { previous_response_id: 'resp_theirs' }, 404, 'resp_theirs'),
  odd('a list of one', 'responses', { previous_response_id: ['resp_theirs'] }, 400, 'previous_response_id'),
  odd(
    'an earlier response, compacted',
    'compact',
    { previous_response_id: 'resp_theirs' },
    404,
    'resp_theirs',
  ),
  odd('an item', 'responses', { input: [{ type: 'item_reference', id: 'item_theirs' }] }, 404, 'item_theirs'),
  odd('an item without a type', 'responses', { input: [{ id: 'item_theirs' }] }, 404, 'item_theirs'),
  odd(
    'an item whose id is in capitals',
    'responses',
    { input: [{ type: 'reasoning', ID: 'item_theirs' }] },
    400,
    'ID',
  ),
  odd('a conversation', 'responses', { conversation: { id: 'conv_theirs' } }, 404, 'conv_theirs'),
  odd(
    'a conversation with two ids',
    'responses',
    '"conversation":{"id":"conv_theirs","id":"x"}',
    400,
    'twice',
  ),
  odd('a conversation in capitals', 'responses', { conversation: { id: 'x', ID: 'conv_theirs' } }, 400, 'ID'),
  odd('a file', 'responses', inInput({ type: 'input_file', ...file }), 404, 'file_theirs'),
  odd('a picture', 'responses', inInput({ type: 'input_image', ...file }), 404, 'file_theirs'),
  odd(
    'a file in capitals',
    'responses',
    inInput({ type: 'input_file', File_ID: 'file_theirs' }),
    400,
    'File_ID',
  ),
  odd(
    'a file that a tool gave',
    'responses',
    { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_file', ...file }] }] },
    404,
    'file_theirs',
  ),
  odd(
    'a picture of a screen',
    'responses',
    {
      input: [
        { type: 'computer_call_output', call_id: 'c', output: { type: 'computer_screenshot', ...file } },
      ],
    },
    404,
    'file_theirs',
  ),
  odd(
    'a file of a prompt',
    'responses',
    { prompt: { variables: { ID: { type: 'input_file', ...file } } } },
    404,
    'file_theirs',
  ),
  odd(
    'a container',
    'responses',
    { tools: [{ type: 'code_interpreter', container: 'cntr_theirs' }] },
    404,
    'cntr_theirs',
    { price: { per_code_session_usd: '0.03' } },
  ),
  odd(
    'a file in a container',
    'responses',
    { tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['file_theirs'] } }] },
    404,
    'file_theirs',
    { price: { per_code_session_usd: '0.03' } },
  ),
  odd(
    'a store of vectors',
    'responses',
    { tools: [{ type: 'file_search', vector_store_ids: ['vs_theirs'] }] },
    404,
    'vs_theirs',
    { price: { per_file_search_usd: '0.01' } },
  ),
  odd('a file', 'chat', inMessages({ type: 'file', file }), 404, 'file_theirs'),
  odd('a file in the part', 'chat', inMessages({ type: 'file', ...file }), 404, 'file_theirs'),
  odd('a file in capitals', 'chat', inMessages({ type: 'file', File: file }), 400, 'File'),
  odd(
    'sound',
    'chat',
    { messages: [{ role: 'assistant', audio: { id: 'audio_theirs' } }] },
    404,
    'audio_theirs',
  ),
  odd(
    'an address of a file',
    'chat',
    inMessages({ type: 'image_url', image_url: 'ms://file_theirs' }),
    404,
    'file_theirs',
  ),
  odd(
    'a document',
    'messages',
    inMessages({ type: 'document', source: { type: 'file', ...file } }),
    404,
    'file_theirs',
  ),
  odd('an upload', 'messages', inMessages({ type: 'container_upload', ...file }), 404, 'file_theirs'),
  odd(
    'a picture that a tool gave',
    'messages',
    inMessages({
      type: 'tool_result',
      tool_use_id: 't',
      content: [{ type: 'image', source: { type: 'file', ...file } }],
    }),
    404,
    'file_theirs',
  ),
  odd('a container', 'messages', { container: 'cntr_theirs' }, 404, 'cntr_theirs'),
  odd('a container as an object', 'messages', { container: { id: 'cntr_theirs' } }, 404, 'cntr_theirs'),
  odd('a container in capitals', 'messages', { container: { ID: 'cntr_theirs' } }, 400, 'ID'),
  ...[
    'files/theirs',
    'https://generativelanguage.googleapis.com/v1beta/files/theirs',
    'https://generativelanguage.googleapis.com./v1beta/files/theirs',
    'HTTPS://GenerativeLanguage.GoogleApis.com:443/v1/files/theirs',
    'https://us-central1-aiplatform.googleapis.com/v1/files/theirs',
  ].map((address) => odd(address, 'generate', uri(address), 404, 'files/theirs')),
  ...['gs://bucket/object', 'https://storage.cloud.google.com/bucket/object'].map((address) =>
    odd(address, 'generate', uri(address), 404, address),
  ),
  odd('a page of anybody', 'generate', uri('https://example.com/paper.pdf'), 200),
  odd(
    'a file in capitals',
    'generate',
    inContents({ fileData: { FileUri: 'files/theirs' } }),
    400,
    'FileUri',
  ),
  odd(
    'a file in the names of the proto, that a tool gave',
    'generate',
    inContents({ function_response: { parts: [{ file_data: { file_uri: 'files/theirs' } }] } }),
    404,
    'files/theirs',
  ),
  odd(
    'another model in a batch',
    'batch',
    { requests: [{ model: 'models/secret', content: { parts: [{ text: 'x' }] } }] },
    400,
    'model',
  ),
];
