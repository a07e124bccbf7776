import { readGenerated } from '../../dialects/gemini/generate/answer.js';
import { openGenerated } from '../../dialects/gemini/generate/open-stream.js';
import { upstreamPath } from '../../dialects/gemini/model-name.js';
import type { Attempt, ClientCodec, UpstreamCodec } from '../codec.js';
import type { JsonPieces } from '../json-pieces.js';
import { readAnswer } from './read-answer.js';
import { GenerateEventReader } from './read-events.js';
import { readRequest } from './read-request.js';
import { writeAnswer } from './write-answer.js';
import { writeError } from './write-error.js';
import { GenerateEventWriter } from './write-events.js';
import { CONFIG, writeRequest } from './write-request.js';

export const generateClient: ClientCodec = {
  readRequest,
  writeAnswer,
  eventWriter: (context) => new GenerateEventWriter(context),
  writeError,
};

/** The model is in the address, and the limit within the configuration, which comes first. */
function complete(written: JsonPieces, { limit }: Attempt): JsonPieces {
  if (limit === undefined) return written;
  const [brace = '', config = '', ...others] = written;
  const rest = (brace + config).slice(CONFIG.length);
  return [`${CONFIG}"maxOutputTokens":${limit}${rest.startsWith('}') ? '' : ','}${rest}`, ...others];
}

export const generateUpstream: UpstreamCodec = {
  headers: undefined,
  needsLimit: false,
  address: (model, streamed) => ({
    path: upstreamPath(model, streamed ? 'streamGenerateContent' : 'generateContent'),
    query: streamed ? '?alt=sse' : '',
  }),
  writeRequest,
  complete,
  judge: readGenerated,
  readAnswer,
  openStream: (headers) => openGenerated(headers, 'sse', 1),
  eventReader: (callId) => new GenerateEventReader(callId),
  counter: {
    path: (model) => upstreamPath(model, 'countTokens'),
    body: ({ contents, systemInstruction, tools }, model) => {
      const name = model.startsWith('models/') ? model : `models/${model}`;
      return { generateContentRequest: { model: name, contents, systemInstruction, tools } };
    },
    member: 'totalTokens',
  },
};
