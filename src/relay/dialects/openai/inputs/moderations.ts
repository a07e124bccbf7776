import { z } from 'zod';
import { inputEndpoint } from './request.js';
import { estimateInput } from './estimate.js';
import { inputUsage } from '../chat/usage.js';
import { moderationsDocument } from './document.js';

/** `POST /v1/moderations`. OpenAI reports no usage: unless the model is free or has a price a call, the input is counted. */
export const moderations = inputEndpoint({
  path: '/moderations',
  document: moderationsDocument,
  schema: z.object({
    model: z.string().min(1).max(200).nullish(),
    input: z.union([z.string(), z.array(z.unknown()).min(1)]),
  }),
  defaultModel: 'omni-moderation-latest',
  inputs: ['input'],
  estimate: ({ input }) => estimateInput(input),
  answer: { isCompletion: (payload) => Array.isArray(payload['results']), usageOf: inputUsage },
});
