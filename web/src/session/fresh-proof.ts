import { useSyncExternalStore } from 'react';
import { api } from '../api/client.ts';
import { readFailure } from '../api/failure.ts';

// What an operator does at an open browser wants the password of the last ten minutes. Where the API says so it is asked for over the page, and
// then the same is sent again: no page has to know of it.

type Answered = (given: boolean) => void;

let asked: Answered | undefined;
const listeners = new Set<() => void>();

function set(next: Answered | undefined): void {
  asked = next;
  for (const listener of listeners) listener();
}

/** Resolves with whether the password was given. */
const askProof = (): Promise<boolean> =>
  new Promise((resolve) => {
    asked?.(false);
    set(resolve);
  });

/** The end of what was asked. */
export function answerProof(given: boolean): void {
  const answered = asked;
  set(undefined);
  answered?.(given);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useProofAsked = (): boolean => useSyncExternalStore(subscribe, () => asked !== undefined);

/** Kept until they are answered; a file is not kept, and nothing that takes one asks for the password. */
const sent = new Map<string, Request>();

api.use({
  onRequest({ request, id, schemaPath }) {
    const isFile = request.body !== null && request.headers.get('content-type') !== 'application/json';
    if (schemaPath.startsWith('/api/admin/') && request.method !== 'GET' && !isFile)
      sent.set(id, request.clone());
    return request;
  },
  async onResponse({ response, id }) {
    const again = sent.get(id);
    sent.delete(id);
    if (!again || response.status !== 403) return undefined;
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    if (readFailure(response, body).facts.code !== 'step_up_required') return undefined;
    return (await askProof()) ? fetch(again) : undefined;
  },
});
