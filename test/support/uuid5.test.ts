import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { v5 } from 'uuid';
import { uuid5 } from '../../src/support/uuid5.js';

it('uuid5 is that of the uuid package', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.uuid(), (name, namespace) => {
      expect(uuid5(name, namespace)).toBe(v5(name, namespace));
    }),
  );
});
