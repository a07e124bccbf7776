import { expect, it } from '@jest/globals';
import { anchorObserver } from '../../src/compose/anchors.js';
import { recordingLog } from '../support/recording-log.js';

const HOUR_MS = 3_600_000;

it('an anchor is an alert when it has taken nothing for too long or remembers another log, until it takes a checkpoint', async () => {
  const told: string[] = [];
  const observer = anchorObserver({
    log: recordingLog(),
    alerts: {
      raise: ({ key }) => Promise.resolve(told.push(`raised ${key}`) > 0),
      resolve: (key) => Promise.resolve(told.push(`resolved ${key}`) > 0),
    },
    lostAfterMs: HOUR_MS,
  });
  await observer.failed('vault', 'ENOENT', HOUR_MS - 1);
  expect(told).toEqual([]);
  await observer.failed('vault', 'ENOENT', HOUR_MS);
  await observer.contradicts('friend', 'it has signed more');
  await observer.taken('vault');
  expect(told).toEqual([
    'raised anchor-lost/vault',
    'raised anchor-contradicts/friend',
    'resolved anchor-lost/vault',
    'resolved anchor-contradicts/vault',
  ]);
});
