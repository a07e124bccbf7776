import { z } from 'zod';
import { currencyField } from '../stored/fields.js';

const currencies = z.array(currencyField).min(1).max(20);
const address = z.url({ protocol: /^https?$/ }).max(200);
/** A key in PEM, or its base64 alone, as consoles of providers give it. */
const pem = z.string().min(100).max(8_000);

/** What is asked of who configures a provider: `settings` are shown, `secrets` are sealed and never shown again. */
export const providerKinds = {
  stripe: {
    settings: z.strictObject({
      /** `acct_…`: whom money is for. */
      account: z.string().regex(/^acct_\w{1,60}$/),
      currencies,
      api_url: address.default('https://api.stripe.com'),
    }),
    secrets: z.strictObject({
      secret_key: z.string().regex(/^[rs]k_(test|live)_\w{8,200}$/),
      webhook_secret: z.string().regex(/^whsec_\w{8,200}$/),
    }),
  },
  epay: {
    settings: z.strictObject({
      /** Without a path: `https://pay.example.com`. */
      api_url: address,
      version: z.enum(['v1', 'v2']),
      /** The number of the merchant. */
      pid: z.string().regex(/^\w{1,40}$/),
      /** `alipay`, `wxpay`, … as the provider calls them. */
      methods: z
        .array(z.string().regex(/^[a-z][a-z0-9]{1,19}$/))
        .min(1)
        .max(10),
      /** Of version 2: the provider's, by which its notifications are verified. */
      platform_public_key: pem.optional(),
    }),
    secrets: z.strictObject({
      /** Version 1: the key. Version 2: our private key. */
      key: z.string().min(8).max(8_000),
    }),
  },
  alipay: {
    settings: z.strictObject({
      /** Of the application, and whom money is for: the seller's number, `2088…`. */
      app_id: z.string().regex(/^\d{16,20}$/),
      seller_id: z.string().regex(/^2088\d{12}$/),
      /** A page where people pay, or a code that they scan. */
      product: z.enum(['page', 'qr']).default('page'),
      /** Alipay's own, by which what it says is verified; not ours. */
      alipay_public_key: pem,
      api_url: address.default('https://openapi.alipay.com/gateway.do'),
    }),
    secrets: z.strictObject({ private_key: pem }),
  },
  wechat: {
    settings: z.strictObject({
      /** Whom money is for, and the application that is bound to them. */
      mchid: z.string().regex(/^\d{8,12}$/),
      appid: z.string().regex(/^wx[0-9a-zA-Z]{8,30}$/),
      /** Of our certificate, whose key signs what is asked. */
      merchant_serial: z.string().regex(/^[0-9A-F]{8,64}$/),
      /** WeChat Pay's own key, and its number: `PUB_KEY_ID_…`, or that of its certificate. */
      platform_serial: z.string().regex(/^(PUB_KEY_ID_\w{4,64}|[0-9A-F]{8,64})$/),
      platform_public_key: pem,
      api_url: address.default('https://api.mch.weixin.qq.com'),
    }),
    secrets: z.strictObject({ private_key: pem, api_v3_key: z.string().regex(/^[!-~]{32}$/) }),
  },
} as const;

export type ProviderKind = keyof typeof providerKinds;
export const providerKindNames = Object.keys(providerKinds) as [ProviderKind, ...ProviderKind[]];
export type ProviderSettings<Kind extends ProviderKind> = z.output<(typeof providerKinds)[Kind]['settings']>;
export type ProviderSecrets<Kind extends ProviderKind> = z.output<(typeof providerKinds)[Kind]['secrets']>;

export const providerIdField = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);
