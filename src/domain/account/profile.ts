import type { PersonalData } from './personal-data.js';
import type { LoginType } from './state.js';

/** What a sync says about a person. An absent field keeps its value, an empty one clears it. */
export interface ProfileInput extends Partial<{ [Field in keyof PersonalData]: string | undefined }> {
  readonly username: string;
  readonly loginType?: LoginType | undefined;
  readonly affCode?: string | undefined;
}

export interface Profile {
  readonly username: string;
  readonly loginType: LoginType;
  readonly affCode: string;
  readonly personal: PersonalData;
}

export const personalFields = [
  'display_name',
  'email',
  'phone',
  'wechat_openid',
  'wechat_unionid',
  'alipay_userid',
  'external_data',
] as const satisfies readonly (keyof PersonalData)[];

/** The address of a user who gave none: nobody else's, because it is made of the user's own external id. */
export const placeholderEmail = (externalUserId: string): string => `${externalUserId}@external.local`;

/** The address that somebody gave; empty where nobody did. */
export function emailOf(externalUserId: string, personal: PersonalData | undefined): string {
  const email = personal?.email ?? '';
  return email === placeholderEmail(externalUserId) ? '' : email;
}

/** Whether an address is the placeholder of another user, in any spelling of its domain: it would be taken from who comes later. */
export function isAnothersPlaceholder(email: string, externalUserId: string): boolean {
  return /@external\.local$/i.test(email) && email !== placeholderEmail(externalUserId);
}

/** The profile before the first sync. An e-mail that is absent or empty then becomes the placeholder. */
export function firstProfile(externalUserId: string, input: ProfileInput): Profile {
  const nothing = Object.fromEntries(personalFields.map((field) => [field, ''])) as PersonalData;
  const profile = mergeProfile({ username: '', loginType: 'email', affCode: '', personal: nothing }, input);
  if (profile.personal.email) return profile;
  return { ...profile, personal: { ...profile.personal, email: placeholderEmail(externalUserId) } };
}

export function mergeProfile(current: Profile, input: ProfileInput): Profile {
  const personal = { ...current.personal };
  for (const field of personalFields) personal[field] = input[field] ?? personal[field];
  return {
    username: input.username || current.username,
    loginType: input.loginType ?? current.loginType,
    affCode: input.affCode ?? current.affCode,
    personal,
  };
}

export const samePersonalData = (a: PersonalData, b: PersonalData): boolean =>
  personalFields.every((field) => a[field] === b[field]);
