import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Hashes are PHC strings, so that each is verified with the parameters it was made with: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long without a hash, so that nobody learns from the time whether there is one; then false. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

/** Too many passwords are being worked on; each takes 32 MiB and a core. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy';
}

interface Parameters {
  /** Base-2 logarithm of the cost. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB three times, as strong as OWASP's 128 MiB once. */
const STRENGTH: Parameters = { ln: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MAX_WAITING = 16;
const PHC =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,64})\$([A-Za-z0-9+/]{32,128})$/;

/** One password at a time, with a bounded queue. @param strength less only in tests */
export function createPasswords(strength: Parameters = STRENGTH): Passwords {
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const derive = (password: string, salt: Buffer, parameters: Parameters, bytes: number): Promise<Buffer> => {
    if (waiting >= MAX_WAITING) return Promise.reject(new PasswordsBusy('too many passwords at once'));
    waiting += 1;
    const derived = turn.then(() => run(password, salt, parameters, bytes));
    turn = derived.then(
      () => (waiting -= 1),
      () => (waiting -= 1),
    );
    return derived;
  };
  const unknown = { salt: randomBytes(SALT_BYTES), key: randomBytes(HASH_BYTES), parameters: strength };
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      const { ln, r, p } = strength;
      const key = await derive(password, salt, strength, HASH_BYTES);
      return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;
    },
    verify: async (password, hash) => {
      const { salt, key, parameters } = hash === undefined ? unknown : parse(hash);
      const derived = await derive(password, salt, parameters, key.length);
      return timingSafeEqual(derived, key) && hash !== undefined;
    },
  };
}

function parse(hash: string) {
  const [, ln, r, p, salt, key] = PHC.exec(hash) ?? [];
  if (salt === undefined || key === undefined) throw new Error('a stored password hash is not one of ours');
  return {
    parameters: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

/** The PHC format leaves the padding out. */
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

function run(password: string, salt: Buffer, { ln, r, p }: Parameters, bytes: number): Promise<Buffer> {
  const N = 2 ** ln;
  return new Promise((resolve, reject) => {
    scrypt(
      password.normalize('NFKC'),
      salt,
      bytes,
      { N, r, p, maxmem: 2 * 128 * r * (N + p) },
      (error, key) => (error ? reject(error) : resolve(key)),
    );
  });
}
