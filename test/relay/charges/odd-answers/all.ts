import { counted } from './counted.js';
import { errors } from './errors.js';
import { lookalikes } from './lookalikes.js';
import { places } from './places.js';
import { reports } from './reports.js';
import { shapes } from './shapes.js';
import { surroundings } from './surroundings.js';
import { units } from './units.js';

export const oddAnswers = [reports, counted, units, shapes, errors, lookalikes, places, surroundings].flat();
