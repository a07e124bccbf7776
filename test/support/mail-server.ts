import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly text: string;
}

/** A mail server in this process, which keeps what it is sent. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** What it says to the next recipients; undefined: it takes the mail. */
  refusal: { readonly code: number; readonly text: string } | undefined;
  private readonly server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, answer) =>
      this.refusal
        ? answer(Object.assign(new Error(this.refusal.text), { responseCode: this.refusal.code }))
        : answer(),
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        this.received.push({ to, text: Buffer.concat(chunks).toString() });
        answer();
      });
    },
  });

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}
