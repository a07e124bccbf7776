import { describe, it } from '@jest/globals';
import { counted } from './odd-answers/counted.js';
import { errors } from './odd-answers/errors.js';
import { lookalikes } from './odd-answers/lookalikes.js';
import { places } from './odd-answers/places.js';
import { reports } from './odd-answers/reports.js';
import { shapes } from './odd-answers/shapes.js';
import { surroundings } from './odd-answers/surroundings.js';
import { tryOut } from './odd-answers/try-out.js';
import { units } from './odd-answers/units.js';

describe('an odd answer', () => {
  it.each([reports, counted, units, shapes, errors, lookalikes, places, surroundings].flat())(
    '$what, $asked: is charged once, and rightly',
    tryOut,
  );
});
