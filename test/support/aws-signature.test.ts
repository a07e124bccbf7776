import { describe, expect, it } from '@jest/globals';
import { signatureHeaders } from '../../src/support/aws-signature.js';

// AWS's own test suite of Signature Version 4, with its example keys (aws-sig-v4-test-suite).
const KEY = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const SESSION =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
const common = {
  host: 'example.amazonaws.com',
  body: Buffer.alloc(0),
  region: 'us-east-1',
  service: 'service',
  atMs: Date.UTC(2015, 7, 30, 12, 36),
};

describe('a signature', () => {
  it.each([
    ['get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', 'POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    ['get-utf8', 'GET', '/ሴ', '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
    [
      'get-unreserved',
      'GET',
      '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
      '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    ],
  ])('is that of the suite: %s', (_, method, path, signature) => {
    expect(signatureHeaders(KEY, { ...common, method, path })).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    });
  });

  it('signs the token of credentials that expire: post-sts-header-before', () => {
    const headers = signatureHeaders({ ...KEY, session: SESSION }, { ...common, method: 'POST', path: '/' });
    expect(headers['x-amz-security-token']).toBe(SESSION);
    expect(headers['authorization']).toContain(
      'SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    );
  });

  it('is of another day with another key of that day', () => {
    const at = (days: number) =>
      signatureHeaders(KEY, { ...common, method: 'GET', path: '/', atMs: common.atMs + days * 86_400_000 });
    expect(at(1)['authorization']).not.toBe(at(0)['authorization']);
    expect(at(0)['authorization']).toContain('5fa00fa31553b73e');
  });
});

// The worked examples of S3's own documentation ("Authenticating Requests: Using the Authorization Header"), with the key that it publishes
// for them and that opens nothing: the signatures are of that one.
describe('a signature of a request to an object store', () => {
  const STORE = {
    host: 'examplebucket.s3.amazonaws.com',
    region: 'us-east-1',
    service: 's3',
    atMs: Date.UTC(2013, 4, 24),
  };
  const STORE_KEY = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

  it.each([
    [
      'GET Object',
      { method: 'GET', path: '/test.txt', headers: { range: 'bytes=0-9' }, body: '' },
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT Object, whose path is not encoded once more',
      {
        method: 'PUT',
        path: '/test%24file.text',
        headers: { 'x-amz-storage-class': 'REDUCED_REDUNDANCY', date: 'Fri, 24 May 2013 00:00:00 GMT' },
        body: 'Welcome to Amazon S3.',
      },
      'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
  ])('is that of the documentation: %s', (_, request, names, signature) => {
    const { authorization } = signatureHeaders(STORE_KEY, {
      ...STORE,
      ...request,
      body: Buffer.from(request.body),
    });
    expect(authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=${STORE_KEY.id}/20130524/us-east-1/s3/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    );
  });
});
