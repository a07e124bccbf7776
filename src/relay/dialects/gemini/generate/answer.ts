import { type AnswerShape, eachOf } from '../../json/answer.js';
import { listAt } from '../../json/read.js';
import type { ReadAnswer } from '../../read-answer.js';
import { inJsonNames } from '../proto-names.js';
import { readWhole } from '../answer.js';
import { isBlocked } from './candidates.js';
import { searchesOf } from './searches.js';
import { mediaTokensOf, outputTextOf } from './texts.js';
import { serviceTierOf, usageOf } from './usage.js';

/** A refused prompt has no candidates and is an answer all the same. */
const shape: AnswerShape = {
  spelled: inJsonNames,
  isCompletion: (payload) => Array.isArray(payload['candidates']) || isBlocked(payload),
  isEmpty: (payload) => listAt(payload['candidates']).length === 0 && !isBlocked(payload),
  usageOf,
  runsOf: (payload) => ({ searches: searchesOf(payload) }),
  serviceTierOf,
  textOf: outputTextOf,
  partsOf: eachOf('candidates'),
  mediaOf: mediaTokensOf,
};

/** An answer of `:generateContent`. Never throws. */
export const readGenerated = (status: number, body: Buffer): ReadAnswer => readWhole(status, body, shape);
