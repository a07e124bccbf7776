import type { Logger } from 'pino';
import type { Receiver } from '../outbox/receiver.js';

/** The log of the process: a line a message, for whoever watches logs. The id is in the line, so that a repeated one can be told. */
export const logReceiver = (log: Logger): Receiver => ({
  name: 'log',
  send({ id, kind, source, payload, createdAt }) {
    const severe = payload['severity'] === 'critical';
    log[severe ? 'error' : 'warn'](
      { event: kind, message_id: id, source, at: createdAt, ...payload },
      TEXTS[kind] ?? kind,
    );
    return Promise.resolve({ kind: 'delivered' });
  },
});

const TEXTS: Readonly<Record<string, string>> = {
  'alert-raised': 'an operator is needed',
  'alert-resolved': 'what an operator was needed for is over',
  'alert-test': 'an operator tries whether alerts arrive here',
};
