import { createHash } from 'node:crypto';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem;color:#1c2024;background:#f9f9fb}
h1{font-size:1.25rem}p.price{font-size:2rem;font-variant-numeric:tabular-nums;margin:.25rem 0}p.note{color:#60646c}
button{display:block;width:100%;margin:.5rem 0;padding:.7rem 1rem;font:inherit;border:1px solid #cdced6;border-radius:8px;background:#fff;cursor:pointer}
button:first-child{background:#1c2024;color:#fff;border-color:#1c2024}
@media (prefers-color-scheme:dark){body{background:#111113;color:#edeef0}p.note{color:#b0b4ba}button{background:#18191b;color:#edeef0;border-color:#363a3f}
button:first-child{background:#edeef0;color:#111113}}`;

const WORDS: Readonly<Record<string, string>> = {
  pay: '付款 · Pay',
  'pay-five-times': '付款，通知五次 · Pay, and notify five times',
  'pay-quietly': '付款，不通知 · Pay, and notify nobody',
  'pay-less': '少付一分 · Pay too little',
  fail: '付款失败 · Fail',
};

const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; frame-ancestors 'none'`;

/** Stands for the page of a provider. All that is put into it is ours: an id of letters and digits, an amount, our own words. */
export const testPage = (orderId: string, price: string, acts: readonly string[]) => ({
  policy: POLICY,
  html: `<!doctype html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>测试付款 · Test payment</title>
<style>${STYLE}</style></head><body><main><h1>测试付款 · Test payment</h1><p class="price">${price}</p><p class="note">${orderId}<br>不会真的扣款 · No money is taken.</p>
<form method="post">${acts.map((act) => `<button name="act" value="${act}">${WORDS[act] ?? act}</button>`).join('')}</form></main></body></html>`,
});
