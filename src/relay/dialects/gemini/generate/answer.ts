import type { AnswerShape } from '../../json/answer.js';
import { listAt } from '../../json/read.js';
import type { ReadAnswer } from '../../read-answer.js';
import { readWhole } from '../answer.js';
import { isBlocked } from './candidates.js';
import { searchesOf } from './searches.js';
import { mediaTokensOf, outputTextOf } from './texts.js';
import { serviceTierOf, usageOf } from './usage.js';

/** A refused prompt has no candidates and is an answer all the same. */
const shape: AnswerShape = {
  isCompletion: (payload) => Array.isArray(payload['candidates']) || isBlocked(payload),
  isEmpty: (payload) => listAt(payload['candidates']).length === 0 && !isBlocked(payload),
  usageOf,
  runsOf: (payload) => ({ searches: searchesOf(payload) }),
  serviceTierOf,
  textOf: outputTextOf,
  mediaOf: mediaTokensOf,
};

/** An answer of `:generateContent`. Never throws. */
export const readGenerated = (status: number, body: Buffer): ReadAnswer => readWhole(status, body, shape);
