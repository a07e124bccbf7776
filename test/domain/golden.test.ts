import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { catalogue, type EventType } from '../../src/domain/events/catalogue.js';
import { decodeEvent, encodeEvent, UnreadableEvent } from '../../src/domain/events/codec.js';
import { storedNameOf, storedNamesOfOthers } from '../../src/domain/events/versions.js';
import { eventJsonSchemas } from '../../src/domain/events/json-schemas.js';

// One file for each stored version, for ever. A file that no longer reads is a log that no longer reads: never change one, add an
// upcaster and a file for the new version.
const golden = new URL('golden/', import.meta.url);
const types = readdirSync(golden).map((name) => name.replace(/\.json$/, ''));
const stored = (type: string): unknown => JSON.parse(readFileSync(new URL(`${type}.json`, golden), 'utf8'));

describe('stored events', () => {
  it.each(types)('%s is read', (type) => {
    const event = decodeEvent(type, stored(type));
    expect(Object.keys(catalogue)).toContain(event.type);
    if (storedNameOf(event.type) === type) expect(encodeEvent(event)).toEqual({ type, data: stored(type) });
  });

  it.each(Object.keys(catalogue))('%s has a golden file', (type) => {
    expect(types).toContain(storedNameOf(type as EventType));
  });

  it.each(types)(
    '%s is among the names of others for whoever wants none of its events, and only for him',
    (type) => {
      const mine = decodeEvent(type, stored(type)).type;
      expect(storedNamesOfOthers(new Set([mine]))).not.toContain(type);
      expect(storedNamesOfOthers(new Set())).toContain(type);
      const others = Object.keys(catalogue).filter((each) => each !== mine);
      expect(storedNamesOfOthers(new Set(others))).toContain(type);
    },
  );

  it('refuses an event that nobody knows, and one that was tampered with', () => {
    expect(() => decodeEvent('payment-credited.v9', {})).toThrow(UnreadableEvent);
    const credit = stored('payment-credited.v1') as object;
    expect(() => decodeEvent('payment-credited.v1', { ...credit, quota: 34245000 })).toThrow(UnreadableEvent);
    expect(() => decodeEvent('toString', {})).toThrow(UnreadableEvent);
  });
});

describe('docs/events', () => {
  const docs = new URL('../../docs/events/', import.meta.url);

  it('has the schema of every event in force (npm run generate:events)', () => {
    const written = readdirSync(docs).map((name) => [
      name.replace(/\.json$/, ''),
      JSON.parse(readFileSync(new URL(name, docs), 'utf8')),
    ]);
    expect(Object.fromEntries(written)).toEqual(JSON.parse(JSON.stringify(eventJsonSchemas())));
  });
});
