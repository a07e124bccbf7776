import type { Alert } from './alerts.js';

/** An anchor takes no checkpoints any more: who holds only it does not see what comes. */
export const anchorLost = (name: string, reason: string): Alert => ({
  key: `anchor-lost/${name}`,
  kind: 'anchor-lost',
  severity: 'warning',
  summary: `The anchor ${name} takes no checkpoints: ${reason}. See docs/proof.md.`,
  details: { anchor: name, reason },
});

/** What an anchor remembers is not what the log begins with: one of the two is not the true one. */
export const anchorContradicts = (name: string, reason: string): Alert => ({
  key: `anchor-contradicts/${name}`,
  kind: 'anchor-contradicts',
  severity: 'critical',
  summary: `The anchor ${name} remembers another log: ${reason}. Stop, keep both, and find out who has written (docs/proof.md).`,
  details: { anchor: name, reason },
});
