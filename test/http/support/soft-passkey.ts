import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

interface Options {
  readonly challenge: string;
}

const FLAGS = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };

/**
 * A passkey as a device keeps it, in the open: it answers whatever it is asked, as often as it is asked, and counts as it is told. What a
 * browser would forbid an attacker does.
 */
export class SoftPasskey {
  readonly id: string;
  private readonly privateKey: KeyObject;
  private readonly publicKey: Buffer;

  constructor(
    private readonly party: { readonly id: string; readonly origin: string },
    private readonly isSynced = false,
    given?: string,
  ) {
    this.id = given ?? randomBytes(16).toString('base64url');
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = privateKey;
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.publicKey = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
  }

  /** The answer to `navigator.credentials.create`. */
  made({ challenge }: Options, counter = 0) {
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, id, this.publicKey]);
    const authData = Buffer.concat([this.data(counter, FLAGS.attested), credential]);
    const attestationObject = cborMap([
      ['fmt', 'none'],
      ['attStmt', cborMap([])],
      ['authData', authData],
    ]);
    return this.said({
      clientDataJSON: this.client('webauthn.create', challenge).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** The answer to `navigator.credentials.get`. */
  answer({ challenge }: Options, counter = 0) {
    const client = this.client('webauthn.get', challenge);
    const authData = this.data(counter);
    const signed = createSign('SHA256');
    signed.update(Buffer.concat([authData, createHash('sha256').update(client).digest()]));
    return this.said({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signed.sign(this.privateKey).toString('base64url'),
    });
  }

  private said(response: object) {
    return { id: this.id, rawId: this.id, type: 'public-key', response, clientExtensionResults: {} };
  }

  private client(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.party.origin, crossOrigin: false }));
  }

  private data(counter: number, more = 0): Buffer {
    const synced = this.isSynced ? FLAGS.backupEligible | FLAGS.backedUp : 0;
    const rest = Buffer.alloc(5);
    rest.writeUInt8(FLAGS.userPresent | FLAGS.userVerified | synced | more);
    rest.writeUInt32BE(counter, 1);
    return Buffer.concat([createHash('sha256').update(this.party.id).digest(), rest]);
  }
}

type Cbor = number | string | Buffer;
const [UNSIGNED, NEGATIVE, BYTES, TEXT, MAP] = [0, 1, 2, 3, 5] as const;

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count]);
  if (count < 256) return Buffer.from([(major << 5) | 24, count]);
  return Buffer.from([(major << 5) | 25, count >> 8, count & 0xff]);
}

const cbor = (value: Cbor): Buffer =>
  typeof value === 'number'
    ? head(value < 0 ? NEGATIVE : UNSIGNED, value < 0 ? -1 - value : value)
    : typeof value === 'string'
      ? Buffer.concat([head(TEXT, Buffer.byteLength(value)), Buffer.from(value)])
      : Buffer.concat([head(BYTES, value.length), value]);

/** What is written as a map already stays as it is, where it is empty. */
const cborMap = (entries: readonly (readonly [Cbor, Cbor])[]): Buffer =>
  Buffer.concat([
    head(MAP, entries.length),
    ...entries.flatMap(([key, value]) => [cbor(key), key === 'attStmt' ? (value as Buffer) : cbor(value)]),
  ]);
