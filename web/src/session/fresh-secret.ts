// The secret of a key that was made in this page. It is in the page's memory alone, so that Connect can fill it in, and gone with it.

let secrets: ReadonlyMap<number, string> = new Map();

export function keepSecret(keyId: number, secret: string): void {
  secrets = new Map([...secrets, [keyId, secret]]);
}

/** Undefined where this page has not made it. */
export const secretOf = (keyId: number): string | undefined => secrets.get(keyId);

/** Another person may sit here next. */
export const forgetSecrets = (): void => {
  secrets = new Map();
};
