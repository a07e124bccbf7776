import { type AnswerShape, eachOf } from '../../json/answer.js';
import { listAt } from '../../json/read.js';
import type { ReadAnswer } from '../../read-answer.js';
import { readWhole, serviceTierOf } from '../answer.js';
import { usageOf } from '../chat/usage.js';
import { haveFailed } from '../failed-choice.js';
import { completionText } from './texts.js';

const shape: AnswerShape = {
  isCompletion: (payload) => Array.isArray(payload['choices']),
  isEmpty: (payload) => listAt(payload['choices']).length === 0,
  hasFailed: haveFailed,
  usageOf,
  serviceTierOf,
  textOf: completionText,
  partsOf: eachOf('choices'),
};

/** A whole text continued. Never throws. */
export const readCompletion = (status: number, body: Buffer): ReadAnswer => readWhole(status, body, shape);
