import type { z } from 'zod';
import { kindOfValue } from '../../../support/value-kinds.js';

type Issue = z.core.$ZodRawIssue | z.core.$ZodIssue;

/** What is wrong with a member, in words of our own: those of the library that looks are for programmers, and change with it. */
export function shapeWords(issue: Issue): string {
  if (issue.input === undefined && issue.code === 'invalid_type') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union':
      return mustBe(expectedKinds(issue));
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return WRONG_FORM;
  }
}

const WRONG_FORM = 'has the wrong form';

/** Empty where they have no names for people. */
function expectedKinds(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_type') return [kindOfValue(issue.expected)?.en ?? ''];
  if (issue.code !== 'invalid_union') return [''];
  return issue.errors.flatMap(([first]) => (first && first.path.length === 0 ? expectedKinds(first) : ['']));
}

const mustBe = (kinds: readonly string[]): string =>
  kinds.length > 0 && kinds.every((kind) => kind !== '')
    ? `must be ${[...new Set(kinds)].join(' or ')}`
    : WRONG_FORM;

const unitOf = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '';
