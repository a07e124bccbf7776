import { describe, expect, it } from '@jest/globals';
import { countsMaker, recordMaker } from '../../src/domain/stored/record-maker.js';

interface Whole {
  readonly id: string;
  readonly ratio?: string | undefined;
  readonly count: number;
}

describe('a record that is made of others', () => {
  const make = recordMaker<Whole, 'id', 'ratio'>(['id', 'ratio', 'count'], ['id'], ['ratio']);

  it('has its fields in order, each from where it is named, and nothing else', () => {
    const made = make(
      { id: 'a', more: 1 } as { id: string },
      { ratio: '2', id: 'not this' } as { ratio: string },
      { count: 3 },
    );
    expect(Object.entries(made)).toEqual([
      ['id', 'a'],
      ['ratio', '2'],
      ['count', 3],
    ]);
  });

  it('has every field, also one that is not given, so that all records are alike', () => {
    expect(Object.keys(make({ id: 'a' }, {}, { count: 3 }))).toEqual(['id', 'ratio', 'count']);
  });

  it.each(['', 'a-b', 'a: 1, b', '1st', '__proto__'])('is not made with %j for a name', (name) => {
    expect(() => recordMaker([name], [], [])).toThrow(/not the name of a field/);
    expect(() => countsMaker([name])).toThrow(/not the name of a field/);
  });
});

describe('counts', () => {
  it('are 0 where they are not given', () => {
    const counts = countsMaker(['one', 'two', 'three']);
    expect(counts({ two: 2, three: undefined })).toEqual({ one: 0, two: 2, three: 0 });
  });
});
