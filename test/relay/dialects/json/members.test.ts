import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setMembers, topLevelMembers } from '../../../../src/relay/dialects/json/members.js';

const names = fc.oneof(
  fc.constantFrom('model', 'stream', 'max_tokens', 'n', '', 'a"b', 'back\\slash', 'ümläut', '模型'),
  fc.string(),
);
const objects = fc
  .array(fc.tuple(names, fc.jsonValue()), { maxLength: 8 })
  .map((entries) => [...new Map(entries)] as [string, unknown][]);
const spaces = fc.constantFrom('', ' ', '\n', '\t\r\n ', '  ');

/** Writes an object with the given white space wherever JSON allows it. */
function write(entries: readonly [string, unknown][], gap: string, indent: number): string {
  const body = entries
    .map(([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(value, null, indent)}`)
    .join(`${gap},${gap}`);
  return `${gap}{${gap}${body}${gap}}${gap}`;
}

describe('top-level members of a JSON object', () => {
  it('are those that JSON.parse sees, at the bytes where they stand', () => {
    fc.assert(
      fc.property(objects, spaces, fc.constantFrom(0, 2), (entries, gap, indent) => {
        const json = Buffer.from(write(entries, gap, indent));
        const members = topLevelMembers(json);
        expect(members.map(({ name }) => name)).toEqual(entries.map(([name]) => name));
        for (const [index, { valueStart, valueEnd }] of members.entries()) {
          const value: unknown = JSON.parse(json.toString('utf8', valueStart, valueEnd));
          expect(value).toEqual(JSON.parse(JSON.stringify(entries[index]?.[1])));
        }
      }),
    );
  });

  it('names that are written with escapes are decoded, and duplicates are all listed', () => {
    const members = topLevelMembers(Buffer.from('{"mod\\u0065l":"a","model":"b"}'));
    expect(members.map(({ name }) => name)).toEqual(['model', 'model']);
  });

  it('editing equals setting the members of the parsed object, and leaves the other bytes alone', () => {
    const edits = fc.uniqueArray(fc.record({ name: names, value: fc.jsonValue() }), {
      selector: ({ name }) => name,
      maxLength: 4,
    });
    fc.assert(
      fc.property(objects, spaces, edits, (entries, gap, changes) => {
        const json = Buffer.from(write(entries, gap, 0));
        const edited = setMembers(
          json,
          topLevelMembers(json),
          changes.map(({ name, value }) => ({ name, json: JSON.stringify(value) })),
        );
        const expected = new Map(entries);
        for (const { name, value } of changes) expected.set(name, value);
        const actual = new Map(Object.entries(JSON.parse(edited.toString()) as object));
        // __proto__ is an ordinary name in JSON text; Map and Object.entries agree on it.
        expect(actual).toEqual(new Map(JSON.parse(JSON.stringify([...expected])) as [string, unknown][]));
        if (changes.length === 0) expect(edited.equals(json)).toBe(true);
      }),
    );
  });

  it('is linear in deeply nested and heavily escaped text', () => {
    const deep = Buffer.from(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},"model":"m"}`);
    expect(topLevelMembers(deep).map(({ name }) => name)).toEqual(['a', 'model']);
    const escaped = Buffer.from(`{"a":${JSON.stringify('\\"'.repeat(100_000))},"model":"m"}`);
    expect(topLevelMembers(escaped).map(({ name }) => name)).toEqual(['a', 'model']);
  });
});
