import type { z } from 'zod';
import { kindOfValue } from '../support/value-kinds.js';
import { type Bilingual, type FieldError, invalidRequest, type Rule } from './failure.js';

type Issue = z.core.$ZodIssue;

/** What a field's own check says when it refuses: travels through zod in `params`. */
export interface FieldComplaint {
  readonly rule: Rule;
  readonly text: Bilingual;
}

export const complaints = {
  required: { rule: 'required', text: { zh: '为必填项', en: 'is required' } },
  min: (minimum: string, unit = { zh: '', en: '' }) => ({
    rule: 'min' as const,
    text: { zh: `不得小于 ${minimum}${unit.zh}`, en: `must be at least ${minimum}${unit.en}` },
  }),
  max: (maximum: string, unit = { zh: '', en: '' }) => ({
    rule: 'max' as const,
    text: { zh: `不得大于 ${maximum}${unit.zh}`, en: `must be at most ${maximum}${unit.en}` },
  }),
  oneof: (values: readonly unknown[]) => ({
    rule: 'oneof' as const,
    text: { zh: `必须是以下之一: ${values.join(', ')}`, en: `must be one of: ${values.join(', ')}` },
  }),
  email: { rule: 'email', text: { zh: '不是有效的邮箱地址', en: 'is not a valid e-mail address' } },
  type: (zh: string, en: string) => ({ rule: 'type' as const, text: { zh, en } }),
} as const;

/**
 * Parses what a request carries. Null counts as absent, unknown names are ignored.
 * Throws the 400 of the contract: one error a field, under its JSON name.
 */
export function validate<Output>(schema: z.ZodType<Output>, raw: Readonly<Record<string, unknown>>): Output {
  const present = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  throw invalidRequest(fieldErrors(result.error.issues, present));
}

/**
 * What is wrong with each field of what was parsed, the first complaint of each.
 * @param raw all that was sent. @param under where in it what was parsed lies
 */
export function fieldErrors(
  issues: readonly Issue[],
  raw: Readonly<Record<string, unknown>>,
  under: readonly PropertyKey[] = [],
): readonly FieldError[] {
  const errors = new Map<string, FieldError>();
  for (const issue of issues) {
    const path = [...under, ...issue.path];
    const field = path.join('.') || 'body';
    if (!errors.has(field)) errors.set(field, { field, ...complaintOf(issue, valueAt(raw, path)) });
  }
  return [...errors.values()];
}

function complaintOf(issue: Issue, value: unknown): FieldComplaint {
  if (value === undefined) return complaints.required;
  switch (issue.code) {
    case 'custom':
      return (issue.params as FieldComplaint | undefined) ?? wrongForm;
    case 'too_small':
      return complaints.min(String(issue.minimum), unitOf(issue.origin));
    case 'too_big':
      return complaints.max(String(issue.maximum), unitOf(issue.origin));
    case 'invalid_value':
      return complaints.oneof(issue.values);
    case 'invalid_union': {
      // The first form is the one that is meant; the others stand for "none" or the like.
      const first = issue.errors[0]?.[0];
      return first ? complaintOf(first, value) : wrongForm;
    }
    case 'invalid_type':
      return wrongType(issue.expected);
    default:
      return wrongForm;
  }
}

const wrongForm = complaints.type('格式不正确', 'has the wrong form');

function wrongType(expected: string): FieldComplaint {
  const kind = kindOfValue(expected);
  return kind
    ? complaints.type(`类型不正确，应为${kind.zh}`, `has the wrong type, expected ${kind.en}`)
    : wrongForm;
}

function unitOf(origin: string): Bilingual {
  if (origin === 'string') return { zh: ' 个字符', en: ' characters' };
  if (origin === 'array') return { zh: ' 项', en: ' items' };
  return { zh: '', en: '' };
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    raw,
  );
}
