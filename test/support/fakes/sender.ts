import type { ServerResponse } from 'node:http';

/** What becomes of what a provider notifies, until it is told otherwise. */
export interface SendingFaults {
  /** Notifications that are not sent. */
  drop?: boolean;
  /** How often each is sent. */
  duplicate?: number;
  /** Kept back until `release`, and then sent the last one first. */
  reorder?: boolean;
}

export interface NotifiedAnswer {
  readonly status: number;
  readonly body: string;
}

/** How a provider on loopback notifies. */
export interface Sender {
  /** Answers that notifications got. */
  readonly answers: readonly NotifiedAnswer[];
  send(once: () => Promise<Response>): Promise<void>;
  release(): Promise<void>;
}

export function createSender(faults: SendingFaults): Sender {
  const answers: NotifiedAnswer[] = [];
  const kept: (() => Promise<void>)[] = [];
  return {
    answers,
    send: async (once) => {
      if (faults.drop) return;
      const noted = async () => {
        const answer = await once();
        answers.push({ status: answer.status, body: await answer.text() });
      };
      const sends = Array.from({ length: faults.duplicate ?? 1 }, () => noted);
      if (faults.reorder) kept.push(...sends);
      else await Promise.all(sends.map((each) => each()));
    },
    release: async () => {
      for (const each of kept.splice(0).reverse()) await each();
    },
  };
}

/** Where people pay at a provider on loopback. */
export const payPage = (name: string, id: string): string =>
  `<!doctype html><title>Fake ${name}</title><h1>${id}</h1><form method="post" action="/pay/${id}"><button>Pay</button></form>`;

export function page(response: ServerResponse, body: string): void {
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(body);
}
