import type { ProviderSecrets } from '../../commands/login/identity-ports.js';
import { type IdentityServices, ProviderFailed } from '../../domain/login/identity-provider.js';
import type { IdentityProvider } from '../../domain/setting/identity-providers.js';
import type { Settings } from '../../domain/setting/settings.js';
import { HttpFailure } from '../failure.js';
import { bindingOf, callbackAt } from '../people/identity-visits.js';

export interface IdentityProviderParts {
  readonly settings: () => Promise<Pick<Settings, 'identity_providers'>>;
  readonly providerSecrets: ProviderSecrets;
  readonly services: IdentityServices;
  readonly publicUrl: () => string;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface ListedProvider extends IdentityProvider {
  /** What is to be entered at the service. */
  readonly redirectUri: string;
}

export interface NewProvider extends Omit<IdentityProvider, 'secret_id'> {
  /** Undefined: the one before, which is good for the same address and client alone. */
  readonly secret: string | undefined;
}

/** The services that people sign in with, as operators set them up. What is made here is the value of a setting; a command changes it. */
export interface IdentityProviderDesk {
  list(): Promise<readonly ListedProvider[]>;
  /**
   * With one more, or another one of its name; its secret is sealed beside the log, and the service was asked.
   *
   * Throws 400 `provider_secret_missing`, 400 `provider_unfit`.
   */
  withProvider(provider: NewProvider): Promise<readonly IdentityProvider[]>;
  /** Throws 404 `provider_not_found`. */
  without(name: string): Promise<readonly IdentityProvider[]>;
  /** Once the setting was changed. */
  forgetOthers(kept: readonly IdentityProvider[]): Promise<void>;
}

const secretMissing = () =>
  new HttpFailure({
    status: 400,
    code: 'provider_secret_missing',
    text: {
      zh: '请填写客户端密钥：地址或客户端 ID 已变更时必须重新填写',
      en: 'Give the client secret: another address or client needs it again',
    },
  });

const unfit = (detail: string) =>
  new HttpFailure({
    status: 400,
    code: 'provider_unfit',
    text: { zh: '无法使用该登录服务', en: 'That service cannot be used' },
    details: { detail },
  });

const missing = () =>
  new HttpFailure({
    status: 404,
    code: 'provider_not_found',
    text: { zh: '不支持该登录方式', en: 'Nobody signs in that way here' },
  });

export function identityProviderDesk(parts: IdentityProviderParts): IdentityProviderDesk {
  const { settings, providerSecrets, services, publicUrl, newId, now } = parts;
  const present = async () => (await settings()).identity_providers;
  return {
    list: async () =>
      (await present()).map((each) => ({ ...each, redirectUri: callbackAt(publicUrl(), each.name) })),
    withProvider: async ({ secret: given, ...rest }) => {
      const all = await present();
      const before = all.find(({ name }) => name === rest.name);
      const binding = bindingOf(rest);
      const secret = given ?? (before && (await providerSecrets.find(before.secret_id, binding)));
      if (secret === undefined) throw secretMissing();
      const secretId = given === undefined && before ? before.secret_id : newId();
      const provider = { ...rest, secret_id: secretId };
      await services.probe({ ...provider, secret }).catch((error: unknown) => {
        throw error instanceof ProviderFailed ? unfit(error.message) : error;
      });
      if (given !== undefined) await providerSecrets.add(secretId, { binding, secret }, now());
      return before ? all.map((each) => (each === before ? provider : each)) : [...all, provider];
    },
    without: async (name) => {
      const all = await present();
      if (!all.some((each) => each.name === name)) throw missing();
      return all.filter((each) => each.name !== name);
    },
    forgetOthers: (kept) =>
      providerSecrets.keepOnly(
        kept.map((each) => each.secret_id),
        now(),
      ),
  };
}
