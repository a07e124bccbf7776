import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';

export interface Page {
  readonly direction: 'forwards' | 'backwards';
  readonly limit: number;
  /** Ends the read, when its caller has given up. */
  readonly signal: AbortSignal;
  /** Told of each event as it comes. */
  readonly alive?: () => void;
}

export interface Readable<T> {
  on(event: 'data', listener: (item: T) => void): this;
  on(event: 'end' | 'confirmation', listener: () => void): this;
  on(event: 'error', listener: (error: unknown) => void): this;
}

/** All of a read that ends by itself. The error listener outlives the answer: the client may still report a broken call. */
export function collect<T extends { readonly event?: ClientEvent }>(
  stream: Readable<T> & { cancel(): Promise<void> },
  { signal, alive }: Page,
): Promise<ClientEvent[]> {
  return new Promise((resolve, reject) => {
    const found: ClientEvent[] = [];
    signal.addEventListener('abort', () => {
      stream.cancel().catch(() => undefined);
      reject(signal.reason instanceof Error ? signal.reason : new Error('the read was given up'));
    });
    stream.on('error', reject);
    stream.on('data', ({ event }) => {
      alive?.();
      if (event !== undefined) found.push(event);
    });
    stream.on('end', () => resolve(found));
  });
}
