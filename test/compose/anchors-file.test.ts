import { describe, expect, it } from '@jest/globals';
import { anchorsSchema } from '../../src/compose/anchors-file.js';
import { parseSettings } from '../../src/compose/settings-file.js';
import { privateKeyOf, verifierText } from '../../src/transparency/note-keys.js';
import { createSigner } from '../../src/transparency/signed-note.js';

const store = (settings: Readonly<Record<string, unknown>>) => {
  const whole = {
    kind: 'object-store',
    name: 'bucket',
    endpoint: 'https://s3.eu-central-1.amazonaws.com',
    region: 'eu-central-1',
    bucket: 'ledger-checkpoints',
    access_key_id: 'AKIDEXAMPLE',
    secret_access_key: '0123456789abcdef',
  };
  return JSON.stringify({ anchors: [{ ...whole, ...settings }] });
};
const read = (text: string) => parseSettings(text, { what: 'file of anchors', schema: anchorsSchema });
const vkeyOf = (type: 'note' | 'cosignature') =>
  verifierText(createSigner('witness.example', privateKeyOf(Buffer.alloc(32, 3)), type).key);

describe('the file of anchors', () => {
  it('names them, in YAML or JSON, with what holds where nothing is said', () => {
    const { lost_after_minutes, anchors } = read(`
anchors:
  - { kind: folder, name: vault, path: /mnt/vault }
  - { kind: git, name: history, path: /srv/checkpoints }
  - { kind: witness, name: friend, url: "https://witness.example", vkey: "${vkeyOf('cosignature')}" }
`);
    expect(lost_after_minutes).toBe(3_600_000);
    expect(anchors).toMatchObject([
      { kind: 'folder', name: 'vault', every_minutes: 0 },
      { kind: 'git', push: false, every_minutes: 60 },
      { kind: 'witness', vkey: { name: 'witness.example', type: 'cosignature' } },
    ]);
    const mail = { kind: 'mail', name: 'finance', to: 'finance@example.com' };
    expect(read(JSON.stringify({ anchors: [mail] })).anchors).toMatchObject([{ every_minutes: 1_440 }]);
  });

  it('has object stores by their endpoint, with a bucket before it, or in the path', () => {
    expect(read(store({})).anchors).toMatchObject([{ prefix: '', path_style: false, every_minutes: 10 }]);
    const own = { endpoint: 'http://10.0.0.5:9000', path_style: true, bucket: 'a.b', prefix: 'one/two.3' };
    expect(read(store(own)).anchors).toMatchObject([own]);
  });

  it.each([
    ['one without a kind', '{"anchors":[{"name":"vault"}]}', 'anchors[1].kind'],
    [
      'two of a name',
      '{"anchors":[{"kind":"folder","name":"a","path":"x"},{"kind":"folder","name":"a","path":"y"}]}',
      'a name of its own',
    ],
    [
      'an address of a file',
      '{"anchors":[{"kind":"webhook","name":"a","url":"file:///etc/passwd","secret":"0123456789abcdef"}]}',
      'http:// or https://',
    ],
    ['a setting that is unknown', '{"anchors":[],"often":true}', 'often'],
    [
      'a key that is none',
      '{"anchors":[{"kind":"witness","name":"a","url":"https://w.example","vkey":"no"}]}',
      'a verifier key is name+id+key',
    ],
    [
      'a key of a log',
      `{"anchors":[{"kind":"witness","name":"a","url":"https://w.example","vkey":"${vkeyOf('note')}"}]}`,
      'a key of a log',
    ],
    [
      'an endpoint with a bucket in it',
      store({ endpoint: 'https://s3.example/bucket' }),
      'bucket is named apart',
    ],
    [
      'an endpoint with a password',
      store({ endpoint: 'https://a:0123456789abcdef@s3.example' }),
      'the address of the store',
    ],
    ['an endpoint that is none', store({ endpoint: 's3.example' }), 'http:// or https://'],
    [
      'a bucket before numbers',
      store({ endpoint: 'http://10.0.0.5:9000' }),
      'anchors[1].path_style: true is needed',
    ],
    ['a bucket with a dot', store({ bucket: 'a.b' }), 'anchors[1].path_style: true is needed'],
    ['a bucket in capitals', store({ bucket: 'Ledger' }), 'anchors[1].bucket'],
    ['a way out of its prefix', store({ prefix: 'a/../b' }), 'anchors[1].prefix'],
    ['a prefix that begins at the root', store({ prefix: '/a' }), 'anchors[1].prefix'],
    ['a region with a space', store({ region: 'eu central' }), 'anchors[1].region'],
    ['a key without its secret', store({ secret_access_key: undefined }), 'anchors[1].secret_access_key'],
  ])('is refused with %s, which is said, and the secrets are not', (_, text, words) => {
    expect(() => read(text)).toThrow(words);
    expect(() => read(text)).not.toThrow('0123456789abcdef');
  });
});
