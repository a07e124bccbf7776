import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ReceiverAddress } from '../../src/commands/alert/ports.js';
import type { NewMail } from '../../src/commands/login/ports.js';
import { type AlertTerms, type FigureAlert, firstAlertTerms } from '../../src/domain/setting/alerts.js';
import { FiguresWatch } from '../../src/reactions/alerts/figures-watch.js';
import {
  OPERATOR_WEBHOOK,
  operatorReceivers,
  OPERATORS,
} from '../../src/reactions/alerts/operator-receivers.js';
import type { Message, OutboxEntry } from '../../src/reactions/outbox/message.js';
import { SharedAlerts } from './support/shared-alerts.js';

describe('a figure', () => {
  const watched = (terms: AlertTerms = firstAlertTerms) => {
    const alerts = new SharedAlerts();
    const faults: unknown[] = [];
    let behind: number | undefined = 0;
    const none = () => Promise.resolve(0);
    const figures: Record<FigureAlert, () => Promise<number | undefined>> = {
      'tables-behind': () => Promise.resolve(behind),
      'messages-late': () => Promise.reject(new Error('cannot be read')),
      'messages-dead': none,
      'mails-failed': none,
      'calls-failing': none,
      'doubts-open': none,
    };
    const onFault = (error: unknown) => faults.push(error);
    const watch = new FiguresWatch({ alerts, terms: () => Promise.resolve(terms), figures, onFault });
    const at = async (value: number | undefined) => {
      behind = value;
      await watch.look();
      return alerts.told.splice(0);
    };
    return { at, faults };
  };

  it('is told of at its upper mark and over at its lower one, and between the two nothing is told', async () => {
    const { at, faults } = watched();
    expect(await at(59)).toEqual([]);
    expect(await at(60)).toEqual(['raised tables-behind']);
    expect(await at(90)).toEqual([]);
    expect(await at(11)).toEqual([]);
    expect(await at(undefined)).toEqual([]);
    expect(await at(60)).toEqual([]);
    expect(await at(10)).toEqual(['resolved tables-behind']);
    expect(await at(59)).toEqual([]);
    // One that cannot be read keeps no other from being told of.
    expect(faults).toHaveLength(8);
  });

  it('has the marks that an operator gave it', async () => {
    const rule = { told: true, raise_at: 5, resolve_at: 1 };
    const { at } = watched({ ...firstAlertTerms, rules: { 'tables-behind': rule } });
    expect(await at(5)).toEqual(['raised tables-behind']);
    expect(await at(2)).toEqual([]);
    expect(await at(1)).toEqual(['resolved tables-behind']);
  });
});

