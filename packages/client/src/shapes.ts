import type { components, operations } from './generated/api.js';

type Schemas = components['schemas'];

/** The JSON body of a request. */
type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

/** What a successful answer carries in `data`. */
type DataOf<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': { data: infer Data } } } };
}
  ? Data
  : never;

type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>;

export type UserInput = BodyOf<'syncUser'>;
export type TopUpInput = BodyOf<'topUp'>;
export type RefundInput = BodyOf<'refundTopUp'>;
export type TokenInput = BodyOf<'createToken'>;
export type TokenChange = BodyOf<'changeToken'>;
export type TokenName = BodyOf<'deleteToken'>;
export type TokenReset = BodyOf<'resetToken'>;
export type LogQuery = QueryOf<'listLogs'>;
export type PaymentQuery = QueryOf<'listTopUps'>;
export type UserQuery = QueryOf<'listUsers'>;

export type SyncedUser = DataOf<'syncUser'>;
export type TopUp = DataOf<'topUp'>;
export type Refund = DataOf<'refundTopUp'>;
export type PaymentHistory = DataOf<'getTopUp'>;
export type PaymentPage = DataOf<'listTopUps'>;
export type UserPage = DataOf<'listUsers'>;
export type IssuedToken = DataOf<'createToken'>;
export type Token = DataOf<'changeToken'>;
export type DeletedToken = DataOf<'deleteToken'>;
export type User = DataOf<'getUser'>;
export type Stats = DataOf<'getStats'>;
export type LogPage = DataOf<'listLogs'>;
export type OfferedModels = DataOf<'listOfferedModels'>;
export type FieldError = Schemas['FieldError'];

type CodesOf<Responses> = {
  [Status in keyof Responses]: Responses[Status] extends {
    content: { 'application/json': { code: infer Code } };
  }
    ? Code
    : never;
}[keyof Responses];

/** Every code that an operation of the external API fails with: stable, to branch on. */
export type FailureCode = {
  [Name in keyof operations]: CodesOf<operations[Name]['responses']>;
}[keyof operations];
