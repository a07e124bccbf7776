import { expect, it } from '@jest/globals';
import { statedVariables } from '../../src/config-stated.js';

it('shows no variable whose name says that it is a secret, or an address that can hold one', () => {
  const stated = statedVariables({});
  const suspicious = stated.filter(
    ({ name }) => /(^|_)(TOKEN|SECRET|PASSWORD|URL)$/.test(name) || /(MASTER|SERVICE)_KEYS?$/.test(name),
  );
  expect(suspicious.length).toBeGreaterThan(7);
  expect(suspicious.filter(({ isSecret }) => !isSecret).map(({ name }) => name)).toEqual(['PUBLIC_URL']);
});

it('tells what is in force, and of secrets only that they are set', () => {
  const stated = statedVariables({ PORT: '', HOST: '0.0.0.0', MASTER_KEY: 'a secret' });
  const of = (name: string) => stated.find((each) => each.name === name);
  expect(of('PORT')).toEqual({ name: 'PORT', isSet: false, isSecret: false, value: '3000' });
  expect(of('HOST')).toEqual({ name: 'HOST', isSet: true, isSecret: false, value: '0.0.0.0' });
  expect(of('MASTER_KEY')).toEqual({ name: 'MASTER_KEY', isSet: true, isSecret: true, value: null });
  expect(of('DATABASE_URL')).toMatchObject({ isSet: false, value: null });
});
