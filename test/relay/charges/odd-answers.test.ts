import { describe, it } from '@jest/globals';
import { oddAnswers } from './odd-answers/all.js';
import { tryOut } from './odd-answers/try-out.js';

describe('an odd answer', () => {
  it.each(oddAnswers)('$what, $asked: is charged once, and rightly', tryOut);
});
