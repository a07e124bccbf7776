import type { AnswerShape } from '../../json/answer.js';
import { objectAt } from '../../json/read.js';
import type { ReadAnswer } from '../../read-answer.js';
import { readWhole } from '../answer.js';
import { inJsonNames } from '../proto-names.js';
import { usageOf } from '../generate/usage.js';

const shape: AnswerShape = {
  spelled: inJsonNames,
  isCompletion: (payload) =>
    objectAt(payload['embedding']) !== undefined || Array.isArray(payload['embeddings']),
  usageOf,
  textOf: () => '',
};

/** An answer of `:embedContent` or `:batchEmbedContents`. Never throws. */
export const readEmbedded = (status: number, body: Buffer): ReadAnswer => readWhole(status, body, shape);
