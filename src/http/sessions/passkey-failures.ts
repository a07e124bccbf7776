import { HttpFailure } from '../failure.js';

export const passkeyInvalid = () =>
  new HttpFailure({
    status: 401,
    code: 'passkey_invalid',
    text: { zh: '通行密钥无效或已超时，请重试', en: 'The passkey is not valid, or took too long: try again' },
  });

export const notFound = () =>
  new HttpFailure({
    status: 404,
    code: 'passkey_not_found',
    text: { zh: '通行密钥不存在', en: 'There is no such passkey' },
  });

export const unavailable = () =>
  new HttpFailure({
    status: 409,
    code: 'passkeys_unavailable',
    text: { zh: '通过此地址访问时不能使用通行密钥', en: 'There are no passkeys at this address' },
  });
