import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventText, sealedMetadata, textsOfRecorded, unsealed } from '../../src/eventstore/event-bytes.js';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { asCopied } from '../../src/eventstore/original-times.js';

const EVENT = {
  stream: 'payment-0190a000-0000-7000-8000-000000000001',
  revision: 12n,
  id: '0190A000-0000-7000-8000-000000000002',
  type: 'payment-credited.v1',
  dataText: '{"amount":"5000","note":"größer\\n"}',
  metadataText: '{"actor":"service:fe"}',
};

const recorded = (event: typeof EVENT): RecordedEvent => ({
  ...event,
  position: 7n,
  recordedAt: new Date('2026-11-29T12:00:00.000Z'),
  data: JSON.parse(event.dataText),
  metadata: JSON.parse(event.metadataText),
});

describe('the bytes of an event', () => {
  it('are these, for ever', () => {
    expect(eventText(EVENT)).toBe(
      [
        'counterfoil-event/v1',
        'payment-0190a000-0000-7000-8000-000000000001',
        '12',
        '0190a000-0000-7000-8000-000000000002',
        'payment-credited.v1',
        '37',
        '{"amount":"5000","note":"größer\\n"}{"actor":"service:fe"}',
      ].join('\n'),
    );
    expect(createHash('sha256').update(eventText(EVENT)).digest('hex')).toBe(
      'c3f0b5d10775819eb3b11c262231c591807eb2b4abb31dc5b86751cb3adf15bb',
    );
  });

  it.each([
    ['stream', { stream: 'payment-0190a000-0000-7000-8000-000000000003' }],
    ['revision', { revision: 13n }],
    ['id', { id: '0190a000-0000-7000-8000-000000000003' }],
    ['type', { type: 'payment-credited.v2' }],
    ['data', { dataText: '{"amount":"5001","note":"größer\\n"}' }],
    ['metadata', { metadataText: '{"actor":"service:other"}' }],
    ['the border between data and metadata', { dataText: '{}', metadataText: `${EVENT.metadataText} ` }],
  ])('are others with another %s', (_, change) => {
    expect(eventText({ ...EVENT, ...change })).not.toBe(eventText(EVENT));
  });

  it('are refused where a name could pass for two lines', () => {
    expect(() => eventText({ ...EVENT, stream: 'payment-1\n12' })).toThrow(RangeError);
    expect(() => eventText({ ...EVENT, type: 'x\n' })).toThrow(RangeError);
  });

  it('are those of before after the log was copied to another server', () => {
    const original = recorded(EVENT);
    expect(eventText(textsOfRecorded(asCopied(original, undefined)))).toBe(
      eventText(textsOfRecorded(original)),
    );
  });

  it('are the same whether an adapter gives texts or objects', () => {
    const { stream, revision, id, type, position, recordedAt, data, metadata } = recorded(EVENT);
    const parsed = { stream, revision, id, type, position, recordedAt, data, metadata };
    expect(eventText(textsOfRecorded(parsed))).toBe(eventText(textsOfRecorded(recorded(EVENT))));
  });
});

describe('the seal in the metadata', () => {
  it.each([
    '{}',
    '{"actor":"a"}',
    '{"seal":"older"}',
    '{"inner":{"seal":"x"}}',
    '{"text":"\\"seal\\":\\"x"}',
  ])('is the last member of %s, and is taken off again', (metadataText) => {
    const sealed = sealedMetadata(metadataText, 'k1.a-_Z');
    expect(JSON.parse(sealed)).toEqual({ ...JSON.parse(metadataText), seal: 'k1.a-_Z' });
    expect(unsealed(sealed)).toEqual({ metadataText, seal: 'k1.a-_Z' });
  });

  it.each([
    '{}',
    '{"actor":"a"}',
    '{"seal":1}',
    '{"seal":"x","actor":"a"}',
    '{"seal":"x" }',
    '{"seal":"\\u0061"}',
    '{"seal":""}',
    '{"inner":{"seal":"x"}}',
    '{"text":"\\"seal\\":\\"x"}',
    '{"x":"a,\\"seal\\":\\"x"}',
  ])('is not in %s', (metadataText) => {
    expect(unsealed(metadataText)).toBeUndefined();
  });
});