describe('whom operators named', () => {
  const secret = 'whsec_test';
  const addresses: Readonly<Record<string, ReceiverAddress>> = {
    ops: { kind: 'mail', to: 'ops@example.com', language: 'en' },
    hook: { kind: 'webhook', url: 'https://hooks.example.com', secret },
    wecom: { kind: 'webhook', url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k', secret },
    feishu: { kind: 'webhook', url: 'https://open.feishu.cn/open-apis/bot/v2/hook/k', secret },
    telegram: { kind: 'webhook', url: 'https://api.telegram.org/bot1:k/sendMessage?chat_id=-7', secret },
  };
  const receivers: AlertTerms['receivers'] = {
    ops: { kind: 'mail', least: 'warning', on: true },
    hook: { kind: 'webhook', least: 'critical', on: true },
    off: { kind: 'mail', least: 'warning', on: false },
    gone: { kind: 'mail', least: 'warning', on: true },
  };
  const opened = (rules: AlertTerms['rules'] = {}) => {
    const mails: NewMail[] = [];
    const messages: Message[] = [];
    const posted: { body: string; headers: Readonly<Record<string, string>> }[] = [];
    const all = operatorReceivers({
      terms: () => Promise.resolve({ rules, receivers }),
      addressOf: (name) => Promise.resolve(addresses[name]),
      mails: { add: (mail) => Promise.resolve(void mails.push(mail)) },
      add: (added) => Promise.resolve(void messages.push(...added)),
      post: (_url, body, headers) => Promise.resolve((posted.push({ body, headers }), { status: 204 })),
      publicUrl: () => 'https://api.example.com',
      now: () => new Date(1_795_219_200_000),
    });
    const send = (name: string, sent: Pick<OutboxEntry, 'id' | 'kind' | 'payload'>) =>
      all.find((each) => each.name === name)?.send(sent as OutboxEntry, AbortSignal.timeout(1_000));
    return { mails, messages, posted, send };
  };
  const alert = (severity: string, more: object = {}) => ({
    id: '0199b1c2-7d3e-7c4a-9d55-5a0c3c1f0b11',
    kind: 'alert-raised',
    payload: { kind: 'tables-behind', severity, summary: 'The read models are behind.', ...more },
  });

  it('are told of what is grave enough for them, each by a message of its own, and the same the second time', async () => {
    const { mails, messages, send } = opened();
    expect(await send(OPERATORS, alert('critical'))).toEqual({ kind: 'delivered' });
    expect(mails).toMatchObject([{ to: 'ops@example.com', content: { subject: 'Alert: tables-behind' } }]);
    expect(messages).toMatchObject([
      { receiver: OPERATOR_WEBHOOK, payload: { to: 'hook', severity: 'critical' } },
    ]);
    await send(OPERATORS, alert('critical'));
    expect([mails[1]?.id, messages[1]?.id]).toEqual([mails[0]?.id, messages[0]?.id]);
    await send(OPERATORS, alert('warning'));
    expect([mails.length, messages.length]).toEqual([3, 2]);
  });

  it('are not told of what nobody wants to be told of, and of a test he alone whom it is for', async () => {
    const { mails, messages, send } = opened({ 'tables-behind': { told: false } });
    await send(OPERATORS, alert('critical'));
    expect([mails, messages]).toEqual([[], []]);
    await send(OPERATORS, { ...alert('warning', { only: 'hook' }), kind: 'alert-test' });
    expect([mails.length, messages.length]).toEqual([0, 1]);
  });

  it('know a webhook by its signature', async () => {
    const { posted, send } = opened();
    const sent = alert('critical', { to: 'hook' });
    expect(await send(OPERATOR_WEBHOOK, sent)).toEqual({ kind: 'delivered' });
    const [{ body, headers } = { body: '', headers: {} }] = posted;
    const mark = createHmac('sha256', secret).update(`1795219200.${body}`).digest('hex');
    expect(headers['counterfoil-signature']).toBe(`t=1795219200,v1=${mark}`);
    expect(JSON.parse(body)).toMatchObject({ id: sent.id, event: 'alert-raised', kind: 'tables-behind' });
    expect(body).not.toContain('"to"');
    expect(await send(OPERATOR_WEBHOOK, alert('critical', { to: 'gone' }))).toMatchObject({
      kind: 'rejected',
    });
  });

  it.each([
    [
      'wecom',
      {
        msgtype: 'text',
        text: {
          content: '告警：tables-behind\nThe read models are behind.\nhttps://api.example.com/admin/alerts',
        },
      },
    ],
    [
      'feishu',
      {
        msg_type: 'text',
        content: {
          text: '告警：tables-behind\nThe read models are behind.\nhttps://api.example.com/admin/alerts',
        },
      },
    ],
    [
      'telegram',
      {
        chat_id: '-7',
        text: 'Alert: tables-behind\nThe read models are behind.\nhttps://api.example.com/admin/alerts',
      },
    ],
  ])('who is a chat room is written to in its own form: %s', async (to, body) => {
    const { posted, send } = opened();
    expect(await send(OPERATOR_WEBHOOK, alert('critical', { to }))).toEqual({ kind: 'delivered' });
    expect(JSON.parse(posted[0]?.body ?? '')).toEqual(body);
  });
});
