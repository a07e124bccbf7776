// `node --import ./test/support/typescript.mjs some-file.ts`: runs TypeScript as it is, for programs that tests and benches start.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
