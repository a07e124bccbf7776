import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const LOADER = fileURLToPath(new URL('../../test/support/typescript.mjs', import.meta.url));

/** A TypeScript program as a child process that is asked and answers. */
export class Child {
  private readonly process: ChildProcess;
  private readonly first: Promise<unknown>;

  constructor(
    file: URL,
    options: { readonly nodeOptions?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
  ) {
    this.process = fork(fileURLToPath(file), [], {
      execArgv: ['--import', LOADER, ...(options.nodeOptions ?? [])],
      env: { ...process.env, ...options.env },
    });
    this.first = this.next();
  }

  get pid(): number {
    return this.process.pid as number;
  }

  /** What it said when it was ready. */
  ready<Message>(): Promise<Message> {
    return this.first as Promise<Message>;
  }

  /** One question at a time. */
  ask<Answer>(question: object): Promise<Answer> {
    const answer = this.next();
    this.process.send(question);
    return answer as Promise<Answer>;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }

  private async next(): Promise<unknown> {
    const gone = new AbortController();
    try {
      return await Promise.race([
        once(this.process, 'message', { signal: gone.signal }).then(([message]) => message as unknown),
        once(this.process, 'exit', { signal: gone.signal }).then(([code]) => {
          throw new Error(`the process ended with ${String(code)}`);
        }),
      ]);
    } finally {
      gone.abort();
    }
  }
}
