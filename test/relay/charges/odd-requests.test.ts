import { describe, it } from '@jest/globals';
import { bodies } from './odd-requests/bodies.js';
import { forms } from './odd-requests/forms.js';
import { ids } from './odd-requests/ids.js';
import { spellings } from './odd-requests/spellings.js';
import { tryOut } from './odd-requests/try-out.js';

describe('an odd request', () => {
  it.each([spellings, ids, bodies, forms].flat())('$what: is refused by name, or charged once', tryOut);
});
