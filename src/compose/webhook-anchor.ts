import { type PostJson, postSigned } from '../reactions/receivers/signed-post.js';
import type { Anchor } from '../transparency/anchors/anchor.js';
import { toldOf } from './mail-anchor.js';

interface WebhookAnchorSettings {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  readonly everyMs: number;
}

/** What somebody answers who keeps what he was told, and holds each against the one before. */
const CONFLICT = 409;

/** Told by signed posts. It cannot be asked; one that remembers says itself that a checkpoint does not go on from what it has. */
export const webhookAnchor = (
  { post, now }: { readonly post: PostJson; readonly now: () => Date },
  { name, everyMs, ...settings }: WebhookAnchorSettings,
): Anchor => ({
  name,
  everyMs,
  take: async (given, signal) => {
    let answered: number | undefined;
    const noted: PostJson = async (...request) => {
      const answer = await post(...request);
      answered = answer.status;
      return answer;
    };
    const receipt = await postSigned({ post: noted, now }, settings, toldOf(given, name), signal);
    if (receipt.kind === 'delivered') return { kind: 'taken' };
    return answered === CONFLICT
      ? {
          kind: 'contradicts',
          reason: `it answers that the checkpoint of ${given.checkpoint.size} entries does not go on from what it was told before`,
        }
      : { kind: 'failed', reason: receipt.reason };
  },
});
