import { open, openaiCall } from './operation.js';

const form = { requestType: 'multipart/form-data' } as const;

const CHARGED =
  'Charged by the second or by tokens, as the price list says; where upstream reports neither, by an estimate from the recording.';

export const formPaths = {
  '/v1/images/edits': openaiCall({
    ...form,
    operationId: 'editImage',
    summary: 'Change pictures',
    description:
      'Charged as pictures that are drawn. Each part is passed on as it came; the model may be renamed for its channel.',
    request: 'ImageEditRequest',
    answer: 'Images',
  }),
  '/v1/audio/transcriptions': openaiCall({
    ...form,
    operationId: 'createTranscription',
    summary: 'Write down what is said',
    description: `In the format asked for, whole or in pieces. ${CHARGED}`,
    request: 'TranscriptRequest',
    answer: 'Transcript',
    streamed: true,
  }),
  '/v1/audio/translations': openaiCall({
    ...form,
    operationId: 'createTranslation',
    summary: 'Write down in English what is said',
    description: `In the format asked for. ${CHARGED}`,
    request: 'TranscriptRequest',
    answer: 'Transcript',
  }),
};

const file = { type: 'string', format: 'binary' };

export const formSchemas = {
  ImageEditRequest: open(['model', 'prompt', 'image'], {
    model: { type: 'string' },
    prompt: { type: 'string' },
    image: { oneOf: [file, { type: 'array', items: file }] },
    mask: file,
    n: { type: 'integer', minimum: 1, maximum: 16 },
    size: { type: 'string' },
    quality: { type: 'string' },
    stream: { type: 'boolean', const: false },
  }),
  TranscriptRequest: open(['model', 'file'], {
    model: { type: 'string' },
    file,
    prompt: { type: 'string' },
    response_format: { type: 'string' },
    stream: { type: 'boolean' },
  }),
  Transcript: open(['text'], {
    text: { type: 'string' },
    duration: { type: 'number' },
    usage: { type: 'object', additionalProperties: true },
  }),
};
