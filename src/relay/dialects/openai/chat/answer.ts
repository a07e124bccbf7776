import { type AnswerShape, eachOf } from '../../json/answer.js';
import { listAt, textIn } from '../../json/read.js';
import type { ReadAnswer } from '../../read-answer.js';
import { readWhole } from '../answer.js';
import { haveFailed } from '../failed-choice.js';
import { chatMediaTokens } from '../written-media.js';
import { leftByChat } from './left.js';
import { searchesOf } from './searches.js';
import { chatOutputText } from './texts.js';
import { usageOf } from './usage.js';

const shape: AnswerShape = {
  isCompletion: (payload) => Array.isArray(payload['choices']),
  isEmpty: (payload) => listAt(payload['choices']).length === 0,
  hasFailed: haveFailed,
  usageOf,
  runsOf: (payload) => ({ searches: searchesOf(payload) }),
  serviceTierOf: ({ service_tier }) => textIn(service_tier),
  leavesOf: leftByChat,
  textOf: chatOutputText,
  partsOf: eachOf('choices'),
  mediaOf: chatMediaTokens,
};

/** A whole answer to a chat. Never throws. */
export const readChat = (status: number, body: Buffer): ReadAnswer => readWhole(status, body, shape);
