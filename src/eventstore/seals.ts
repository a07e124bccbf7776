import type { SealKey } from '../support/seal-key.js';
import { type EventTexts, eventText, sealedMetadata, textsOfRecorded, unsealed } from './event-bytes.js';
import type { RecordedEvent } from './event-store.js';

/** From the event at `position` on every event is sealed, with this key, until another sealing begins. */
export interface Sealing {
  /** Undefined where any key of the ledger's will do. */
  readonly keyId: string | undefined;
  readonly position: bigint;
}

/** What an event was sealed with, where it was sealed rightly, and when. */
export interface RightSeal {
  readonly keyId: string;
  readonly at: Date;
}

/** `<key id>.<milliseconds since 1970>.<HMAC-SHA-256 in base64url>` */
const SEAL = /^([0-9a-f]{8})\.(\d{13})\.([\w-]{43})$/;

/** Seals what is appended, and knows by its seal what was. */
export class Seals {
  private readonly keys: ReadonlyMap<string, SealKey>;

  /** @param former keys that events of before are sealed with */
  constructor(
    private readonly current: SealKey,
    former: Iterable<SealKey> = [],
    private readonly now: () => number = Date.now,
  ) {
    this.keys = new Map([...former, current].map((key) => [key.id, key]));
  }

  /** Of the key that is sealed with. */
  get keyId(): string {
    return this.current.id;
  }

  /**
   * The metadata of an event as it is to be stored.
   *
   * @param dataBytes of its data in UTF-8, where whoever calls has counted them already
   */
  sealed(event: EventTexts, dataBytes?: number): string {
    const at = this.now().toString();
    const mac = this.current.mac(sealedText(at, event, dataBytes));
    return sealedMetadata(event.metadataText, `${this.current.id}.${at}.${mac}`);
  }

  /** The seal of an event; undefined where it has none. A text where it is not right: what was found. */
  sealOf(recorded: RecordedEvent): RightSeal | string | undefined {
    const texts = textsOfRecorded(recorded);
    const found = unsealed(texts.metadataText);
    const [, keyId = '', at = '', mac = ''] = (found && SEAL.exec(found.seal)) ?? [];
    if (!found || mac === '') return undefined;
    const key = this.keys.get(keyId);
    if (!key) return `its seal is of a key (${keyId}) that is none of this ledger's`;
    const { metadataText } = found;
    if (!hasPlainNames(texts) || !isSame(mac, key.mac(sealedText(at, { ...texts, metadataText }))))
      return 'its seal is not that of what it says, at this place';
    return { keyId, at: new Date(Number(at)) };
  }

  /** What is wrong with the seal of an event, or with its having none; undefined where nothing is. */
  faultOf(event: RecordedEvent, sealings: readonly Sealing[]): string | undefined {
    const seal = this.sealOf(event);
    if (typeof seal === 'string') return seal;
    const sealing = sealings.findLast(({ position }) => position <= event.position);
    if (!sealing) return undefined;
    if (!seal) return 'it has no seal';
    const needed = sealing.keyId ?? seal.keyId;
    return seal.keyId === needed
      ? undefined
      : `it is sealed with the key ${seal.keyId}, though the key there is ${needed}`;
  }
}

const sealedText = (at: string, event: EventTexts, dataBytes?: number): string =>
  `counterfoil-seal/v1\n${at}\n${eventText(event, dataBytes)}`;

const hasPlainNames = ({ stream, type }: EventTexts): boolean =>
  !stream.includes('\n') && !type.includes('\n');

/** In a time that says nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}
