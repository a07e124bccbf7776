const FORM = /^multipart\/form-data\s*(?:;|$)/i;
const BOUNDARY = /^\s*boundary\s*=\s*(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'+.-]{1,70}))\s*$/i;

/** The boundary in a `content-type` of a form; undefined where it is none, or not one that everybody reads alike (RFC 2046, section 5.1.1). */
export function boundaryOf(contentType: string): string | undefined {
  if (!FORM.test(contentType)) return undefined;
  const [, ...parameters] = contentType.split(';');
  const named = parameters.filter((parameter) => /^\s*boundary/i.test(parameter));
  const [, quoted, token] = (named.length === 1 && BOUNDARY.exec(named[0] as string)) || [];
  return quoted ?? token;
}
