/** Lone halves of surrogate pairs are legal in JSON, but no database and no UTF-8 can carry them. */
const SURROGATES = String.raw`\p{Surrogate}`;

/** What no text that is kept may have in it: control characters but for those that part lines and columns. NUL no database can carry. */
export const UNSTORABLE = new RegExp(String.raw`[${SURROGATES}\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]`, 'u');

/** What no name and no id may have in it: they stand within one line of whatever shows them. */
export const UNNAMABLE = new RegExp(String.raw`[${SURROGATES}\p{Cc}]`, 'u');

/** Writes backwards what follows, so that a name is read as another one. */
export const TURNS_READING = /\p{Bidi_Control}/u;

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;

/** Without what nobody sees: of no width, a filler, a mark for who renders it. */
export const withoutUnseen = (text: string): string => text.replaceAll(UNSEEN, '');
