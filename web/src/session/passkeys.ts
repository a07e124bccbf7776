import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { beginPerson } from './person.ts';

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

/** @throws ApiFailure, and a DOMException where the person leaves it */
export async function signInByPasskey(): Promise<void> {
  const { data } = await answer(api.POST('/api/auth/passkey/options'));
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    data.options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const response = json(await navigator.credentials.get({ publicKey }));
  const { data: person } = await answer(
    api.POST('/api/auth/passkey', { body: { ticket: data.ticket, response } }),
  );
  await beginPerson(person);
}

/** @throws as signInByPasskey */
export async function addPasskey(name: string): Promise<void> {
  const { data } = await answer(api.POST('/api/auth/passkeys/options'));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    data.options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const response = json(await navigator.credentials.create({ publicKey }));
  await answer(api.POST('/api/auth/passkeys', { body: { ticket: data.ticket, name, response } }));
}

export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/auth/passkeys', { signal }))).data,
});
