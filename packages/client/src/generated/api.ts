// Made from docs/openapi.json by `npm run generate`; changes belong there.
export interface paths {
  '/api/user/external/{external_user_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a user
     * @description Identity, group and money of one user.
     *
     *     Scope: `read`.
     */
    get: operations['getUser'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/balance-proof': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Prove the balance of a user
     * @description A `.tlog-proof` (C2SP) that proves to whoever knows the log’s key what the account had at the end of a day, and that it is in what the ledger said it owed to all; it is checked without this service. Days are closed where LIABILITY is `daily`.
     *
     *     Scope: `read`.
     */
    get: operations['getBalanceProof'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/grants': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the grants of a user
     * @description Quota that was given, what of it is left and until when; the newest 100.
     *
     *     Scope: `read`.
     */
    get: operations['listUserGrants'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/logs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Page through a user's history
     * @description Calls, failed calls, top-ups, grants, refunds and adjustments, newest first. `summary` covers the page, `range_summary` the whole filter.
     *
     *     Scope: `read`.
     */
    get: operations['listLogs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/memberships': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the teams that a user is a member of
     * @description Of each what concerns this member: their keys, and what they may spend.
     *
     *     Scope: `read`.
     */
    get: operations['listUserMemberships'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/orders': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List orders
     * @description The newest first, also those that came to nothing.
     *
     *     Scope: `read`.
     */
    get: operations['listUserOrders'];
    put?: never;
    /**
     * Order a top-up
     * @description The price is fixed now: a later change of rates changes no order. With an `Idempotency-Key` a repetition answers the same order, and opens its checkout where the provider could not be reached.
     *
     *     Scope: `topups`.
     */
    post: operations['createOrder'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/orders/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show an order
     * @description Placed, paid, credited: it is credited by itself, whoever looks and whoever does not.
     *
     *     Scope: `read`.
     */
    get: operations['getOrder'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/orders/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel an order
     * @description The provider is asked first. Money that comes afterwards is credited all the same.
     *
     *     Scope: `topups`.
     */
    post: operations['cancelUserOrder'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/orders/{id}/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask the provider whether an order was paid
     * @description “I have paid”: what it says is credited at once. The provider is asked once in three seconds; in between the order is answered as it is.
     *
     *     Scope: `topups`.
     */
    post: operations['checkUserOrder'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/orders/{id}/refunds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List refunds of an order at its provider
     * @description The newest first.
     *
     *     Scope: `read`.
     */
    get: operations['listUserOrderRefunds'];
    put?: never;
    /**
     * Send (part of) an order’s money back at its provider
     * @description What it takes from the account is held and booked first; then the provider is asked, and gives back once. `requested` and `sent` are gone on with by themselves; ask for the list. With an `Idempotency-Key` a repetition answers the same refund.
     *
     *     Scope: `topups`.
     */
    post: operations['refundUserOrder'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/plans': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the plans that can be bought
     * @description What a period gives, how long it is, and what it costs in each currency that can be paid in.
     *
     *     Scope: `read`.
     */
    get: operations['listUserPlans'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/plans/{plan_id}/orders': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Order a period of a plan
     * @description The first one begins when it is paid, the next ones at the end of what is paid for. An order like others: its checkout is paid, and nothing is taken by itself. With an `Idempotency-Key` a repetition answers the same order.
     *
     *     Scope: `topups`.
     */
    post: operations['orderUserPlan'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/receipts/{figure}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Write a receipt for a figure of a user
     * @description A `.tlog-proof` (C2SP) that proves to whoever knows the log’s key that the ledger wrote down this payment, refund, adjustment or charge; it is checked without this service. It says all that the event says, of a charge also which channel served it. There is one ten seconds after the event.
     *
     *     Scope: `read`.
     */
    get: operations['getReceipt'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/redeem': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Redeem a code for a user
     * @description Gives what the code is worth, once; the same code of the same user again is answered as before. Ten codes in an hour that there are not, and no code is taken of the user until an hour later.
     *
     *     Scope: `topups`.
     */
    post: operations['redeemUserCode'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/referral': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show whom a user invited, and what that brought
     * @description Of those who were invited nothing is told but when they came, and what their orders brought.
     *
     *     Scope: `read`.
     */
    get: operations['getUserReferral'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a user's balance, what it buys, keys and usage
     * @description `balance_capacity` lists the models of enabled channels that the user's group may use and that have a price, test models first, then by name.
     *
     *     Scope: `read`.
     */
    get: operations['getStats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/subscription': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show what somebody is subscribed to
     * @description Each plan that was ever bought, with its newest periods and what of each is left.
     *
     *     Scope: `read`.
     */
    get: operations['getUserSubscription'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/subscription/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel a subscription
     * @description What is paid for goes on to its end, and is not meant to be renewed. Buying the plan again takes it back. Money goes back by a refund of its order.
     *
     *     Scope: `topups`.
     */
    post: operations['cancelUserSubscription'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/team': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a team
     * @description Its members, their keys, and what of each budget was spent in the period that runs. `null`: there is none.
     *
     *     Scope: `read`.
     */
    get: operations['getUserTeam'];
    /**
     * Make a team of an account
     * @description Its members spend what the account has, each by keys of their own. Again it is the team that there is. Turned on by TEAMS.
     *
     *     Scope: `tokens`.
     */
    put: operations['createUserTeam'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/team/keys/{token_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Make a key a member's
     * @description A key of the account: from here on its calls count in the member's budget.
     *
     *     Scope: `tokens`.
     */
    put: operations['assignUserKey'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/team/keys/{token_id}/budget': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Set what a key of a member may spend
     * @description Beside the member's own budget, and as that.
     *
     *     Scope: `tokens`.
     */
    put: operations['setUserKeyBudget'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/team/members/{member}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Add a member to a team
     * @description Somebody with an account of their own, which signs in for them and whose money is not touched.
     *
     *     Scope: `tokens`.
     */
    put: operations['addUserTeamMember'];
    post?: never;
    /**
     * Take a member out of a team
     * @description Their keys of the team are refused at once and everywhere, and revoked for good.
     *
     *     Scope: `tokens`.
     */
    delete: operations['removeUserTeamMember'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/team/members/{member}/budget': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Set what a member may spend
     * @description In each day, week (from Monday) or month of a zone, by all keys that they have of the team; it counts from here on. A call is of the period in which it began.
     *
     *     Scope: `tokens`.
     */
    put: operations['setUserMemberBudget'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/{external_user_id}/topup/options': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show how money can be paid in, and what it buys
     * @description With `currency` and `amount` also what that amount buys.
     *
     *     Scope: `read`.
     */
    get: operations['getTopUpOptions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List what is on offer
     * @description The models of enabled channels that have a price, by name; with `group` those that it may call. What a balance buys of each is in the stats of its user.
     *
     *     Scope: `read`.
     */
    get: operations['listOfferedModels'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/payments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List payments
     * @description In the order in which they were credited, page by page: `next_after` of one is `after` of the next. What is credited meanwhile comes at the end, so that a list can be gone on with later.
     *
     *     Scope: `read`.
     */
    get: operations['listTopUps'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Hand a user over to the Portal
     * @description Answers an address to send the browser to: whoever opens it first is signed in as that user, for eight hours, and cannot change password, address or factors. Its code works once and only for `ttl_seconds`; it stands behind `#`, which browsers send to no server.
     *
     *     Scope: `sessions`.
     */
    post: operations['createSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/sync': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create or update a user
     * @description Creates the user at the first call, updates it afterwards. Absent fields keep their value, empty ones are cleared. Never touches money.
     *
     *     Scope: `users`.
     */
    post: operations['syncUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/sync/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create or update many users
     * @description Each line of the body is a user as in `POST /sync`; each is answered by a line, in their order: `{line, success, user_id, external_user_id, is_new_user, position}`, or `{line, success: false, code, message, errors}`. A line that is refused does not hold up the others. Every line may be sent again at will: what changes nothing appends nothing. An answer that ends early (`ledger_unavailable`, a key that was revoked meanwhile, a broken connection) is gone on with by the same body and `from_line`.
     *
     *     Scope: `users`.
     */
    post: operations['syncUsers'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/token': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create an access key
     * @description The key is shown in this answer and never again. Without quota_limit it spends the user's live balance, which remain_quota echoes.
     *
     *     Scope: `tokens`.
     */
    post: operations['createToken'];
    /**
     * Delete an access key
     * @description The key is dead on every node before the answer is sent.
     *
     *     Scope: `tokens`.
     */
    delete: operations['deleteToken'];
    options?: never;
    head?: never;
    /**
     * Change an access key
     * @description Absent fields keep their value; an empty list or text takes a limit away. In effect on every node before the answer is sent.
     *
     *     Scope: `tokens`.
     */
    patch: operations['changeToken'];
    trace?: never;
  };
  '/api/user/external/token/reset': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a token a new key
     * @description Same token, new key. The old key is dead on every node before the answer is sent.
     *
     *     Scope: `tokens`.
     */
    post: operations['resetToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/topup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Credit a payment, once
     * @description A payment_id is credited exactly once. The same payment again gives the first answer with `Idempotency-Replayed: true`; the same payment_id with another user or amount is a conflict that names the field (`details.field`). Another note is no conflict: the first one stands.
     *
     *     Scope: `topups`.
     */
    post: operations['topUp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/topup/{payment_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a payment and what became of it
     * @description When the top-up was received (left out where it was credited before that was written down), then the credit and its refunds in the order of the log, each with the balance right after it. A payment that was never credited is a 404.
     *
     *     Scope: `read`.
     */
    get: operations['getTopUp'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/topup/refund': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give back (part of) a payment
     * @description Without amount_usd the rest of the payment is refunded. The refunds of a payment never exceed it; a refund_id refunds once.
     *
     *     Scope: `topups`.
     */
    post: operations['refundTopUp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/topup/refund/reverse': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Credit again what a refund took
     * @description Where money of a refund came again: a dispute that was won, a refund that did not arrive. Exactly what was taken is credited again, once; the same refund_id refunds nothing any more. Of an order its provider says so, and nobody else.
     *
     *     Scope: `topups`.
     */
    post: operations['reverseTopUpRefund'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/user/external/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List users
     * @description By their number, page by page: `next_after` of one is `after` of the next. Nothing personal beyond the names.
     *
     *     Scope: `read`.
     */
    get: operations['listUsers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Budget: {
      /** Format: date-time */
      ends_at: string;
      left_quota: number;
      /** @description exact decimal text */
      left_usd: string;
      /** @enum {string} */
      period: 'day' | 'week' | 'month';
      /** @description what may be spent in each period */
      quota: number;
      /** @description the period that runs: `20261130`, `2026W49` or `202611` */
      running: string;
      /** Format: date-time */
      starts_at: string;
      /** @description in which days begin */
      timezone: string;
      /** @description exact decimal text */
      usd: string;
      /** @description in the period that runs */
      used_quota: number;
      /** @description exact decimal text */
      used_usd: string;
    };
    CapacitySummary: {
      billing_formula: string;
      models_available: number;
      note: string;
      quota_per_usd: number;
      total_balance_usd: number;
      total_quota: number;
    };
    Failure: {
      /** @description stable: branch on this */
      code: string;
      /** @description facts of a conflict: which field differs, what remains */
      details?: Record<string, never>;
      errors?: components['schemas']['FieldError'][];
      message: string;
      request_id: string;
      /** @constant */
      success: false;
    };
    FieldError: {
      /** @description JSON name of the field */
      field: string;
      message: string;
      /** @enum {string} */
      rule: 'required' | 'min' | 'max' | 'oneof' | 'email' | 'type';
    };
    Invited: {
      given_quota: number;
      /** @description exact decimal text */
      given_usd: string;
      /** Format: date-time */
      invited_at: string;
      /** @description that were credited */
      orders: number;
      /** @description fixed, and given when its time comes, unless the money goes back before */
      pending_quota: number;
      /** @description exact decimal text */
      pending_usd: string;
      /** @description of what was given, taken back with money that went back */
      withdrawn_quota: number;
      /** @description exact decimal text */
      withdrawn_usd: string;
    };
    IssuedToken: {
      /** @description shown here and never again; null when a replay comes after a day */
      access_key: string | null;
      /** @description unix seconds */
      expires_at: number | null;
      /** @description masked */
      key: string;
      remain_quota: number;
      token_id: number;
      token_name: string;
    };
    LogPage: {
      logs: components['schemas']['LogRow'][];
      pagination: {
        page: number;
        page_size: number;
        total: number;
        total_page: number;
      };
      /** @description of the whole filter */
      range_summary: {
        rows: number;
        total_spend: number;
        total_tokens: number;
        total_topup: number;
      };
      /** @description of this page, top-ups negative */
      summary: {
        total_spend: number;
        total_tokens: number;
      };
    };
    LogRow: {
      completion_tokens: number;
      id: number;
      model: string;
      /** @description of a top-up that came with one */
      note?: string;
      prompt_tokens: number;
      quota: number;
      /** @description the `x-request-id` of the call's answer; null for rows that are of no call */
      request_id: string | null;
      /** @description dollars; negative for what came in */
      spend: number;
      /**
       * @description in the ledger's time zone
       * @example 2024-01-30 15:30:25
       */
      time: string;
      /** Format: date-time */
      time_iso: string;
      token_name: string;
      tokens: number;
      /** @enum {string} */
      type: 'consume' | 'topup' | 'refund' | 'adjust' | 'grant' | 'error';
      username: string;
    };
    ModelCapacity: {
      base_price_usd?: number;
      calls?: number;
      characters_1k?: number;
      completion_ratio: number;
      /** @constant */
      free?: true;
      group_ratio: number;
      images?: number;
      input_tokens_1k?: number;
      /** @constant */
      is_default_model?: true;
      model_ratio: number;
      /** @description only where the price is per character */
      price_per_1k_characters_usd?: number;
      /** @description only where the price is per call */
      price_per_call_usd?: number;
      /** @description only where the price is per image */
      price_per_image_usd?: number;
      /** @description only where the price is per second */
      price_per_second_usd?: number;
      pricing_note: string;
      quota_per_1k_input?: number;
      seconds?: number;
    } & {
      [key: string]: unknown;
    };
    OfferedModel: {
      cache_ratio: number;
      completion_ratio: number;
      create_cache_ratio: number;
      enable_groups: string[];
      model_name: string;
      /** @description dollars a call */
      model_price: number;
      /** @description 1 is $0.002 per 1,000 tokens */
      model_ratio: number;
      owner_by: string;
      /** @description as it is in the price list, exact */
      price: {
        /** @description exact decimal text */
        audio_completion_ratio?: string;
        /** @description exact decimal text */
        audio_ratio?: string;
        /** @description exact decimal text */
        cache_ratio: string;
        /** @description exact decimal text */
        cache_write_1h_ratio?: string;
        /** @description exact decimal text */
        cache_write_ratio: string;
        /** @description exact decimal text */
        completion_ratio: string;
        context_window?: number;
        /** @description exact decimal text */
        image_completion_ratio?: string;
        image_prices?: {
          quality?: string;
          size?: string;
          /** @description exact decimal text */
          usd: string;
        }[];
        /** @description exact decimal text */
        image_ratio?: string;
        max_output_tokens: number;
        model: string;
        /** @description exact decimal text */
        model_ratio: string;
        per_call_usd: string | null;
        /** @description exact decimal text */
        per_character_usd?: string;
        /** @description exact decimal text */
        per_code_session_usd?: string;
        /** @description exact decimal text */
        per_file_search_usd?: string;
        /** @description exact decimal text */
        per_image_usd?: string;
        /** @description exact decimal text */
        per_search_usd?: string;
        /** @description exact decimal text */
        per_second_usd?: string;
        /** @description exact decimal text */
        reasoning_ratio?: string;
        service_tier_ratios?: {
          /** @description exact decimal text */
          batch?: string;
          /** @description exact decimal text */
          flex?: string;
          /** @description exact decimal text */
          priority?: string;
          /** @description exact decimal text */
          scale?: string;
        };
        tiers?: {
          above_prompt_tokens: number;
          /** @description exact decimal text */
          audio_completion_ratio?: string;
          /** @description exact decimal text */
          audio_ratio?: string;
          /** @description exact decimal text */
          cache_ratio?: string;
          /** @description exact decimal text */
          cache_write_1h_ratio?: string;
          /** @description exact decimal text */
          cache_write_ratio?: string;
          /** @description exact decimal text */
          completion_ratio?: string;
          /** @description exact decimal text */
          image_completion_ratio?: string;
          /** @description exact decimal text */
          image_ratio?: string;
          /** @description exact decimal text */
          model_ratio?: string;
          /** @description exact decimal text */
          reasoning_ratio?: string;
        }[];
      };
      /**
       * @description 0 by the ratios, 1 a price for each call
       * @enum {integer}
       */
      quota_type: 0 | 1;
      supported_endpoint_types: string[];
      /** @description a million tokens, for the group that is asked for; null where tokens are not what it is sold by */
      usd_per_million: {
        /** @description exact decimal text */
        cached_input: string;
        /** @description exact decimal text */
        input: string;
        /** @description exact decimal text */
        output: string;
      } | null;
      /** @description what is sold by the piece, beside tokens or instead of them */
      usd_per_piece: {
        [key: string]: string;
      };
    };
    OfferedPlan: {
      description: string;
      /** @description how long a period is */
      months: number;
      name: string;
      plan_id: string;
      prices: {
        /** @description in units of the currency, with all its places */
        amount: string;
        currency: string;
      }[];
      /** @description of a period */
      quota: number;
      /** @description exact decimal text */
      usd: string;
      version: number;
    };
    Order: {
      /** @description quota right after the credit */
      balance_after: number | null;
      /** @description given beside it, and withdrawn with what goes back of the payment */
      bonus_quota: number;
      can_cancel: boolean;
      can_check: boolean;
      /** @description null before there is one, and when the order is over */
      checkout: {
        /** @description what to do; the order id is the reference */
        instructions: string | null;
        /** @description the text of a code to be scanned */
        qr: string | null;
        /** @description where to pay */
        url: string | null;
      } | null;
      /** @description unix seconds */
      created_at: number;
      /** @description exact dollars of `quota` */
      credit_usd: string;
      credited_at: number | null;
      currency: string;
      /** @description in units of the currency, with all its places */
      discount_amount: string;
      expires_at: number;
      /** @description what the payer pays for the provider’s; it buys nothing */
      fee_amount: string;
      /** @description money that came and does not fit: an operator looks at it */
      flags: {
        /**
         * @description what does not fit: `uncreditable` is whole, and cannot be credited to the account; `unconfirmed` waits for a second operator; of `refund-failed` money that was given back did not arrive
         * @enum {string}
         */
        kind:
          | 'amount'
          | 'currency'
          | 'merchant'
          | 'second-payment'
          | 'uncreditable'
          | 'unconfirmed'
          | 'refund-failed';
        open: boolean;
      }[];
      /** @description in units of the currency, with all its places */
      list_amount: string;
      method: string;
      order_id: string;
      /** @description as the provider says */
      paid_at: number | null;
      /** @description what is to be paid: list - discount + fee */
      pay_amount: string;
      /** @description what a period of is bought; null of a top-up */
      plan: {
        name: string;
        plan_id: string;
      } | null;
      provider_id: string;
      quota: number;
      /** @description units of the currency for a dollar */
      rate: string;
      /**
       * @description how far it has come; money that comes after it is over is credited all the same
       * @enum {string}
       */
      stage: 'placed' | 'opened' | 'paid' | 'credited' | 'expired' | 'cancelled' | 'failed';
      /**
       * @description in the words of the bill
       * @enum {string}
       */
      status: 'pending' | 'completed' | 'cancelled' | 'failed';
    };
    OrderRefund: {
      /** @description in units of the currency, with all its places */
      amount: string;
      currency: string;
      ended_at: number | null;
      external_user_id: string;
      /** @description why it came to nothing: a code */
      failure: string | null;
      order_id: string;
      provider_id: string;
      /** @description what the provider calls it, or the reference of a transfer */
      provider_refund: string | null;
      /** @description what it takes from the account; null where it takes nothing */
      quota: number | null;
      reason: string;
      refund_id: string;
      /** @description unix seconds */
      requested_at: number;
      requested_by: string;
      sent_at: number | null;
      /**
       * @description `requested`: the provider was not asked yet, or only an operator can send it; `sent`: what became of it is not known yet
       * @enum {string}
       */
      status: 'requested' | 'sent' | 'succeeded' | 'failed';
    };
    OwnGrant: {
      ended_at: string | null;
      /** @description null: never */
      ends_at: string | null;
      expired_quota: number;
      /** Format: date-time */
      given_at: string;
      /** Format: uuid */
      grant_id: string;
      /** @description `bonus`, `code`, `referral`, `promo`, `plan`, `compensation` */
      kind: string;
      quota: number;
      /** @description what of it is in the balance */
      remaining_quota: number;
      /** @description exact decimal text */
      remaining_usd: string;
      /**
       * @description `closed`: nothing burns it any more, and what is left of it is about to be taken
       * @enum {string}
       */
      status: 'open' | 'closed' | 'expired' | 'withdrawn';
      /** @description exact decimal text */
      usd: string;
      withdrawn_quota: number;
    };
    OwnReferral: {
      /** @description the user's own referral code; empty: there is none */
      aff_code: string;
      /** @description after the credit, when it is given */
      days: number;
      given_quota: number;
      /** @description exact decimal text */
      given_usd: string;
      /** @description people, counted up to 1001 */
      invited: number;
      /** @description of those who were invited, the newest 100 */
      newest: components['schemas']['Invited'][];
      /** @description that were credited */
      orders: number;
      /** @description of the credit of an order, which it brings: decimal text, `0.1` */
      part: string;
      /** @description fixed, and given when its time comes, unless the money goes back before */
      pending_quota: number;
      /** @description exact decimal text */
      pending_usd: string;
      /** @description of what was given, taken back with money that went back */
      withdrawn_quota: number;
      /** @description exact decimal text */
      withdrawn_usd: string;
    };
    OwnSubscription: {
      /** @description false where the next period is paid for already */
      can_renew: boolean;
      ended_because: ('over' | 'returned') | null;
      /** @description of what is paid for; null where nothing is */
      ends_at: string | null;
      name: string;
      /** @description the newest first */
      periods: {
        /** Format: date-time */
        ends_at: string;
        order_id: string;
        period: number;
        plan_version: number;
        quota: number;
        /** @description what of it is in the balance */
        remaining_quota: number;
        /** @description exact decimal text */
        remaining_usd: string;
        /** Format: date-time */
        starts_at: string;
        /**
         * @description `returned`: its money went back or is disputed, and what was unused was taken
         * @enum {string}
         */
        status: 'ahead' | 'running' | 'over' | 'returned';
        /** @description exact decimal text */
        usd: string;
      }[];
      plan_id: string;
      /** @enum {string} */
      status: 'active' | 'cancelled' | 'ended';
      /** Format: uuid */
      subscription_id: string;
    };
    Payment: {
      amount_usd: number;
      /** Format: date-time */
      credited_at: string;
      external_user_id: string;
      note: string | null;
      payment_id: string;
      quota_added: number;
      /** @description when the service got the top-up, by its own clock, before any retry; null where it was credited before this was written down */
      received_at: string | null;
      /** @description what was given back of it */
      refunded_usd: number;
    };
    PaymentArrival: {
      /** Format: date-time */
      at: string;
      /** @constant */
      type: 'received';
    };
    PaymentHistory: {
      amount_usd: number;
      /** Format: date-time */
      credited_at: string;
      external_user_id: string;
      note: string | null;
      payment_id: string;
      quota_added: number;
      /** @description when the service got the top-up, by its own clock, before any retry; null where it was credited before this was written down */
      received_at: string | null;
      /** @description what was given back of it */
      refunded_usd: number;
      /** @description what can still be refunded */
      remaining_usd: number;
      timeline: (components['schemas']['PaymentArrival'] | components['schemas']['PaymentStep'])[];
    };
    PaymentStep: {
      amount_usd: number;
      /** Format: date-time */
      at: string;
      /** @description of the user, right after it */
      current_quota: number;
      /** @description negative for a refund */
      quota: number;
      reason?: string;
      refund_id?: string;
      /**
       * @description `refund_reversed`: what a refund, or a dispute, took came again
       * @enum {string}
       */
      type: 'credited' | 'refunded' | 'refund_reversed';
    };
    Refund: {
      amount_usd: number;
      current_balance: number;
      current_quota: number;
      payment_id: string;
      quota_deducted: number;
      refund_id: string;
      /** @description what can still be refunded of the payment */
      remaining_usd: number;
    };
    RefundReversal: {
      amount_usd: number;
      current_balance: number;
      /** @description right after it, also when it is repeated */
      current_quota: number;
      payment_id: string;
      quota_restored: number;
      refund_id: string;
    };
    Stats: {
      model_usage: {
        [key: string]: {
          completion_tokens: number;
          prompt_tokens: number;
          quota: number;
          requests: number;
          spend: number;
        };
      };
      recent_logs: components['schemas']['LogRow'][];
      tokens: components['schemas']['Token'][];
      user_info: {
        /** @description by model, and `_summary`; empty where there is no quota */
        balance_capacity: {
          _summary?: components['schemas']['CapacitySummary'];
        } & {
          [key: string]: components['schemas']['ModelCapacity'];
        };
        current_balance: number;
        current_quota: number;
        display_name: string;
        external_user_id: string;
        total_requests: number;
        used_quota: number;
        username: string;
      };
    };
    SyncedUser: {
      external_user_id: string;
      is_new_user: boolean;
      user_id: number;
    };
    Team: {
      /** Format: date-time */
      created_at: string;
      /** @description whose money it spends */
      external_user_id: string;
      members: {
        /** Format: date-time */
        added_at: string;
        /** @description of all keys of theirs; null: what the account has */
        budget: components['schemas']['Budget'] | null;
        external_user_id: string;
        keys: {
          budget: components['schemas']['Budget'] | null;
          disabled: boolean;
          key_mask: string;
          token_id: number;
          token_name: string;
        }[];
      }[];
      name: string;
    };
    Token: {
      allow_ips: string[];
      /** @description unix seconds; -1: never */
      expired_time: number;
      group: string | null;
      id: number;
      /** @description masked to the first and last four */
      key: string;
      models: string[];
      name: string;
      quota_limit: number | null;
      remain_quota: number;
      /** @description 1 enabled, 2 disabled, 3 expired, 4 exhausted */
      status: number;
      used_quota: number;
    };
    TopUp: {
      amount_usd: number;
      /** @description current_quota in dollars */
      current_balance: number;
      /** @description right after this payment, also when it is repeated */
      current_quota: number;
      payment_id: string;
      quota_added: number;
    };
    TopupOptions: {
      currencies: {
        currency: string;
        decimals: number;
        /** @description in units of the currency, with all its places */
        max: string;
        /** @description in units of the currency, with all its places */
        min: string;
        presets: {
          /** @description in units of the currency, with all its places */
          amount: string;
          /** @description given beside it, and withdrawn with what goes back of the payment */
          bonus_quota: number;
          /** @description exact dollars of `quota` */
          credit_usd: string;
          /** @description in units of the currency, with all its places */
          discount_amount: string;
          /** @description what the payer pays for the provider’s; it buys nothing */
          fee_amount: string;
          /** @description in units of the currency, with all its places */
          list_amount: string;
          /** @description what is to be paid: list - discount + fee */
          pay_amount: string;
          quota: number;
        }[];
        rate: string;
      }[];
      hourly_most: number;
      /** @description none: nobody can pay here yet */
      methods: {
        currencies: string[];
        method: string;
        provider_id: string;
      }[];
      /** @description orders that may be open at once */
      open_most: number;
      /**
       * @description whether an amount is what is paid, without the fee, or what is credited
       * @enum {string}
       */
      preset_basis: 'pay' | 'credit';
      /** @description of the amount that was asked for */
      quote: {
        /** @description in units of the currency, with all its places */
        amount: string;
        /** @description given beside it, and withdrawn with what goes back of the payment */
        bonus_quota: number;
        /** @description exact dollars of `quota` */
        credit_usd: string;
        /** @description in units of the currency, with all its places */
        discount_amount: string;
        /** @description what the payer pays for the provider’s; it buys nothing */
        fee_amount: string;
        /** @description in units of the currency, with all its places */
        list_amount: string;
        /** @description what is to be paid: list - discount + fee */
        pay_amount: string;
        quota: number;
      } | null;
      /** @description whether there are codes that could be redeemed */
      takes_codes: boolean;
    };
    User: {
      aff_code: string;
      /** @description unix seconds */
      created_at: number;
      current_balance: number;
      current_quota: number;
      display_name: string;
      email: string;
      external_user_id: string;
      group: string;
      login_type: string;
      phone: string;
      /** @description 1 enabled, 2 suspended, 3 erased */
      status: number;
      total_requests: number;
      used_quota: number;
      user_id: number;
      username: string;
    };
    UserRow: {
      /** @description unix seconds */
      created_at: number;
      current_balance: number;
      current_quota: number;
      external_user_id: string;
      group: string;
      /** @enum {string} */
      status: 'enabled' | 'suspended' | 'erased';
      total_requests: number;
      used_quota: number;
      user_id: number;
      username: string;
    };
  };
  responses: never;
  parameters: {
    /** @description English messages with `en`, else Chinese */
    AcceptLanguage: string;
    /** @description the same key with the same request gives the first answer again; with another request a 409 */
    IdempotencyKey: string;
    /** @description printable ASCII; echoed */
    RequestId: string;
  };
  requestBodies: never;
  headers: {
    /** @description present where the request had been answered before and nothing was done now */
    IdempotencyReplayed: 'true';
    /** @description where in the log is what was written: a read with it as `min_position` shows at least that */
    Position: number;
    /** @description with which the request is found again */
    RequestId: string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getUser: {
    parameters: {
      query?: {
        /** @description the `x-counterfoil-position` of an answer: what is read contains it, or it is a 504 */
        min_position?: number;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a user */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['User'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
      /** @description `position_not_reached` */
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'position_not_reached';
          };
        };
      };
    };
  };
  getBalanceProof: {
    parameters: {
      query?: {
        /** @description a day that was closed; default: the newest */
        as_of?: string;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Prove the balance of a user */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `figure_not_found`, `receipts_off`, `not_closed` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'figure_not_found' | 'receipts_off' | 'not_closed';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error`, `books_disagree` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error' | 'books_disagree';
          };
        };
      };
      /** @description `ledger_unavailable`, `not_signed_yet`, `behind`, `not_ready` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable' | 'not_signed_yet' | 'behind' | 'not_ready';
          };
        };
      };
    };
  };
  listUserGrants: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the grants of a user */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              grants: components['schemas']['OwnGrant'][];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  listLogs: {
    parameters: {
      query?: {
        /** @description `YYYY-MM-DD`, the last day, included, in the ledger's time zone; anything else is ignored */
        end_date?: string;
        /** @description the `x-counterfoil-position` of an answer: what is read contains it, or it is a 504 */
        min_position?: number;
        /** @description a part of the name, upper or lower case */
        model_name?: string;
        /** @description more counts as 1000000, less as 1 */
        page?: number;
        /** @description more counts as 100, less as 20 */
        page_size?: number;
        /** @description `YYYY-MM-DD`, the first day, in the ledger's time zone; anything else is ignored */
        start_date?: string;
        token_id?: number;
        /** @description anything else is ignored */
        type?: 'consume' | 'topup' | 'refund' | 'adjust' | 'grant' | 'error';
        username?: string;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Page through a user's history */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['LogPage'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
      /** @description `position_not_reached` */
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'position_not_reached';
          };
        };
      };
    };
  };
  listUserMemberships: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the teams that a user is a member of */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              teams: components['schemas']['Team'][];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  listUserOrders: {
    parameters: {
      query?: {
        /** @description `next_cursor` of the page before */
        cursor?: string;
        limit?: number;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List orders */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @description null: there are no more */
              next_cursor: string | null;
              orders: components['schemas']['Order'][];
              /** @description rows of the whole filter, at most 10000 */
              total: number;
              /** @description there are more than 10000 */
              total_capped: boolean;
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  createOrder: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description the same key with the same request gives the first answer again; with another request a 409 */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "method": "test",
         *       "currency": "CNY",
         *       "amount": "500"
         *     }
         */
        'application/json': {
          /**
           * @description in units of the currency; taken as decimal text
           * @example 500
           * @example 88.88
           */
          amount: number | string;
          /** @example CNY */
          currency: string;
          method: string;
        };
      };
    };
    responses: {
      /** @description Order a top-up */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Order'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `account_erased`, `orders_open_most`, `idempotency_conflict` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_erased' | 'orders_open_most' | 'idempotency_conflict';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded`, `orders_hourly_most` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded' | 'orders_hourly_most';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable`, `provider_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable' | 'provider_unavailable';
          };
        };
      };
    };
  };
  getOrder: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        /** @description `order_id` */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show an order */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Order'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `order_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'order_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  cancelUserOrder: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        /** @description `order_id` */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Cancel an order */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Order'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `order_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'order_not_found';
          };
        };
      };
      /** @description `order_paid` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'order_paid';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  checkUserOrder: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        /** @description `order_id` */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Ask the provider whether an order was paid */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /**
               * @description `nothing`: the provider knows of no payment; `unknown`: it could not be asked
               * @enum {string}
               */
              found: 'paid' | 'pending' | 'nothing' | 'unknown';
              order: components['schemas']['Order'];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `order_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'order_not_found';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  listUserOrderRefunds: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List refunds of an order at its provider */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              refunds: components['schemas']['OrderRefund'][];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `order_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'order_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  refundUserOrder: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description the same key with the same request gives the first answer again; with another request a 409 */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "amount": "150",
         *       "reason": "asked for it"
         *     }
         */
        'application/json': {
          /**
           * @description all that is left where it is absent
           * @example 500
           * @example 88.88
           */
          amount?: number | string;
          reason?: string;
        };
      };
    };
    responses: {
      /** @description Send (part of) an order’s money back at its provider */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['OrderRefund'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json`, `amount_invalid` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json' | 'amount_invalid';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `order_not_found`, `payment_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'order_not_found' | 'payment_not_found';
          };
        };
      };
      /** @description `refund_exceeds_payment`, `idempotency_conflict` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'refund_exceeds_payment' | 'idempotency_conflict';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  listUserPlans: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the plans that can be bought */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              plans: components['schemas']['OfferedPlan'][];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  orderUserPlan: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description the same key with the same request gives the first answer again; with another request a 409 */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        plan_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "method": "test",
         *       "currency": "CNY"
         *     }
         */
        'application/json': {
          /** @example CNY */
          currency: string;
          method: string;
        };
      };
    };
    responses: {
      /** @description Order a period of a plan */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Order'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `plan_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'plan_not_found';
          };
        };
      };
      /** @description `account_erased`, `orders_open_most`, `idempotency_conflict`, `plan_not_offered`, `plan_changed`, `plans_off`, `subscription_renewed` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?:
              | 'account_erased'
              | 'orders_open_most'
              | 'idempotency_conflict'
              | 'plan_not_offered'
              | 'plan_changed'
              | 'plans_off'
              | 'subscription_renewed';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded`, `orders_hourly_most` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded' | 'orders_hourly_most';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable`, `provider_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable' | 'provider_unavailable';
          };
        };
      };
    };
  };
  getReceipt: {
    parameters: {
      query?: {
        /** @description where a figure has several events: that of this position of the log; default: the newest */
        position?: unknown;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        /** @description the id of a payment, refund, adjustment, call or request */
        figure: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Write a receipt for a figure of a user */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `figure_not_found`, `receipts_off` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'figure_not_found' | 'receipts_off';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error`, `books_disagree` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error' | 'books_disagree';
          };
        };
      };
      /** @description `ledger_unavailable`, `not_signed_yet`, `behind`, `not_ready` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable' | 'not_signed_yet' | 'behind' | 'not_ready';
          };
        };
      };
    };
  };
  redeemUserCode: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "code": "3FJ7-K2M9-QXV4-T8ZR-5NDC-B6HW-1A"
         *     }
         */
        'application/json': {
          /** @description as it was typed: small letters, hyphens and spaces do not matter */
          code: string;
        };
      };
    };
    responses: {
      /** @description Redeem a code for a user */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['OwnGrant'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json`, `code_malformed` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json' | 'code_malformed';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `code_unknown` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'code_unknown';
          };
        };
      };
      /** @description `account_erased`, `account_suspended`, `balance_ceiling`, `code_void`, `code_over`, `code_used`, `grants_off` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?:
              | 'account_erased'
              | 'account_suspended'
              | 'balance_ceiling'
              | 'code_void'
              | 'code_over'
              | 'code_used'
              | 'grants_off';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded`, `code_guesses_most` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded' | 'code_guesses_most';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  getUserReferral: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show whom a user invited, and what that brought */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['OwnReferral'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  getStats: {
    parameters: {
      query?: {
        /** @description the `x-counterfoil-position` of an answer: what is read contains it, or it is a 504 */
        min_position?: number;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a user's balance, what it buys, keys and usage */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Stats'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
      /** @description `position_not_reached` */
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'position_not_reached';
          };
        };
      };
    };
  };
  getUserSubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show what somebody is subscribed to */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              subscriptions: components['schemas']['OwnSubscription'][];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  cancelUserSubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "plan_id": "monthly"
         *     }
         */
        'application/json': {
          /** @example monthly */
          plan_id: string;
        };
      };
    };
    responses: {
      /** @description Cancel a subscription */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              subscriptions: components['schemas']['OwnSubscription'][];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `subscription_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'subscription_not_found';
          };
        };
      };
      /** @description `subscription_over` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'subscription_over';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  getUserTeam: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a team */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @description whether a team can be made or changed */
              is_on: boolean;
              team: components['schemas']['Team'] | null;
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  createUserTeam: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "The lab"
         *     }
         */
        'application/json': {
          name: string;
        };
      };
    };
    responses: {
      /** @description Make a team of an account */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Team'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `team_not_found`, `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'team_not_found' | 'account_not_found';
          };
        };
      };
      /** @description `account_erased`, `teams_off` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_erased' | 'teams_off';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  assignUserKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        token_id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "member": "user_002"
         *     }
         */
        'application/json': {
          /**
           * @description the external id of their own account
           * @example test_user_001
           */
          member: string;
        };
      };
    };
    responses: {
      /** @description Make a key a member's */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Team'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `team_not_found`, `account_not_found`, `token_not_found`, `team_member_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'team_not_found' | 'account_not_found' | 'token_not_found' | 'team_member_not_found';
          };
        };
      };
      /** @description `account_erased`, `teams_off` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_erased' | 'teams_off';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  setUserKeyBudget: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        token_id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "amount_usd": 20,
         *       "period": "month",
         *       "timezone": "Asia/Shanghai"
         *     }
         */
        'application/json': {
          /** @description dollars for each period */
          amount_usd?: number | string;
          /** @enum {string} */
          period: 'day' | 'week' | 'month';
          /**
           * @description an IANA name, such as Asia/Shanghai; default: the ledger's
           * @example UTC
           */
          timezone?: string;
          /** @description instead of an amount: no budget any more */
          unlimited?: boolean;
        };
      };
    };
    responses: {
      /** @description Set what a key of a member may spend */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Team'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json`, `budget_invalid` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json' | 'budget_invalid';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `team_not_found`, `token_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'team_not_found' | 'token_not_found';
          };
        };
      };
      /** @description `token_not_assigned`, `teams_off` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'token_not_assigned' | 'teams_off';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  addUserTeamMember: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        /** @description the external id of their own account */
        member: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Add a member to a team */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Team'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `team_not_found`, `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'team_not_found' | 'account_not_found';
          };
        };
      };
      /** @description `account_erased`, `team_members_most`, `teams_off` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_erased' | 'team_members_most' | 'teams_off';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  removeUserTeamMember: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        /** @description the external id of their own account */
        member: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "has left"
         *     }
         */
        'application/json': {
          reason?: string;
        };
      };
    };
    responses: {
      /** @description Take a member out of a team */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Team'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `team_not_found`, `team_member_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'team_not_found' | 'team_member_not_found';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  setUserMemberBudget: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
        /** @description the external id of their own account */
        member: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "amount_usd": 20,
         *       "period": "month",
         *       "timezone": "Asia/Shanghai"
         *     }
         */
        'application/json': {
          /** @description dollars for each period */
          amount_usd?: number | string;
          /** @enum {string} */
          period: 'day' | 'week' | 'month';
          /**
           * @description an IANA name, such as Asia/Shanghai; default: the ledger's
           * @example UTC
           */
          timezone?: string;
          /** @description instead of an amount: no budget any more */
          unlimited?: boolean;
        };
      };
    };
    responses: {
      /** @description Set what a member may spend */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Team'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json`, `budget_invalid` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json' | 'budget_invalid';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `team_not_found`, `team_member_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'team_not_found' | 'team_member_not_found';
          };
        };
      };
      /** @description `teams_off` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'teams_off';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  getTopUpOptions: {
    parameters: {
      query?: {
        /** @description in units of the currency; taken as decimal text */
        amount?: number | string;
        currency?: string;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the front end's own id of the user */
        external_user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show how money can be paid in, and what it buys */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['TopupOptions'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  listOfferedModels: {
    parameters: {
      query?: {
        group?: string;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List what is on offer */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['OfferedModel'][];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  listTopUps: {
    parameters: {
      query?: {
        /** @description `next_after` of the page before */
        after?: number;
        /** @description the front end's own id of the user */
        external_user_id?: string;
        limit?: number;
        /** @description the payment provider's id; credits once, for ever */
        payment_id?: string;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List payments */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @description `after` for what is credited from now on */
              last: number;
              /** @description null: there are no more */
              next_after: number | null;
              payments: components['schemas']['Payment'][];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  createSession: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_user_id": "test_user_001",
         *       "page": "/portal/settings",
         *       "return_url": "https://shop.example.com/account",
         *       "locale": "zh",
         *       "ttl_seconds": 60
         *     }
         */
        'application/json': {
          /**
           * @description the front end's own id of the user
           * @example test_user_001
           */
          external_user_id: string;
          /**
           * @description the language of the Portal
           * @enum {string}
           */
          locale?: 'zh' | 'en';
          /**
           * @description where in the Portal to begin
           * @example /portal/settings
           */
          page?: string;
          /**
           * @description where the Portal leads back to; the service key must list its origin
           * @example https://shop.example.com/account
           */
          return_url?: string;
          /** @default 60 */
          ttl_seconds?: number;
        };
      };
    };
    responses: {
      /** @description Hand a user over to the Portal */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @description unix seconds */
              expires_at: number;
              url: string;
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `account_erased` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_erased';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  syncUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description the same key with the same request gives the first answer again; with another request a 409 */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_user_id": "test_user_001",
         *       "username": "testuser",
         *       "display_name": "测试用户",
         *       "login_type": "email"
         *     }
         */
        'application/json': {
          /** @description the user's own referral code, unique when present */
          aff_code?: string;
          alipay_userid?: string;
          display_name?: string;
          /** Format: email */
          email?: string;
          /** @description at most 65536 bytes of UTF-8 */
          external_data?: string;
          /**
           * @description the front end's own id of the user; none that parsers of addresses change (`.`, `..`, a backslash, `%2e`, spaces at its ends), none of `models`, `payments`, `topup`, `users`, and not `self-<uuid>`, as accounts are called that people made for themselves
           * @example test_user_001
           */
          external_user_id: string;
          /** @description the referral code of whoever invited the user; of one who was invited already it is left alone. Turned on by REFERRALS, and left alone without it */
          inviter_aff_code?: string;
          /** @enum {string} */
          login_type?: 'email' | 'wechat' | 'alipay' | 'sms';
          phone?: string;
          /** @description unique among all users */
          username: string;
          wechat_openid?: string;
          wechat_unionid?: string;
        };
      };
    };
    responses: {
      /** @description Create or update a user */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['SyncedUser'];
            /** @enum {string} */
            message: '用户创建成功' | 'User created' | '用户信息同步成功' | 'User synchronised';
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `inviter_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'inviter_not_found';
          };
        };
      };
      /** @description `username_taken`, `email_taken`, `aff_code_taken`, `account_erased`, `idempotency_conflict`, `referral_own` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?:
              | 'username_taken'
              | 'email_taken'
              | 'aff_code_taken'
              | 'account_erased'
              | 'idempotency_conflict'
              | 'referral_own';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  syncUsers: {
    parameters: {
      query?: {
        /** @description the first line that is looked at: the one answered `ledger_unavailable`, else the first without an answer */
        from_line?: number;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/x-ndjson': string;
      };
    };
    responses: {
      /** @description Create or update many users */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': string;
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  createToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description the same key with the same request gives the first answer again; with another request a 409 */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_user_id": "test_user_001",
         *       "token_name": "My API Token",
         *       "expires_in_days": 30
         *     }
         */
        'application/json': {
          /** @description addresses or CIDR blocks; absent or empty: from anywhere */
          allow_ips?: string[];
          /** @description absent or 0: 365 */
          expires_in_days?: number;
          /**
           * @description the front end's own id of the user
           * @example test_user_001
           */
          external_user_id: string;
          /** @description absent or empty: the user's group */
          group?: string;
          /** @description absent or empty: all models; `*` in a name stands for any text */
          models?: string[];
          /** @description the most this key may spend in its life; absent: the user's live balance */
          quota_limit?: number;
          token_name: string;
        };
      };
    };
    responses: {
      /** @description Create an access key */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['IssuedToken'];
            /** @enum {string} */
            message: 'Token创建成功' | 'Token created';
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `group_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'group_not_found';
          };
        };
      };
      /** @description `account_suspended`, `account_erased`, `idempotency_conflict` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_suspended' | 'account_erased' | 'idempotency_conflict';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  deleteToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description the same key with the same request gives the first answer again; with another request a 409 */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_user_id": "test_user_001",
         *       "token_id": 1
         *     }
         */
        'application/json': {
          /**
           * @description the front end's own id of the user
           * @example test_user_001
           */
          external_user_id: string;
          /** @example 1 */
          token_id: number;
        };
      };
    };
    responses: {
      /** @description Delete an access key */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              external_user_id: string;
              token_id: number;
            };
            /** @enum {string} */
            message: 'Token删除成功' | 'Token deleted';
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `token_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'token_not_found';
          };
        };
      };
      /** @description `idempotency_conflict` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'idempotency_conflict';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  changeToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description the same key with the same request gives the first answer again; with another request a 409 */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_user_id": "test_user_001",
         *       "token_id": 1,
         *       "status": 2
         *     }
         */
        'application/json': {
          /** @description addresses or CIDR blocks; absent or empty: from anywhere */
          allow_ips?: string[];
          /** @description absent or 0: 365 */
          expires_in_days?: number;
          /**
           * @description the front end's own id of the user
           * @example test_user_001
           */
          external_user_id: string;
          /** @description absent or empty: the user's group */
          group?: string;
          /** @description absent or empty: all models; `*` in a name stands for any text */
          models?: string[];
          /** @description the most this key may spend in its life; "" takes the limit away */
          quota_limit?: number | '';
          /**
           * @description 1 enabled, 2 disabled
           * @enum {integer}
           */
          status?: 1 | 2;
          /** @example 1 */
          token_id: number;
          token_name?: string;
        };
      };
    };
    responses: {
      /** @description Change an access key */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Token'];
            /** @enum {string} */
            message: 'Token更新成功' | 'Token updated';
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `token_not_found`, `group_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'token_not_found' | 'group_not_found';
          };
        };
      };
      /** @description `idempotency_conflict` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'idempotency_conflict';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  resetToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description the same key with the same request gives the first answer again; with another request a 409 */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_user_id": "test_user_001",
         *       "token_id": 1
         *     }
         */
        'application/json': {
          /**
           * @description the front end's own id of the user
           * @example test_user_001
           */
          external_user_id: string;
          /** @example 1 */
          token_id: number;
        };
      };
    };
    responses: {
      /** @description Give a token a new key */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['IssuedToken'];
            /** @enum {string} */
            message: 'Token重置成功' | 'Token reset';
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found`, `token_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found' | 'token_not_found';
          };
        };
      };
      /** @description `idempotency_conflict` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'idempotency_conflict';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  topUp: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_user_id": "test_user_001",
         *       "amount_usd": 68.49,
         *       "payment_id": "pi_3MtwBwLkdIwHu7ix28a3tqPa",
         *       "note": "order 4711"
         *     }
         */
        'application/json': {
          /**
           * @description US dollars, 0.01 to 1000000, at most 6 decimal places; taken as decimal text
           * @example 68.49
           * @example 68.49
           */
          amount_usd: number | string;
          /**
           * @description the front end's own id of the user
           * @example test_user_001
           */
          external_user_id: string;
          /** @description shown in logs, statement and export; the note of the first request stands */
          note?: string;
          /**
           * @description the payment provider's id; credits once, for ever
           * @example pi_3MtwBwLkdIwHu7ix28a3tqPa
           */
          payment_id: string;
        };
      };
    };
    responses: {
      /** @description Credit a payment, once */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['TopUp'];
            /** @enum {string} */
            message: '充值成功' | 'Top-up successful';
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `account_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'account_not_found';
          };
        };
      };
      /** @description `payment_conflict`, `balance_ceiling`, `account_erased` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'payment_conflict' | 'balance_ceiling' | 'account_erased';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  getTopUp: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path: {
        /** @description the payment provider's id; credits once, for ever */
        payment_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a payment and what became of it */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['PaymentHistory'];
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `payment_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'payment_not_found';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  refundTopUp: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "payment_id": "pi_3MtwBwLkdIwHu7ix28a3tqPa",
         *       "refund_id": "re_1",
         *       "amount_usd": 8.49,
         *       "reason": "goodwill"
         *     }
         */
        'application/json': {
          /**
           * @description US dollars, 0.000001 to 1000000, at most 6 decimal places; taken as decimal text
           * @example 68.49
           * @example 68.49
           */
          amount_usd?: number | string;
          /**
           * @description the payment provider's id; credits once, for ever
           * @example pi_3MtwBwLkdIwHu7ix28a3tqPa
           */
          payment_id: string;
          reason?: string;
          /** @description refunds once, for ever */
          refund_id: string;
        };
      };
    };
    responses: {
      /** @description Give back (part of) a payment */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Refund'];
            /** @enum {string} */
            message: '退款成功' | 'Refund successful';
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `payment_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'payment_not_found';
          };
        };
      };
      /** @description `refund_conflict`, `refund_over`, `refund_exceeds_payment`, `refund_exceeds_balance` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'refund_conflict' | 'refund_over' | 'refund_exceeds_payment' | 'refund_exceeds_balance';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  reverseTopUpRefund: {
    parameters: {
      query?: never;
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "payment_id": "pi_3MtwBwLkdIwHu7ix28a3tqPa",
         *       "refund_id": "dp_1",
         *       "why": "dispute_won"
         *     }
         */
        'application/json': {
          /**
           * @description the payment provider's id; credits once, for ever
           * @example pi_3MtwBwLkdIwHu7ix28a3tqPa
           */
          payment_id: string;
          /** @description the refund, or the dispute that was booked as one */
          refund_id: string;
          /**
           * @description `dispute_won`: the bank gave it again; `refund_failed`: it did not arrive; `payment_arrived`: a payment that had failed came after all
           * @enum {string}
           */
          why: 'dispute_won' | 'refund_failed' | 'payment_arrived';
        };
      };
    };
    responses: {
      /** @description Credit again what a refund took */
      200: {
        headers: {
          'Idempotency-Replayed': components['headers']['IdempotencyReplayed'];
          'x-counterfoil-position': components['headers']['Position'];
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['RefundReversal'];
            /** @enum {string} */
            message: '退款已撤回' | 'Refund reversed';
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request`, `invalid_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request' | 'invalid_json';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `payment_not_found`, `refund_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'payment_not_found' | 'refund_not_found';
          };
        };
      };
      /** @description `refund_of_order` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'refund_of_order';
          };
        };
      };
      /** @description `request_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'request_too_large';
          };
        };
      };
      /** @description `unsupported_media_type` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unsupported_media_type';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        /** @description `next_after` of the page before */
        after?: number;
        limit?: number;
      };
      header?: {
        /** @description English messages with `en`, else Chinese */
        'Accept-Language'?: components['parameters']['AcceptLanguage'];
        /** @description printable ASCII; echoed */
        'X-Request-Id'?: components['parameters']['RequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List users */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @description null: there are no more */
              next_after: number | null;
              users: components['schemas']['UserRow'][];
            };
            /** @constant */
            success: true;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'invalid_request';
          };
        };
      };
      /** @description `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'unauthorized';
          };
        };
      };
      /** @description `forbidden`, `loopback_only` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'forbidden' | 'loopback_only';
          };
        };
      };
      /** @description `rate_limit_exceeded` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'rate_limit_exceeded';
          };
        };
      };
      /** @description `internal_error` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'internal_error';
          };
        };
      };
      /** @description `ledger_unavailable` */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Failure'] & {
            /** @enum {unknown} */
            code?: 'ledger_unavailable';
          };
        };
      };
    };
  };
}
