import { describe, expect, it } from '@jest/globals';
import { WrongLog } from '../../src/eventstore/wrong-log.js';
import { PoisonEvent, Superseded } from '../../src/projections/runtime/faults.js';
import { StoppedAlert, type StoppedAlertOptions } from '../../src/reactions/alerts/stopped.js';
import { eventually } from '../support/eventually.js';
import { SharedAlerts } from './support/shared-alerts.js';

const poisonAt = (position: bigint) =>
  new PoisonEvent({
    stream: 'payment-odd',
    revision: 0n,
    type: 'payment-credited.v9',
    position,
    recordedAt: new Date(0),
    reason: 'no such event is known',
  });

function open(alerts: SharedAlerts, change: Partial<StoppedAlertOptions> = {}) {
  const faults: unknown[] = [];
  const alert = new StoppedAlert({
    alerts,
    kind: 'ledger-stopped',
    summaryOf: (group) => `${group} stopped.`,
    onFault: (error) => faults.push(error),
    ...change,
  });
  return { alert, faults };
}

const RAISED = 'raised ledger-stopped/ledger/812';
const RESOLVED = 'resolved ledger-stopped/ledger/812';

describe('the alert that something stopped', () => {
  it('is told later when the database was away', async () => {
    const alerts = new SharedAlerts();
    const { alert, faults } = open(alerts);
    alerts.away = true;
    alert.stopped('ledger', poisonAt(812n));
    await alert.settled();
    expect([alerts.told, faults.length]).toEqual([[], 1]);
    alerts.away = false;
    const stop = alert.watch(1);
    await eventually(() => alerts.told.length > 0);
    await stop();
    expect(alerts.told).toEqual([RAISED]);
  });

  it('is not told any more when it was over before it could be', async () => {
    const alerts = new SharedAlerts();
    const { alert } = open(alerts);
    alerts.away = true;
    alert.stopped('ledger', poisonAt(812n));
    await alert.settled();
    alerts.away = false;
    alert.goneOn('ledger', 900n);
    await alert.settled();
    expect(alerts.told).toEqual([]);
  });

  it('ends when another process has gone past the event', async () => {
    const alerts = new SharedAlerts();
    let position = 811n;
    const { alert } = open(alerts, { positionOf: () => Promise.resolve(position) });
    alert.stopped('ledger', poisonAt(812n));
    await alert.settled();
    expect(alerts.told).toEqual([RAISED]);
    position = 812n;
    const stop = alert.watch(1);
    await eventually(() => alerts.told.length > 1);
    await stop();
    expect(alerts.told).toEqual([RAISED, RESOLVED]);
  });

  it('is told once by all who see it, and ended once', async () => {
    const alerts = new SharedAlerts();
    const seers = [open(alerts), open(alerts), open(alerts)];
    for (const { alert } of seers) alert.stopped('ledger', poisonAt(812n));
    for (const { alert } of seers) await alert.settled();
    for (const { alert } of seers) alert.goneOn('ledger', 812n);
    for (const { alert } of seers) await alert.settled();
    expect(alerts.told).toEqual([RAISED, RESOLVED]);
  });

  it.each([
    ['a newer program took over', new Superseded('version 2')],
    ['this is another log', new WrongLog('older', 'it ends before')],
    ['something was away', new Error('away')],
  ])('is not that %s', async (_what, error) => {
    const alerts = new SharedAlerts();
    const { alert } = open(alerts);
    alert.stopped('ledger', error);
    await alert.settled();
    expect(alerts.told).toEqual([]);
  });
});
