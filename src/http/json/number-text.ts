import { type Decimal } from '../../domain/money/decimal.js';

/** The digits of a JSON number as the caller wrote them: JSON.parse would have made a double of them. */
export class NumberText {
  constructor(readonly text: string) {}
}

const WHITESPACE = new Set([' ', '\n', '\r', '\t']);

/**
 * The source text of a top-level member of a JSON object, the last one where the name is repeated (as JSON.parse has it).
 * `json` must be text that JSON.parse accepts, of an object. One pass, no recursion.
 */
export function memberText(json: string, name: string): string | undefined {
  let found: string | undefined;
  let at = json.indexOf('{') + 1;
  for (;;) {
    at = skip(json, at);
    if (json[at] !== '"') return found;
    const keyEnd = endOfString(json, at);
    const key = JSON.parse(json.slice(at, keyEnd)) as string;
    const valueStart = skip(json, skip(json, keyEnd) + 1);
    const valueEnd = endOfValue(json, valueStart);
    if (key === name) found = json.slice(valueStart, valueEnd);
    at = skip(json, valueEnd);
    if (json[at] !== ',') return found;
    at += 1;
  }
}

function skip(json: string, from: number): number {
  let at = from;
  while (WHITESPACE.has(json[at] ?? '')) at += 1;
  return at;
}

function endOfString(json: string, quote: number): number {
  let at = quote + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfValue(json: string, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < json.length; at += 1) {
    const character = json[at] ?? '';
    if (character === '"') at = endOfString(json, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (depth > 0 && (character === '}' || character === ']')) depth -= 1;
    else if (depth === 0 && (character === ',' || character === '}' || WHITESPACE.has(character))) break;
  }
  return at;
}

const JSON_NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const LONGEST_NUMBER = 64;

/** Beyond these every limit refuses, so the value is saturated: 1e999999999 must not cost a gigabyte of zeros. */
const HUGE = 10n ** 30n;
const LARGEST_EXPONENT = 30;
const MOST_PLACES = 60;

/**
 * The exact value of a number in JSON's grammar, exponents included (`1e-2` is 0.01, `10.0` is 10). Undefined for anything
 * else: NaN, Infinity, hexadecimal, spaces, a leading plus, more than 64 characters.
 */
export function exactNumber(text: string): Decimal | undefined {
  const match = text.length <= LONGEST_NUMBER ? JSON_NUMBER.exec(text) : null;
  if (!match) return undefined;
  const fraction = match[3] ?? '';
  const digits = ((match[2] ?? '') + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return { unscaled: 0n, scale: 0 };
  const sign = match[1] === '-' ? -1n : 1n;
  const exponent = Number(match[4] ?? '0') - fraction.length + (digits.length - significant.length);
  if (exponent + significant.length > LARGEST_EXPONENT) return { unscaled: sign * HUGE, scale: 0 };
  if (exponent < -MOST_PLACES) return { unscaled: sign, scale: MOST_PLACES };
  const unscaled = sign * BigInt(significant);
  return exponent >= 0
    ? { unscaled: unscaled * 10n ** BigInt(exponent), scale: 0 }
    : { unscaled, scale: -exponent };
}
