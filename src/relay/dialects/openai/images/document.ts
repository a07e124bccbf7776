import {
  anything,
  CHARGED_ANSWER,
  counts,
  type EndpointDocument,
  json,
  listOf,
  open,
  shape,
  type Shapes,
  text,
  whole,
} from '../../document.js';

export const imageGenerationsDocument: EndpointDocument = {
  operationId: 'createImage',
  summary: 'Draw pictures',
  description: 'Charged by picture (its size and quality), by tokens, or both, as the price list says.',
  request: {
    shape: shape('ImageRequest'),
    example: { model: 'gpt-image-1', prompt: 'a fox in the snow', size: '1024x1024', quality: 'low' },
  },
  answer: { description: CHARGED_ANSWER, content: json(shape('Images')) },
  isCharged: true,
};

export const imageEditsDocument: EndpointDocument = {
  operationId: 'editImage',
  summary: 'Change pictures',
  description:
    'Charged as pictures that are drawn. Each part is passed on as it came; the model may be renamed for its channel.',
  request: { shape: shape('ImageEditRequest'), mediaType: 'multipart/form-data' },
  answer: { description: CHARGED_ANSWER, content: json(shape('Images')) },
  isCharged: true,
};

const file = { type: 'string', format: 'binary' };
const wanted = {
  n: whole({ minimum: 1, maximum: 16 }),
  size: text,
  quality: text,
  stream: { type: 'boolean', const: false },
};

export const imageShapes: Shapes = {
  ImageRequest: open(['model', 'prompt'], { model: text, prompt: text, ...wanted }),
  ImageEditRequest: open(['model', 'prompt', 'image'], {
    model: text,
    prompt: text,
    image: { oneOf: [file, listOf(file)] },
    mask: file,
    ...wanted,
  }),
  Images: open(['data'], {
    data: listOf(anything),
    usage: counts('input_tokens', 'output_tokens', 'total_tokens'),
  }),
};
