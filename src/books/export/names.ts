const fixedNames: Readonly<Record<string, string>> = {
  'asset:bank': 'Assets:Bank',
  'asset:payments': 'Assets:Payments',
  'asset:disputes': 'Assets:Disputes',
  'equity:adjustments': 'Equity:Adjustments',
  'expense:fees': 'Expenses:Fees',
  'expense:promotions': 'Expenses:Promotions',
  'liability:deferred': 'Liabilities:Deferred',
  'revenue:breakage': 'Revenues:Breakage',
  'revenue:plans': 'Revenues:Plans',
  'revenue:usage': 'Revenues:Usage',
};

/** Before the account's id, in the journal's names. */
export const CUSTOMER = 'liability:account:';

/**
 * The name an accountant reads: `Assets:Payments`, `Liabilities:Customers:user_001`.
 * @param externalUserId of the customer whose account it is; not looked at for the others
 */
export function accountName(account: string, externalUserId: string | null): string {
  if (account.startsWith(CUSTOMER)) {
    if (externalUserId === null) throw new Error(`no user is registered for ${account}`);
    return `Liabilities:Customers:${safeName(externalUserId)}`;
  }
  const name = fixedNames[account];
  if (name === undefined)
    throw new Error(`the journal has an account that the export does not know: ${account}`);
  return name;
}

/**
 * Text that means nothing in plain-text accounting: all but letters, digits and `. _ @ + = / -` as percent-encoded UTF-8, so that
 * two names stay two.
 */
export function safeName(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}._@+=/-]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
