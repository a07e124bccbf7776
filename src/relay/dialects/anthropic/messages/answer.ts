import { type AnswerShape, eachOf } from '../../json/answer.js';
import { listAt } from '../../json/read.js';
import type { ReadAnswer } from '../../read-answer.js';
import { readWhole } from '../answer.js';
import { leftByMessage } from './left.js';
import { runsOf } from './runs.js';
import { outputTextOf, sealedTokensOf } from './texts.js';
import { besideOf, serviceTierOf, usageOf } from './usage.js';

/** Whatever has a list of content is a completion, also an empty one: the model may pause, refuse, or only call tools. */
const shape: AnswerShape = {
  isCompletion: (payload) => Array.isArray(payload['content']),
  isEmpty: (payload) => listAt(payload['content']).length === 0,
  usageOf,
  besideOf,
  runsOf,
  textOf: outputTextOf,
  partsOf: eachOf('content'),
  serviceTierOf,
  leavesOf: leftByMessage,
  mediaOf: sealedTokensOf,
};

/** Reads a whole message of upstream. Never throws. */
export const readMessage = (status: number, body: Buffer): ReadAnswer => readWhole(status, body, shape);
