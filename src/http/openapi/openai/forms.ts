import { open, openaiCall } from './operation.js';

const form = { requestType: 'multipart/form-data' } as const;

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
};
