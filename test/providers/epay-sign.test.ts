import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sightingOf } from '../../src/providers/epay/payment.js';
import { md5Signer, rsaSigner, signedText } from '../../src/providers/epay/sign.js';

const fields = {
  pid: '1001',
  type: 'alipay',
  out_trade_no: '20160806151343349',
  notify_url: 'http://www.pay.com/notify_url.php',
  return_url: 'http://www.pay.com/return_url.php',
  name: 'VIP会员',
  money: '1.00',
};
const v1 = md5Signer('89unJUB8HZ54Hj7x4nUj56HN4nUzUJ8i');

describe('signatures of Epay 1', () => {
  it('are as published', () => {
    expect(v1.sign(fields)).toBe('427724b6656aa612cfdbe7a2262036a3');
    expect(v1.sign({ ...fields, sign: 'x', sign_type: 'MD5', empty: '' })).toBe(
      '427724b6656aa612cfdbe7a2262036a3',
    );
  });

  it('hold for what was signed, and for nothing else', () => {
    const signed = { ...fields, sign: v1.sign(fields), sign_type: 'MD5' };
    expect(v1.isSigned(signed)).toBe(true);
    expect(v1.isSigned({ ...signed, sign: signed.sign.toUpperCase() })).toBe(true);
    expect(v1.isSigned({ ...signed, money: '2.00' })).toBe(false);
    expect(v1.isSigned({ ...signed, sign: '' })).toBe(false);
    expect(v1.isSigned({ ...signed, sign: signed.sign.slice(1) })).toBe(false);
    expect(md5Signer('another-key').isSigned(signed)).toBe(false);
  });

  it('are not believed where the text can be read in two ways', () => {
    const [one, other] = [{ a: '1&b=2' }, { a: '1', b: '2' }];
    expect(signedText(one)).toBe(signedText(other));
    const sign = v1.sign(other);
    expect([v1.isSigned({ ...one, sign }), v1.isSigned({ ...other, sign })]).toEqual([false, true]);
  });
});

describe('signatures of Epay 2', () => {
  const [own, platform] = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
  if (!own || !platform) throw new Error('there are no keys');
  const ours = rsaSigner(own.privateKey, platform.publicKey);
  const theirs = rsaSigner(platform.privateKey, own.publicKey);

  it('hold for what the other one signed', () => {
    const signed = { ...fields, sign: ours.sign(fields), sign_type: 'RSA' };
    expect(theirs.isSigned(signed)).toBe(true);
    expect(theirs.isSigned({ ...signed, money: '2.00' })).toBe(false);
    expect(ours.isSigned(signed)).toBe(false);
    expect(theirs.isSigned({ ...signed, sign: '' })).toBe(false);
  });
});

describe('what Epay says of a payment', () => {
  const row = { pid: '1001', trade_no: 't1', out_trade_no: 'CF1', money: '500.00' };
  const now = new Date('2026-11-29T10:00:00Z');
  it.each([
    ['paid', { trade_status: 'TRADE_SUCCESS', status: 0 }, true],
    ['status 1 beside a trade_status that says no', { trade_status: 'WAIT_BUYER_PAY', status: 1 }, false],
    ['status 1 alone', { status: 1 }, true],
    ['status 0', { status: 0 }, false],
    ['nothing', {}, false],
    ['no amount', { status: 1, money: '1.234' }, false],
  ])('%s', (_, said, isPaid) => {
    expect(sightingOf({ ...row, ...said }, '1001', now) !== undefined).toBe(isPaid);
  });

  it('is in time of China, and to whom it names; frozen money is nobody’s', () => {
    expect(sightingOf({ ...row, status: '1', endtime: '2026-11-29 17:59:00' }, '1001', now)).toMatchObject({
      at: new Date('2026-11-29T09:59:00Z'),
      amountMinor: 50_000n,
      merchant: '1001',
      providerPayment: 't1',
    });
    expect(sightingOf({ ...row, status: '3' }, '1001', now)?.merchant).toBe('1001 (frozen)');
  });
});
