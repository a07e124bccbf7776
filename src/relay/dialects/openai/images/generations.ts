import { z } from 'zod';
import type { Endpoint } from '../../endpoint.js';
import { decidingMembers } from '../../json/body.js';
import { openai } from '../dialect.js';
import { judgePlain } from '../members.js';
import { forwardJson, readJsonCall } from '../../json/call.js';
import { MOST_PICTURES, NOT_IN_PIECES, PictureRequest, pictureWord } from './request.js';
import { imageGenerationsDocument } from './document.js';

const PATH = '/images/generations';

const count = z.int().min(1).max(MOST_PICTURES);
const schema = z.object({
  model: z.string().min(1).max(200),
  prompt: z.string().min(1),
  n: count.nullish(),
  batch_size: count.nullish(),
  num_images: count.nullish(),
  sequential_image_generation: pictureWord.nullish(),
  sequential_image_generation_options: z.object({ max_images: count.nullish() }).nullish(),
  size: pictureWord.nullish(),
  quality: pictureWord.nullish(),
  stream: z.literal(false, NOT_IN_PIECES).nullish(),
});
const deciding = decidingMembers(schema, judgePlain.names);

/** `POST /v1/images/generations`. */
export const imageGenerations: Endpoint = {
  kind: 'call',
  dialect: openai,
  name: `/v1${PATH}`,
  document: imageGenerationsDocument,
  parse(body) {
    const { call, parsed } = readJsonCall(body, schema, deciding);
    const asks = judgePlain.asks(parsed, call.members);
    return new PictureRequest(call.fields, asks, 0, (model) => forwardJson(PATH, call, model, []));
  },
};
