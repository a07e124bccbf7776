import { z } from 'zod';
import type { FormEndpoint } from '../../endpoint.js';
import { decidingMembers } from '../../json/body.js';
import { openai } from '../dialect.js';
import { judgePlain } from '../members.js';
import { membersOf } from '../../request-members/table.js';
import { formCount, formFlag, forwardForm, readFormCall } from '../../form-call.js';
import { MOST_PICTURES, NOT_IN_PIECES, PictureRequest, pictureWord } from './request.js';
import { imageEditsDocument } from './document.js';

const PATH = '/images/edits';

/** What a picture in the prompt takes at most, looked at closely: 6,240 tokens on top of those of its tiles. */
const TOKENS_PER_GIVEN_PICTURE = 8_000;

const count = formCount.pipe(z.int().min(1).max(MOST_PICTURES));
const schema = z.object({
  model: z.string().min(1).max(200),
  prompt: z.string().min(1),
  n: count.optional(),
  batch_size: count.optional(),
  num_images: count.optional(),
  size: pictureWord.optional(),
  quality: pictureWord.optional(),
  stream: formFlag.pipe(z.literal(false, NOT_IN_PIECES)).optional(),
});
const deciding = decidingMembers(schema, judgePlain.names);

/** `POST /v1/images/edits`. */
export const imageEdits: FormEndpoint = {
  kind: 'form',
  dialect: openai,
  name: `/v1${PATH}`,
  document: imageEditsDocument,
  parse(form) {
    const call = readFormCall(form, schema, deciding);
    const given = form.parts.filter(({ isFile }) => isFile).length;
    const tokens = given * TOKENS_PER_GIVEN_PICTURE;
    const asks = judgePlain.asks(call.deciding, membersOf(call.deciding));
    return new PictureRequest(call.fields, asks, tokens, (model) => forwardForm(PATH, call, model));
  },
};
