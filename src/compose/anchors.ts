import type { Alerts } from '../reactions/alerts/alerts.js';
import { anchorContradicts, anchorLost } from '../reactions/alerts/anchors.js';
import { createPostJson } from '../providers/webhook/post-json.js';
import type { Log } from '../support/log.js';
import { webhookReach } from '../support/reach.js';
import type { Anchor } from '../transparency/anchors/anchor.js';
import { type AnchorObserver, AnchorRunner } from '../transparency/anchors/anchor-runner.js';
import { installAnchors, readAnchors } from '../transparency/anchors/anchor-table.js';
import { boundedAnchor } from '../transparency/anchors/bounded-anchor.js';
import { folderAnchor } from '../transparency/anchors/folder-anchor.js';
import { gitAnchor } from '../transparency/anchors/git-anchor.js';
import { createObjectStore, type ObjectStoreSettings } from '../transparency/anchors/object-store.js';
import { objectStoreAnchor } from '../transparency/anchors/object-store-anchor.js';
import { createPostText } from '../transparency/anchors/post-text.js';
import type { OwnKeys } from '../transparency/anchors/remembered-note.js';
import { createSendShort } from '../transparency/anchors/short-request.js';
import { witnessAnchor } from '../transparency/anchors/witness-anchor.js';
import { type AnchorsFile, type AnchorSettings, anchorsSchema } from './anchors-file.js';
import type { Foundation } from './ledger.js';
import { createOutgoingMails } from './mail.js';
import { mailAnchor } from './mail-anchor.js';
import type { Process } from './process.js';
import { readSettingsFile } from './settings-file.js';
import { webhookAnchor } from './webhook-anchor.js';

/** For attempts under way at the end. */
const STOP_WITHIN_MS = 10_000;
const NONE: AnchorsFile = { lost_after_minutes: 0, anchors: [] };

type Parts = Pick<Foundation, 'config' | 'database' | 'keyring'>;

/** @throws SettingsFileFault */
export const readAnchorsFile = ({ config }: Pick<Parts, 'config'>): Promise<AnchorsFile> =>
  config.anchorsFile === undefined
    ? Promise.resolve(NONE)
    : readSettingsFile(config.anchorsFile, {
        what: 'file of anchors',
        variable: 'ANCHORS_FILE',
        schema: anchorsSchema,
      });

/** @param keys all that this ledger ever signed with */
export function createAnchors(parts: Parts, { anchors }: AnchorsFile, keys: OwnKeys): readonly Anchor[] {
  return anchors.map((settings) => boundedAnchor(createAnchor(parts, settings, keys)));
}

function createAnchor(parts: Parts, settings: AnchorSettings, keys: OwnKeys): Anchor {
  const reach = webhookReach(parts.config.webhookAllowPrivate);
  const { name } = settings;
  if (settings.kind === 'witness')
    return witnessAnchor({ name, url: settings.url, key: settings.vkey, everyMs: 0 }, createPostText(reach));
  const everyMs = settings.every_minutes * 60_000;
  switch (settings.kind) {
    case 'folder':
      return folderAnchor({ ...settings, everyMs }, keys);
    case 'git':
      return gitAnchor({ ...settings, everyMs }, keys);
    case 'object-store':
      return objectStoreAnchor(
        { name, everyMs },
        createObjectStore(storeOf(settings), createSendShort(reach)),
        keys,
      );
    case 'webhook':
      return webhookAnchor({ post: createPostJson(reach), now: () => new Date() }, { ...settings, everyMs });
    case 'mail':
      return mailAnchor(createOutgoingMails(parts), { ...settings, everyMs });
  }
}

const storeOf = ({
  endpoint,
  region,
  bucket,
  prefix,
  path_style: isPathStyle,
  access_key_id: id,
  secret_access_key: secret,
}: Extract<AnchorSettings, { kind: 'object-store' }>): ObjectStoreSettings => ({
  endpoint,
  region,
  bucket,
  prefix,
  isPathStyle,
  key: { id, secret },
});

/** Tells operators of anchors: of one that takes nothing when it was so for long, of one that contradicts at once. */
export function anchorObserver({
  log,
  alerts,
  lostAfterMs,
}: {
  readonly log: Log;
  readonly alerts: Pick<Alerts, 'raise' | 'resolve'>;
  readonly lostAfterMs: number;
}): AnchorObserver {
  return {
    taken: async (anchor) => {
      await alerts.resolve(anchorLost(anchor, '').key);
      await alerts.resolve(anchorContradicts(anchor, '').key);
    },
    failed: async (anchor, reason, forMs) => {
      log.warn({ part: 'anchors', anchor, reason }, 'a checkpoint could not be anchored; it is tried again');
      if (forMs >= lostAfterMs) await alerts.raise(anchorLost(anchor, reason));
    },
    contradicts: async (anchor, reason) => {
      log.error({ part: 'anchors', anchor, reason }, 'an anchor remembers another log than this one');
      await alerts.raise(anchorContradicts(anchor, reason));
    },
    faulted: (anchor, error) =>
      log.warn({ part: 'anchors', anchor, err: error }, 'an anchor cannot be looked at; it is tried again'),
  };
}

/** Gives checkpoints to anchors, and says which of them are lost. Answers the way to stop, to be gone when nothing more is signed. */
export async function openAnchors(
  { database: { pool }, log, metrics }: Process,
  { lost_after_minutes: lostAfterMs }: AnchorsFile,
  anchors: readonly Anchor[],
  alerts: Alerts,
): Promise<() => Promise<void>> {
  const observer = anchorObserver({ log, alerts, lostAfterMs });
  const gone = await installAnchors(
    pool,
    anchors.map(({ name }) => name),
  );
  // Whoever is no anchor any more is not missed.
  for (const name of gone) await observer.taken(name);
  const runner = new AnchorRunner({ pool, anchors, observer });
  runner.start();
  metrics.gauge(
    'anchors_failing',
    'Anchors that did not take the last checkpoint they were given.',
    async () => {
      const states = await readAnchors(pool);
      return states.filter(({ failingSince }) => failingSince).length;
    },
  );
  metrics.gauge(
    'anchor_failures',
    'Checkpoints that an anchor did not take, since it was named.',
    async () => {
      const states = await readAnchors(pool);
      return states.reduce((sum, { failures }) => sum + failures, 0);
    },
  );
  return () => runner.stop(STOP_WITHIN_MS);
}
