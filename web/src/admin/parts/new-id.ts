/**
 * The id of one act: sent again after no answer, it is done once. Browsers have `randomUUID` only on https.
 * @param prefix what the act is, such as `adj`
 */
export const newId = (prefix: string): string =>
  `${prefix}-${[...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-')}`;
