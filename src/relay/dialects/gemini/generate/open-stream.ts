import type { IncomingHttpHeaders } from 'node:http';
import { ArrayUnits } from '../../json/array-units.js';
import { isEventStream } from '../../sse/is-event-stream.js';
import { SseUnits } from '../../sse/sse-units.js';
import type { UnitSplitter } from '../../units.js';
import type { AnswerFormat } from '../answer-format.js';
import { ReframedUnits } from './reframed-units.js';
import { GeminiStream } from './stream.js';

/** An answer in pieces, framed as it is wanted, whichever framing upstream has given it. `choices`: how many candidates were asked for. */
export function openGenerated(
  headers: IncomingHttpHeaders,
  wanted: AnswerFormat['framing'],
  choices: number,
): GeminiStream {
  const given = isEventStream(headers) ? 'sse' : 'json';
  const units = given === wanted ? unitsIn(wanted) : new ReframedUnits(unitsIn(given), unitsIn(wanted));
  return new GeminiStream(units, choices);
}

const unitsIn = (framing: AnswerFormat['framing']): UnitSplitter =>
  framing === 'sse' ? new SseUnits() : new ArrayUnits();
