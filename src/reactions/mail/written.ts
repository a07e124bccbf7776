import type { MailText } from '../../commands/login/ports.js';

interface ToWrite {
  readonly language: 'zh' | 'en';
  readonly subject: string;
  readonly lines: readonly string[];
  /** None where there is nothing to be done. */
  readonly button?: { readonly name: string; readonly link: string } | undefined;
}

/** A mail as text and as HTML that says the same and loads nothing. */
export function written({ language, subject, lines, button }: ToWrite): MailText {
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`);
  if (button) paragraphs.push(`<p><a href="${escaped(button.link)}">${escaped(button.name)}</a></p>`);
  return {
    subject,
    text: [...lines, ...(button ? [button.link] : [])].join('\n\n') + '\n',
    html: `<!doctype html><html lang="${language}"><body>${paragraphs.join('')}</body></html>`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
