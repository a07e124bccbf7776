import { HttpFailure } from '../failure.js';

/** Throws 403 where operators may not come from the address; one that is not known is let in only where every address is. */
export function requireAddress(
  mayCome: (address: string | undefined) => boolean,
  address: string | undefined,
): void {
  if (mayCome(address)) return;
  throw new HttpFailure({
    status: 403,
    code: 'address_not_allowed',
    text: {
      zh: '不允许从此地址访问管理接口',
      en: 'Operators may not come from this address',
    },
  });
}
