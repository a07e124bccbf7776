// The arrows of the house, checked on every run: http -> relay -> commands -> domain, projections -> domain.
// Adapters are wired in the composition root (src/main.ts, src/compose/) only.
const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    only('no-circular', 'A cycle means two files are one thing.', {}, { circular: true }),
    only(
      'domain-is-pure',
      'The domain imports zod and itself, nothing else.',
      { path: '^src/domain/' },
      { pathNot: ['^src/domain/', '^node_modules/zod/'] },
    ),
    only(
      'eventstore-knows-no-upper-floor',
      'Adapters of the event store know the port and the database.',
      { path: '^src/eventstore/' },
      { path: '^src/(commands|projections|relay|http|cli)/' },
    ),
    only(
      'commands-know-domain-and-ports',
      'A command loads, decides, appends.',
      { path: '^src/commands/' },
      { path: '^src/(projections|relay|http|cli)/' },
    ),
    only(
      'projections-never-command',
      'A read model never writes to the log.',
      { path: '^src/projections/' },
      { path: '^src/(commands|relay|http|cli)/' },
    ),
    only(
      'books-read-only',
      'Audit, verification and reports are made of domain, read models and the log.',
      { path: '^src/books/' },
      { path: '^src/(commands|relay|http|cli|compose)/' },
    ),
    only(
      'reactions-command-and-tell',
      'What follows from events outside of the ledger knows no shell and no relay.',
      { path: '^src/reactions/' },
      { path: '^src/(relay|http|cli|compose|books)/' },
    ),
    only(
      'nobody-waits-for-reactions',
      'Only their wiring knows them: the ledger does not depend on who is told.',
      { path: '^src/', pathNot: '^src/(reactions|compose|cli|http)/' },
      { path: '^src/reactions/' },
    ),
    only(
      'relay-knows-no-http-shell',
      'The relay does not import the Koa shell.',
      { path: '^src/relay/' },
      { path: '^src/(http|cli)/' },
    ),
    only(
      'http-knows-no-driver',
      'The shell has no SQL and no Redis.',
      { path: '^src/http/' },
      { path: ['^node_modules/(pg|ioredis|@eventstore)/', '^src/(postgres|cli)/'] },
    ),
    only(
      'one-file-for-the-event-store-client',
      'Its traps stay in one place.',
      { path: '^src/', pathNot: '^src/eventstore/eventstoredb/' },
      { path: '^node_modules/@eventstore/' },
    ),
    only(
      'one-folder-for-redis',
      'Its traps stay in one place.',
      { path: '^src/', pathNot: '^src/redis/' },
      { path: '^node_modules/ioredis/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
