import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openCheckpoint, type OpenedCheckpoint } from '../../../src/transparency/checkpoint.js';
import { privateKeyOf, verifierText, type VerifierKey } from '../../../src/transparency/note-keys.js';
import { BadNote, createSigner, signatureLine } from '../../../src/transparency/signed-note.js';
import { isConsistent, type TreeHead } from '../../../src/transparency/verify-proofs.js';

const NOTHING: TreeHead = { size: 0, root: Buffer.alloc(32) };

interface Answer {
  readonly status: number;
  readonly text?: string;
  readonly type?: string;
}

/** A witness as C2SP's tlog-witness has it, in this process: it knows one log by its key. */
export class Witness {
  readonly requests: string[] = [];
  /** What is answered instead, while it is set. */
  instead: Answer | 'nothing' | undefined;
  /** Of the last checkpoint that it has signed. */
  seen: TreeHead = NOTHING;
  private readonly signer;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  constructor(
    private readonly logKeys: () => readonly VerifierKey[],
    name = 'witness.example',
    seed = 7,
  ) {
    this.signer = createSigner(name, privateKeyOf(Buffer.alloc(32, seed)), 'cosignature');
  }

  get key(): VerifierKey {
    return this.signer.key;
  }

  get vkey(): string {
    return verifierText(this.key);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    this.requests.push(body);
    if (this.instead === 'nothing') return;
    const isRight = request.method === 'POST' && request.url === '/add-checkpoint';
    const {
      status,
      text = '',
      type = 'text/plain',
    } = this.instead ?? (isRight ? this.add(body) : { status: 404 });
    response.writeHead(status, { 'content-type': type }).end(text);
  }

  private add(body: string): Answer {
    const end = body.indexOf('\n\n');
    const [first = '', ...lines] = body.slice(0, end).split('\n');
    const old = /^old (0|[1-9]\d*)$/.exec(first)?.[1];
    if (end < 0 || old === undefined || lines.length > 63) return { status: 400 };
    const opened = this.opened(body.slice(end + 2));
    if (typeof opened === 'number') return { status: opened };
    if (Number(old) > opened.size) return { status: 400 };
    if (Number(old) !== this.seen.size)
      return { status: 409, text: `${this.seen.size}\n`, type: 'text/x.tlog.size' };
    if (this.seen.size === opened.size && !this.seen.root.equals(opened.root))
      return { status: 409, text: `${this.seen.size}\n`, type: 'text/x.tlog.size' };
    const proof = lines.map((line) => Buffer.from(line, 'base64'));
    const goesOn = this.seen.size === 0 ? proof.length === 0 : isConsistent(this.seen, opened, proof);
    if (!goesOn) return { status: 422 };
    this.seen = { size: opened.size, root: opened.root };
    return { status: 200, text: signatureLine(this.signer.sign(opened.note.text)) };
  }

  private opened(note: string): OpenedCheckpoint | number {
    try {
      return openCheckpoint(note, this.logKeys());
    } catch (error) {
      if (error instanceof BadNote) return error.message.includes('whose key is not known') ? 404 : 403;
      throw error;
    }
  }
}
