import type { AnswerShape } from '../../json/answer.js';
import type { ReadAnswer } from '../../read-answer.js';
import { readWhole } from '../answer.js';
import { usageOf } from '../chat/usage.js';
import { completionText } from './texts.js';

const shape: AnswerShape = {
  isCompletion: (payload) => Array.isArray(payload['choices']),
  usageOf,
  textOf: completionText,
};

/** A whole text continued. Never throws. */
export const readCompletion = (status: number, body: Buffer): ReadAnswer => readWhole(status, body, shape);
