import { answer, api } from '../api/client.ts';
import type { PasskeyDesk } from '../factors/passkey-desk.ts';
import { beginPerson, proveAgain } from './person.ts';

// Passkeys by the browser's own calls. What it does not have is not offered.

/** Whether this browser has passkeys and says them as JSON. */
export const canPasskeys = (): boolean =>
  isSecureContext &&
  typeof PublicKeyCredential === 'function' &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** The person closed the browser's dialog: no failure to be shown. */
export const wasLeft = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');

const json = (credential: Credential | null) => {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('', 'NotAllowedError');
  return JSON.parse(JSON.stringify(credential)) as {
    id: string;
    rawId: string;
    type: 'public-key';
    response: { clientDataJSON: string };
    clientExtensionResults: Record<string, never>;
  };
};

interface Asked {
  readonly ticket: string;
  readonly options: unknown;
}
export interface PasskeyGiven {
  readonly ticket: string;
  readonly response: ReturnType<typeof json>;
}

/** Has the browser answer a challenge. @throws a DOMException where the person leaves it */
export async function answerChallenge({ ticket, options }: Asked): Promise<PasskeyGiven> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  );
  return { ticket, response: json(await navigator.credentials.get({ publicKey })) };
}

/** Has the browser make a passkey. @throws a DOMException where the person leaves it */
export async function makePasskey({ ticket, options }: Asked): Promise<PasskeyGiven> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  );
  return { ticket, response: json(await navigator.credentials.create({ publicKey })) };
}

/** @throws ApiFailure, and a DOMException where the person leaves it */
export async function signInByPasskey(): Promise<void> {
  const { data: asked } = await answer(api.POST('/api/auth/passkey/options'));
  const body = await answerChallenge(asked);
  const { data: person } = await answer(api.POST('/api/auth/passkey', { body }));
  await beginPerson(person);
}

/** The passkeys of who is signed in to the Portal. */
export const ownPasskeys: PasskeyDesk = {
  key: ['passkeys'],
  list: async (signal) => (await answer(api.GET('/api/auth/passkeys', { signal }))).data,
  prove: proveAgain,
  add: async (name) => {
    const { data: asked } = await answer(api.POST('/api/auth/passkeys/options'));
    await answer(api.POST('/api/auth/passkeys', { body: { ...(await makePasskey(asked)), name } }));
  },
  ask: async (id, second_step) => {
    const params = { path: { id } };
    const { data } = await answer(api.PATCH('/api/auth/passkeys/{id}', { params, body: { second_step } }));
    return data.recovery_codes;
  },
  remove: async (id) => {
    await answer(api.DELETE('/api/auth/passkeys/{id}', { params: { path: { id } } }));
  },
};
