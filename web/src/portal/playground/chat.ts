import { useEffect, useRef, useState } from 'react';
import { type Dialect, speaking } from '../calls/dialects.ts';
import { chargeOf } from '../calls/charge.ts';
import { callRelay, ephemeralKey, requestIdOf } from '../calls/relay.ts';
import { serverEvents } from '../calls/server-events.ts';
import { saidIn, type Turn } from './turns.ts';

/** What a turn is asked with. */
export interface Parameters {
  readonly model: string;
  readonly dialect: Dialect;
  readonly system: string;
  readonly mostTokens: number;
  readonly temperature: number | undefined;
}

/** A key that has less than this left is not begun with. */
const SPARE_SECONDS = 60;

/** Keys of the moment, one after the other, in memory alone. */
function useMomentKey(): () => Promise<string> {
  const key = useRef<Awaited<ReturnType<typeof ephemeralKey>>>(undefined);
  return async () => {
    if (!key.current || key.current.expiresAt - SPARE_SECONDS < Date.now() / 1000)
      key.current = await ephemeralKey();
    return key.current.secret;
  };
}

/** A conversation that is kept in this page alone; each turn is a call, and is charged as one. */
export function useChat() {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const running = useRef<AbortController>(undefined);
  const secret = useMomentKey();
  useEffect(() => () => running.current?.abort(), []);

  const change = (id: number, changed: (turn: Turn) => Partial<Turn>) =>
    setTurns((all) => all.map((turn) => (turn.id === id ? { ...turn, ...changed(turn) } : turn)));

  /** Resolves when the answer is whole. */
  async function run(
    turn: Turn,
    { dialect, ...asked }: Parameters,
    key: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { request, piece } = speaking[dialect];
    const said = [...saidIn(turns), { by: 'user', text: turn.question }] as const;
    const began = performance.now();
    const reply = await callRelay(request({ ...asked, said, streams: true }), key, signal);
    const requestId = requestIdOf(reply);
    change(turn.id, () => ({ requestId }));
    try {
      for await (const event of serverEvents(reply))
        change(turn.id, ({ answer }) => ({ answer: answer + piece(event) }));
      change(turn.id, () => ({ state: 'whole', milliseconds: Math.round(performance.now() - began) }));
    } finally {
      // Whatever was made of an answer is charged, be it whole or not.
      if (requestId !== undefined)
        void chargeOf(requestId, key).then((charge) => change(turn.id, () => ({ charge, isSettled: true })));
    }
  }

  async function send(question: string, parameters: Parameters): Promise<void> {
    const turn: Turn = { id: turns.length, question, answer: '', model: parameters.model, state: 'running' };
    const controller = new AbortController();
    running.current = controller;
    setTurns([...turns, turn]);
    try {
      const key = await secret();
      controller.signal.throwIfAborted();
      await run(turn, parameters, key, controller.signal);
    } catch (error) {
      change(turn.id, () => (controller.signal.aborted ? { state: 'stopped' } : { state: 'failed', error }));
    }
  }

  return {
    turns,
    isRunning: turns.at(-1)?.state === 'running',
    send,
    stop: () => running.current?.abort(),
    clear: () => setTurns([]),
  };
}
