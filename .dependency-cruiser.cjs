// The arrows of the house, checked on every run (`npm run boundaries`, which also looks for circles of folders:
// test/boundaries). http -> relay -> commands -> domain, projections -> domain, reactions -> commands; adapters are wired in
// src/compose only.

/** What a folder of src may import of the others, and why no more. A folder without a row may neither import nor be imported. */
const rows = {
  domain: [[], 'Pure: it decides and computes, and knows no outside.'],
  support: [['domain'], 'Tools that any floor may use.'],
  redis: [[], 'The one client of Redis.'],
  postgres: [
    ['support'],
    'The server, the pool and the migrations; what is stored is known by who stores it.',
  ],
  eventstore: [['postgres', 'support'], 'The log knows no event by name.'],
  balance: [['domain', 'redis', 'support'], 'A cached balance reads nothing: it is fed.'],
  commands: [
    ['domain', 'eventstore', 'support'],
    'A command loads, decides, appends; what else it needs is a port.',
  ],
  stores: [
    ['domain', 'commands', 'transparency', 'postgres', 'support'],
    'Adapters of ports of the commands and of the tree, kept beside the log.',
  ],
  projections: [
    ['domain', 'eventstore', 'balance', 'postgres', 'support'],
    'A read model never commands; reactions do.',
  ],
  transparency: [
    ['eventstore', 'postgres', 'support'],
    'A tree of what is in the log, in formats of others, whatever the events mean.',
  ],
  books: [
    ['domain', 'eventstore', 'balance', 'projections', 'transparency', 'postgres', 'support'],
    'Audit, verification and reports only read.',
  ],
  backup: [
    ['domain', 'commands', 'eventstore', 'projections', 'reactions', 'postgres', 'support'],
    'What is written down of a ledger, and a ledger made of it again.',
  ],
  move: [
    ['domain', 'commands', 'eventstore', 'projections', 'books', 'reactions', 'postgres', 'support'],
    "A ledger's log is brought from one server to another, with all that is made of it.",
  ],
  jobs: [
    ['domain', 'eventstore', 'balance', 'projections', 'books', 'transparency', 'postgres', 'support'],
    'Long work that operators start: what the books do, and where it is kept.',
  ],
  relay: [
    ['domain', 'commands', 'eventstore', 'balance', 'projections', 'redis', 'support'],
    'A call knows nothing of the shell that took it in.',
  ],
  reactions: [
    ['domain', 'commands', 'eventstore', 'projections', 'postgres', 'support'],
    'What follows from an event: a command, or an entry of the outbox.',
  ],
  providers: [
    ['domain', 'reactions', 'support'],
    'What speaks to the services of others, behind ports of ours.',
  ],
  http: [
    ['domain', 'commands', 'relay', 'projections', 'books', 'jobs', 'reactions', 'support'],
    'The shell has no SQL, no Redis and no other driver.',
  ],
  compose: [null, 'Wires everything.'],
  cli: [null, 'Starts everything.'],
};

/** The folders in which a library is at home, so that its traps stay in one place. */
const homes = {
  '@eventstore/db-client': ['eventstore/eventstoredb'],
  ioredis: ['redis'],
  pg: [
    'postgres',
    'eventstore/postgres',
    'stores',
    'projections',
    'books',
    'backup',
    'move',
    'jobs',
    'reactions',
    'transparency',
    'compose',
    'cli',
  ],
  undici: ['relay/upstreams', 'providers'],
  'gpt-tokenizer': ['relay/metering'],
  koa: ['http', 'compose'],
  '@koa/router': ['http'],
  pino: ['support', 'reactions/receivers', 'compose', 'cli'],
  'prom-client': ['compose'],
  jose: ['support', 'providers', 'relay/upstreams/tokens'],
  yaml: ['compose'],
  commander: ['cli'],
  'csv-parse': ['books/reconcile'],
  stripe: ['providers/stripe'],
  nodemailer: ['providers/mail'],
  'openid-client': ['providers/sign-in'],
};

const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const among = (folders) => `^src/(${folders.join('|')})/`;
const known = among(Object.keys(rows));

module.exports = {
  forbidden: [
    only('no-circular', 'A cycle means two files are one thing.', {}, { circular: true }),
    only(
      'a-row-for-every-folder',
      'Say in the table what it may import.',
      { path: '^src/[^/]+/', pathNot: known },
      {},
    ),
    only(
      'nothing-imports-a-folder-without-a-row',
      'Say in the table what it may import.',
      {},
      { path: '^src/[^/]+/', pathNot: known },
    ),
    ...Object.entries(rows)
      .filter(([, [folders]]) => folders)
      .map(([folder, [folders, why]]) =>
        only(
          folders.length > 0 ? `${folder}-imports-what-its-row-says` : `${folder}-imports-nothing`,
          why,
          { path: among([folder]) },
          { path: '^src/', pathNot: among([folder, ...folders]) },
        ),
      ),
    ...Object.entries(homes).map(([library, folders]) =>
      only(
        `${library}-has-a-home`,
        'Its traps stay in one place.',
        { path: '^src/', pathNot: among(folders) },
        { path: `(^|/)node_modules/(@types/)?${library}/` },
      ),
    ),
    only(
      'domain-is-pure',
      'The domain imports zod and itself, nothing else.',
      { path: '^src/domain/' },
      { pathNot: ['^src/domain/', '^node_modules/zod/'] },
    ),
    only(
      'adapters-do-not-know-each-other',
      'Each can be taken away.',
      { path: '^src/(eventstore|balance)/([^/]+)/' },
      { path: '^src/$1/(eventstoredb|postgres|memory|in-process|redis)/', pathNot: '^src/$1/$2/' },
    ),
    only(
      'ports-are-used-not-adapters',
      'Whoever uses a port does not know which adapter is behind it.',
      { pathNot: '^src/(compose|eventstore|balance)/' },
      { path: '^src/(eventstore/(eventstoredb|postgres|memory)|balance/(in-process|redis))/' },
    ),
    only(
      'redis-is-behind-a-port',
      'What is kept in Redis can be kept in the process as well.',
      { pathNot: ['^src/(redis|compose)/', '/redis/', '/redis-[^/]+$'] },
      { path: '^src/redis/' },
    ),
    only(
      'reads-are-handed-in',
      'Relay and shell know what can be read, not how.',
      { path: '^src/(relay|http)/' },
      { path: '^src/projections/', dependencyTypesNot: ['type-only'] },
    ),
    only(
      'verification-folds-with-code-of-its-own',
      'What shares code with what it checks, shares its mistakes.',
      { path: '^src/books/verify/fold/' },
      { path: '^src/(projections/(?!runtime/)|domain/[^/]+/(state|decide)\\.ts$)' },
    ),
    only(
      'providers-do-not-know-each-other',
      'One folder for one service of others; asking is how any of them is asked.',
      { path: '^src/providers/([^/]+)/' },
      { path: '^src/providers/[^/]+/', pathNot: '^src/providers/($1|asking)/' },
    ),
    only(
      'configuration-is-handed-in',
      'Only who wires reads the environment; the rest is told.',
      { path: '^src/[^/]+/', pathNot: '^src/(compose|cli)/' },
      {
        path: '^src/(main|config|config-stated|config-values|config-variable|config-variables|config-variables-relay)\\.ts$',
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
