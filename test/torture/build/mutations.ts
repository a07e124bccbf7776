/** A deliberate fault of a build: one snippet of one file is replaced. */
export interface Mutation {
  readonly name: string;
  /** What is wrong with such a build. */
  readonly what: string;
  readonly file: string;
  /** There exactly once. */
  readonly snippet: string;
  readonly replacement: string;
}

/**
 * The canaries. Each is the smallest change that breaks one promise; where the code around a snippet moves on, the build says so and
 * the snippet is to follow.
 */
export const mutations: readonly Mutation[] = [
  {
    name: 'double-apply',
    what: 'the projector adds the first movements it sees to the balances twice',
    file: 'src/projections/balance/projector.ts',
    snippet: '    await addToBalances(tx, schema, accounts.rows());\n',
    replacement: `    await addToBalances(tx, schema, accounts.rows());
    const canary = globalThis as { doubled?: boolean };
    if (!canary.doubled) await addToBalances(tx, schema, accounts.rows());
    canary.doubled = true;
`,
  },
  {
    name: 'guard-off',
    what: 'a hold is granted whatever is there',
    file: 'src/balance/redis/scripts/hold.lua.ts',
    snippet: `  local granted = math.min(tonumber(ARGV[at + 1]), math.max(0, \${available}))
  if granted < tonumber(ARGV[at + 2]) then return unless_known(id, {'insufficient', poorest, fmt(available)}) end
`,
    replacement: '  local granted = tonumber(ARGV[at + 1])\n',
  },
  {
    name: 'hold-freed-early',
    what: 'a hold is dropped when its charge is in the log, not when a balance contains the charge',
    file: 'src/balance/redis/scripts/settle.lua.ts',
    snippet: "  if claiming then redis.call('SET', HOLD .. id, cmsgpack.pack(hold)) else resolve(id) end\n",
    replacement: '  resolve(id)\n',
  },
  {
    name: 'checkpoint-ahead-of-handler',
    what: 'the checkpoint of a projection is committed before its events are applied',
    file: 'src/projections/runtime/apply-batch.ts',
    snippet: '    if (events.length > 0) await projection.apply(',
    replacement: `    await moveCheckpoints(tx, [projection.name], slot, batch.position, batch.events.at(-1));
    await tx.query('COMMIT');
    await tx.query('BEGIN');
    if (events.length > 0) await projection.apply(`,
  },
  {
    // Ids of events are of one invocation here, and that a payment is credited once rests on its stream. What an event id without the
    // body's hash would do (another amount under a used payment_id passes for a repetition) is what this does.
    name: 'event-id-without-body-hash',
    what: 'a used payment_id with another amount passes for a repetition of the first',
    file: 'src/domain/payment/decide.ts',
    snippet:
      "    if (state.amountUsd !== amountUsd) return refuse({ code: 'payment_conflict', field: 'amount_usd' });\n",
    replacement: '',
  },
  {
    // Books and tables are right: only who compares an answer with what was known before can see it.
    name: 'stale-answer',
    what: 'a balance is told as it was when it was asked for first',
    file: 'src/http/routes/external/user/present.ts',
    snippet: '    current_quota: account.balance,\n',
    replacement: `    current_quota: ((known) => {
      if (!known.has(account.userId)) known.set(account.userId, account.balance);
      return known.get(account.userId);
    })(((globalThis as { told?: Map<unknown, unknown> }).told ??= new Map())),
`,
  },
  {
    name: 'answer-before-charge',
    what: 'the end of an answer does not wait for its charge to be durable',
    file: 'src/relay/settlement/durable-settlement.ts',
    snippet:
      'return await (this.watch.reachable ? this.toLog(consumption, after) : this.toSpool(consumption, after));',
    replacement: `void (this.watch.reachable ? this.toLog(consumption, after) : this.toSpool(consumption, after)).catch(() => undefined);
      return await Promise.resolve({ durable: 'spool' } as const);`,
  },
  {
    // The credit is one event of a stream of its own; whoever names that otherwise each time credits each time.
    name: 'order-credited-at-each-sighting',
    what: 'an order whose money is seen again is credited again',
    file: 'src/commands/order/credit-order.ts',
    snippet: 'amountUsd, paymentId: orderId }, meta)',
    replacement: `amountUsd, paymentId: ((seen) => {
          const times = seen.get(orderId) ?? 0;
          seen.set(orderId, times + 1);
          return times === 0 ? orderId : orderId + '-' + times;
        })(((globalThis as { seen?: Map<string, number> }).seen ??= new Map())) }, meta)`,
  },
  {
    name: 'code-used-by-each',
    what: 'a code gives something to everybody who has it',
    file: 'src/commands/code/redeem-code.ts',
    snippet: 'const grantId = grantIdOf(sourceOfCode(codeHash));',
    replacement: 'const grantId = grantIdOf(sourceOfCode(codeHash) + accountId);',
  },
  {
    name: 'identity-unchecked',
    what: "whose log it is is not asked: any ledger's will do",
    file: 'src/commands/ledger/log-guard.ts',
    snippet: '    let found = await readLedger(log);\n',
    replacement: `    let found = await readLedger(log);
    if (found) found = { ...found, ledgerId: instance.ledgerId };
`,
  },
  {
    name: 'rebuild-past-the-head',
    what: 'tables that are made of an older log are said to have what the former ones had',
    file: 'src/projections/runtime/rebuild-swap.ts',
    snippet: 'position = next.position, event_position',
    replacement: 'position = greatest(live.position, next.position), event_position',
  },
  {
    name: 'sequence-not-restored',
    what: 'a restored ledger gives numbers of users and access keys from the first one on',
    file: 'src/backup/restore/restore-tables.ts',
    snippet: "    if (given > 0n) await tx.query('SELECT setval($1::regclass, $2)', [name, given]);\n",
    replacement: '',
  },
  {
    name: 'generation-unchecked',
    what: 'a process that was at work goes on with what was restored in the place of its ledger',
    file: 'src/commands/ledger/log-guard.ts',
    snippet: '    if (found.generation !== this.generation) {\n',
    replacement: '    if (found.generation < this.generation) {\n',
  },
  {
    name: 'filter-off',
    what: "a neighbour's events are taken for the ledger's own",
    file: 'src/eventstore/sieve.ts',
    snippet: "    if (isOfOthers(event, this.whose)) return 'foreign';\n",
    replacement: '',
  },
  {
    name: 'recovery-reads-too-little',
    what: 'whoever ends a lost call stops reading a page before what its hold says',
    file: 'src/commands/usage/usage-history.ts',
    snippet: 'oldest.revision <= after + 1n) {',
    replacement: 'oldest.revision <= after + 1n + BigInt(PAGE)) {',
  },
  {
    name: 'lease-outlives-a-revocation',
    what: 'a key is said to be dead while another process has a lease of it still',
    file: 'src/balance/raise-guards.ts',
    snippet: '  await whileLeased(() => cache.isLeased(guards), HOLD_LEASE_MS, waiting);\n',
    replacement: '  void [whileLeased, HOLD_LEASE_MS, waiting];\n',
  },
  {
    name: 'event-left-out-of-the-tree',
    what: 'registrations have no entry in the tree that is signed',
    file: 'src/transparency/log-tree.ts',
    snippet: `      if (!hasEntry(event, isOfLogAlone)) continue;
      const entry = leaves.entryOf(event);
`,
    replacement: `      if (!hasEntry(event, isOfLogAlone) || event.type.startsWith('account-registered')) continue;
      const entry = leaves.entryOf(event);
`,
  },
  {
    name: 'balance-of-a-leaf-wrong',
    what: 'an account is owed less in the sum tree than it has',
    file: 'src/transparency/liability/build-trees.ts',
    snippet: '  const quota = isOverdrawn ? -balance : balance;\n',
    replacement: '  const quota = isOverdrawn ? -balance : balance / 2n;\n',
  },
  {
    name: 'receipt-of-another-event',
    what: 'who asks for a receipt gets that of whoever asked first',
    file: 'src/books/receipts.ts',
    snippet: '      return receiptFor(row);\n',
    replacement: `      const canary = globalThis as { first?: HistoryRow };
      return receiptFor((canary.first ??= row));
`,
  },
];

/** @throws Error naming those there are */
export function mutationOf(name: string): Mutation {
  const found = mutations.find((mutation) => mutation.name === name);
  if (found) return found;
  throw new Error(`there is no canary ${name}; there are ${mutations.map((each) => each.name).join(', ')}`);
}

/**
 * What the file says with the mutation in it.
 *
 * @throws Error when the snippet is not there exactly once
 */
export function mutate(text: string, { name, file, snippet, replacement }: Mutation): string {
  const found = text.split(snippet).length - 1;
  if (found !== 1)
    throw new Error(
      `${name}: its snippet is ${found} times in ${file}, not once; the code has moved on and the canary must follow`,
    );
  return text.replace(snippet, () => replacement);
}
