// Generated from the OpenAPI document by `npm run generate-client`; test/packages/client compares both.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type Webhooks = PostApiV1BillingSubscriptionCreatedWebhookRequest | PostApiV1BillingCheckoutOpenedWebhookRequest | PostApiV1BillingCheckoutExpiredWebhookRequest | PostApiV1BillingSubscriptionImportedWebhookRequest | PostApiV1BillingSubscriptionActivatedWebhookRequest | PostApiV1BillingSubscriptionTrialStartedWebhookRequest | PostApiV1BillingSubscriptionTrialExtendedWebhookRequest | PostApiV1BillingSubscriptionTrialEndingWebhookRequest | PostApiV1BillingSubscriptionRenewedWebhookRequest | PostApiV1BillingSubscriptionPastDueWebhookRequest | PostApiV1BillingSubscriptionRecoveredWebhookRequest | PostApiV1BillingSubscriptionAccessEndedWebhookRequest | PostApiV1BillingSubscriptionPlanChangedWebhookRequest | PostApiV1BillingSubscriptionPlanChangeScheduledWebhookRequest | PostApiV1BillingSubscriptionPlanChangeAwaitsPaymentWebhookRequest | PostApiV1BillingSubscriptionPlanChangeWithdrawnWebhookRequest | PostApiV1BillingSubscriptionPlanChangeLapsedWebhookRequest | PostApiV1BillingSubscriptionPlanChangeDroppedWebhookRequest | PostApiV1BillingSubscriptionQuantityChangedWebhookRequest | PostApiV1BillingSubscriptionAddonsChangedWebhookRequest | PostApiV1BillingSubscriptionCancellationScheduledWebhookRequest | PostApiV1BillingSubscriptionCancellationWithdrawnWebhookRequest | PostApiV1BillingSubscriptionPausedWebhookRequest | PostApiV1BillingSubscriptionResumedWebhookRequest | PostApiV1BillingSubscriptionUpdatedWebhookRequest | PostApiV1BillingSubscriptionExpiredWebhookRequest | PostApiV1BillingSubscriptionCanceledWebhookRequest | PostApiV1BillingCustomerUpdatedWebhookRequest | PostApiV1BillingQuotaThresholdReachedWebhookRequest | PostApiV1BillingQuotaGrantedWebhookRequest | PostApiV1BillingInvoicePaidWebhookRequest | PostApiV1BillingInvoicePaymentFailedWebhookRequest | PostApiV1BillingInvoicePaymentActionRequiredWebhookRequest | PostApiV1BillingInvoiceRefundedWebhookRequest | PostApiV1BillingInvoiceRefundFailedWebhookRequest | PostApiV1BillingInvoiceCreditedWebhookRequest | PostApiV1BillingInvoiceDisputeOpenedWebhookRequest | PostApiV1BillingInvoiceDisputeClosedWebhookRequest;

/**
 * The subscription after the event.
 */
export type Subscription = {
    id: string;
    user_id: string;
    status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
    plan: {
        slug: string;
        name: string;
        /**
         * The version that the customer has. Newer versions do not change it.
         */
        version: number;
        /**
         * The version that new customers get in this currency; null if the plan is no longer on sale.
         */
        version_on_sale: number | null;
        /**
         * `monthly`, `yearly`, or a count of units, at most three years.
         */
        period: 'monthly' | 'yearly' | {
            every: number;
            unit: 'day' | 'week' | 'month' | 'year';
        };
        price: Price;
    };
    /**
     * How many units of the plan, such as seats.
     */
    quantity: number;
    /**
     * The plan, its add-ons, and items that were added at Stripe and are charged with it.
     */
    items: Array<({
        kind: 'plan';
    } & PlanItem) | ({
        kind: 'addon';
    } & AddonItem) | ({
        kind: 'foreign';
    } & ForeignItem)>;
    /**
     * The discount on each invoice.
     */
    discount: {
        coupon: string;
        promotion_code: string | null;
        percent_off: number | null;
        amount_off_minor: number | null;
        currency: string | null;
        ends_at: string | null;
    } | null;
    /**
     * The current period: from `start` up to, but not including, `end`.
     */
    period: {
        start: string;
        end: string;
    } | null;
    trial_end: string | null;
    cancel_at: string | null;
    pending_change: {
        /**
         * `scheduled` takes effect at `at`. `awaiting_payment` takes effect when it is paid, and is dropped at `at`.
         */
        kind: 'scheduled' | 'awaiting_payment';
        /**
         * The slug of the new plan.
         */
        plan: string;
        version: number;
        /**
         * How many units of the new plan.
         */
        quantity: number;
        /**
         * All add-ons after the change.
         */
        addons: Array<{
            plan_id: string;
            version: number;
            quantity: number;
        }>;
        at: string;
        payment_url: string | null;
    } | null;
    /**
     * When the clock stopped; null if it runs, or if the pause left nothing. The rest of `period` from then continues at the resumption.
     */
    paused_at: string | null;
    /**
     * When a paused subscription resumes automatically.
     */
    resumes_at: string | null;
    ended_at: string | null;
    /**
     * Whether the user may use features now. A subscription that is `past_due` keeps access for the grace days.
     */
    has_access: boolean;
    /**
     * When access ends; null if no end is known.
     */
    access_until: string | null;
    /**
     * Whether a bank is still confirming a payment, which can take days. The first period gives access once it is paid.
     */
    payment_processing: boolean;
    /**
     * Collection that was paused in Stripe’s dashboard; null if invoices are collected.
     */
    collection_pause: {
        /**
         * The fate of invoices at Stripe: `keep_as_draft`, `mark_uncollectible` or `void`.
         */
        behavior: string;
        resumes_at: string | null;
        /**
         * The end of the last period that was collected.
         */
        paid_until: string;
    } | null;
    /**
     * The open Stripe Checkout page.
     */
    checkout: {
        url: string;
        expires_at: string;
    } | null;
    created_at: string;
    updated_at: string;
};

/**
 * The price of one unit per period.
 */
export type Price = {
    /**
     * In minor units: 2000 is $20.00.
     */
    amount_minor: number;
    currency: string;
};

export type PlanItem = {
    kind: 'plan';
    /**
     * The slug of the plan.
     */
    plan_id: string;
    version: number;
    quantity: number;
    /**
     * Null for a free plan.
     */
    stripe_item_id: string | null;
};

export type AddonItem = {
    kind: 'addon';
    /**
     * The slug of the add-on.
     */
    plan_id: string;
    version: number;
    quantity: number;
    name: string;
    price: Price;
    stripe_item_id: string | null;
};

export type ForeignItem = {
    /**
     * Nobody here made it, and no command changes it.
     */
    kind: 'foreign';
    stripe_item_id: string;
    stripe_price_id: string;
    product_name: string | null;
    quantity: number;
    /**
     * For one unit, in minor units; null for a price with tiers.
     */
    unit_amount_minor: number | null;
    currency: string;
};

export type WebhookCustomer = {
    email: string | null;
    name: string | null;
};

export type WebhookQuota = {
    feature: string;
    threshold_percent: number;
    used_amount: number;
    quota_limit: number;
    resets_at: string | null;
};

export type WebhookInvoice = {
    id: string;
    number: string | null;
    status: string;
    reason: string;
    currency: string;
    /**
     * The sum of all lines, in minor units.
     */
    subtotal_minor: number | null;
    /**
     * The amount that coupons took off, in minor units.
     */
    discount_minor: number | null;
    /**
     * All taxes in minor units, also those that the prices include.
     */
    tax_minor: number | null;
    /**
     * The subtotal less the discount, plus the taxes that the prices do not include. Negative when the invoice adds to the customer’s credit.
     */
    total_minor: number | null;
    /**
     * In minor units.
     */
    amount_due_minor: number;
    /**
     * In minor units.
     */
    amount_paid_minor: number;
    /**
     * In minor units.
     */
    amount_refunded_minor: number;
    /**
     * In minor units.
     */
    amount_credited_minor: number;
    attempt_count: number;
    next_payment_attempt: string | null;
    /**
     * When an invoice that was sent has to be paid; null if it is charged automatically.
     */
    due_at: string | null;
    hosted_url: string | null;
    dispute_status: string | null;
};

export type Readiness = {
    status: 'ready' | 'not_ready';
    parts: {
        [key: string]: 'ready' | 'not_ready';
    };
};

export type Problem = {
    /**
     * `urn:perennial:problem:<code>`
     */
    type: string;
    title: string;
    status: number;
    /**
     * A stable identifier that programs can depend on.
     */
    code: string;
    /**
     * The mistake and its fix, for developers.
     */
    detail: string;
    request_id: string;
    errors?: Array<{
        field: string;
        detail: string;
    }>;
    subscription_id?: string;
};

export type Plan = {
    id: string;
    slug: string;
    name: string;
    /**
     * A user has at most one live subscription per product line.
     */
    product_line: string;
    version: number;
    /**
     * `monthly`, `yearly`, or a count of units, at most three years.
     */
    period: 'monthly' | 'yearly' | {
        every: number;
        unit: 'day' | 'week' | 'month' | 'year';
    };
    price: Price;
    /**
     * The currencies in which the plan is sold, its default first.
     */
    currencies: Array<string>;
    trial_days: number;
    /**
     * Whether the user of this request would get the trial: false when they had one before, or the plan has none. Null without a user.
     */
    trial_available: boolean | null;
    features: Array<PlanFeature>;
    /**
     * The prices of usage beyond the limits, which is charged at the end of the period.
     */
    usage_prices: Array<UsagePrice>;
    /**
     * The slugs of the add-ons that can be added in this currency: see `addons`.
     */
    addons: Array<string>;
    /**
     * The terms that the user of this request gets instead of those above. Null without an offer, and without a user.
     */
    offer: Offer | null;
};

export type PlanFeature = {
    code: string;
    name: string;
    type: 'boolean' | 'metered' | 'allocated';
    /**
     * The name of one unit, such as `message`.
     */
    unit: string | null;
    /**
     * Null is unlimited.
     */
    quota_limit: number | null;
    /**
     * Whether the limit is that of one unit, and counts times the quantity.
     */
    per_quantity: boolean;
    reset: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never';
    overage: 'refuse' | 'allow' | 'bill';
};

export type UsagePrice = {
    /**
     * The code of the feature.
     */
    feature: string;
    model: 'per_unit' | 'package' | 'graduated' | 'volume';
    /**
     * Of each unit, or of each package, in minor units. Null for tiers.
     */
    unit_amount_decimal: string | null;
    /**
     * The units of a package.
     */
    package_size: number | null;
    /**
     * Whether a package that was begun is charged.
     */
    round: 'up' | 'down' | null;
    tiers: Array<{
        /**
         * The last unit, counted from the first beyond the limit. Null: no end.
         */
        up_to: number | null;
        unit_amount_decimal: string;
        flat_amount_minor: number;
    }>;
};

export type Offer = {
    version: number;
    /**
     * `monthly`, `yearly`, or a count of units, at most three years.
     */
    period: 'monthly' | 'yearly' | {
        every: number;
        unit: 'day' | 'week' | 'month' | 'year';
    };
    price: Price;
    features: Array<PlanFeature>;
    /**
     * The prices of usage beyond the limits, which is charged at the end of the period.
     */
    usage_prices: Array<UsagePrice>;
    /**
     * When the offer ends. Null: never.
     */
    ends_at: string | null;
};

export type Addon = {
    id: string;
    slug: string;
    name: string;
    version: number;
    /**
     * `monthly`, `yearly`, or a count of units, at most three years.
     */
    period: 'monthly' | 'yearly' | {
        every: number;
        unit: 'day' | 'week' | 'month' | 'year';
    };
    price: Price;
    features: Array<PlanFeature>;
};

export type CheckoutChange = {
    /**
     * `change`: a preview, nothing has changed. `changed`: the change was carried out.
     */
    kind: 'change' | 'changed';
    subscription_id: string;
    status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
    /**
     * The cost of the change. Null in a repeat of a change that was carried out.
     */
    preview: PlanChangePreview | null;
    /**
     * Send the same request with this to carry the change out. Null afterwards.
     */
    confirm: PlanChangeConfirmation | null;
    /**
     * The subscription after the change. Null for a preview.
     */
    subscription: Subscription | null;
};

export type PlanChangePreview = {
    /**
     * The slug of the new plan.
     */
    plan: string;
    when: 'now' | 'period_end';
    takes_effect_at: string;
    /**
     * Send it with the change to charge exactly the previewed amount. Null if nothing is charged now.
     */
    proration_date: string | null;
    amount_due: Price & unknown;
    /**
     * The sum of all lines, in minor units.
     */
    subtotal_minor: number;
    /**
     * All taxes in minor units, also those that the prices include.
     */
    tax_minor: number;
    /**
     * The amount before the customer’s balance, in minor units.
     */
    total_minor: number;
    lines: Array<{
        description: string;
        /**
         * In minor units; negative for a credit.
         */
        amount_minor: number;
        period: {
            start: string;
            end: string;
        };
    }>;
    next_price: Price & unknown;
};

export type PlanChangeConfirmation = {
    when: 'now' | 'period_end';
    takes_effect_at: string;
    proration_date: string | null;
    amount_due: {
        amount_minor: number;
        currency: string;
    };
    next_price: {
        amount_minor: number;
        currency: string;
    };
};

export type Checkout = {
    kind: 'checkout';
    subscription_id: string;
    status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
    /**
     * The Stripe Checkout page; null for a free plan.
     */
    checkout_url: string | null;
    expires_at: string | null;
    /**
     * The days of the free trial on this page; 0 when the plan has none, or this customer had one before.
     */
    trial_days: number;
};

export type CheckoutConflict = Problem & {
    preview?: PlanChangePreview;
    confirm?: PlanChangeConfirmation;
};

export type CheckoutRequest = {
    /**
     * The slug or the id of a plan.
     */
    plan_id: string;
    /**
     * Where Stripe sends the customer after the payment.
     */
    success_url?: string | null;
    /**
     * Where Stripe sends a customer who does not pay.
     */
    cancel_url?: string | null;
    email?: string | null;
    /**
     * The language of e-mails: `en` or `pt`, optionally with a region, such as `pt-BR`. Without it, a new customer gets the first of these in `Accept-Language`.
     */
    locale?: string | null;
    /**
     * An IANA time zone, such as `America/Sao_Paulo`. Quotas that reset by hour, day, week or month reset in it.
     */
    time_zone?: string | null;
    /**
     * One of the plan’s `currencies`; by default the first one.
     */
    currency?: string | null;
    /**
     * How many units of the plan; 1 by default. A change of plan keeps the present quantity by default.
     */
    quantity?: number | null;
    /**
     * Add-ons to buy with the plan. Not with a plan that has a trial: add them when it is paid.
     */
    addons?: Array<{
        /**
         * The add-on, by its slug or id.
         */
        plan_id: string;
        quantity?: number | null;
    }> | null;
    /**
     * The code of a Stripe promotion code, as customers type it, such as `SPRING`.
     */
    promotion_code?: string | null;
    /**
     * The id of a Stripe coupon. Only for API keys, not for users’ tokens.
     */
    coupon?: string | null;
    /**
     * Whether the page has a field for a promotion code. Not together with `promotion_code` or `coupon`.
     */
    allow_promotion_codes?: boolean | null;
    /**
     * `if_required` starts a trial without a payment method. Only for API keys, not for users’ tokens.
     */
    payment_method_collection?: 'always' | 'if_required' | null;
    /**
     * Whether Stripe calculates the tax; by default as the deployment says. Only for API keys, not for users’ tokens.
     */
    automatic_tax?: boolean | null;
    /**
     * Whether the page asks businesses for a tax id; by default as the deployment says. Only for API keys.
     */
    tax_id_collection?: boolean | null;
    /**
     * `required` asks for the whole billing address; by default as the deployment says. Only for API keys.
     */
    billing_address_collection?: 'auto' | 'required' | null;
    /**
     * For a customer with a paid plan of this product line. `refuse`, the default: 409 `subscription_exists`. `change`: the answer is a preview of the change to this plan, and nothing changes.
     */
    if_subscribed?: 'refuse' | 'change' | null;
    /**
     * The `confirm` of a preview, with `if_subscribed: change` and a new Idempotency-Key. Changes the plan if the terms are still exactly these. Otherwise nothing changes: 409 `moved_on` with the new preview.
     */
    confirm?: {
        when: 'now' | 'period_end';
        takes_effect_at: string;
        proration_date: string | null;
        amount_due: {
            amount_minor: number;
            currency: string;
        };
        next_price: {
            amount_minor: number;
            currency: string;
        };
    } | null;
};

export type CancellationRequest = {
    /**
     * `now`, `period_end`, or a time in the future.
     */
    when: 'now' | 'period_end' | string;
};

export type SubscriptionKept = Subscription & {
    /**
     * The plan change that does not return; absent if there is none.
     */
    dropped_change?: {
        /**
         * The slug of its plan.
         */
        plan: string;
        at: string;
        /**
         * Its time has passed, or its version is no longer offered to the user.
         */
        because: 'time_passed' | 'plan_not_offered';
    };
};

export type CancellationPreview = {
    /**
     * When the subscription ends.
     */
    ends_at: string;
    /**
     * When access ends; null if the user has no access now.
     */
    access_until: string | null;
    /**
     * When `amount_due` is charged: at the end of the subscription, or of the current period if that is sooner.
     */
    invoiced_at: string;
    amount_due: Price & unknown;
    /**
     * The sum of all lines, in minor units.
     */
    subtotal_minor: number;
    /**
     * All taxes in minor units, also those that the prices include.
     */
    tax_minor: number;
    /**
     * The amount before the customer’s balance, in minor units.
     */
    total_minor: number;
    lines: Array<{
        description: string;
        /**
         * In minor units; negative for a credit.
         */
        amount_minor: number;
        period: {
            start: string;
            end: string;
        };
    }>;
    credited: Price & unknown;
};

export type ItemsRequest = {
    /**
     * The plan; by default the present version stays.
     */
    plan_id?: string | null;
    /**
     * By default an upgrade takes effect now and a downgrade at the end of the period. Only operators may send `now` for a downgrade.
     */
    when?: 'now' | 'period_end' | null;
    /**
     * How many units of the plan, such as seats; by default unchanged. With the current plan, only the quantity changes: more units now, fewer at the end of the period.
     */
    quantity?: number | null;
    /**
     * The time as of which Stripe calculates the proration. Send the value of a preview, at most 60 minutes old, to charge exactly the previewed amount.
     */
    proration_date?: string | null;
    /**
     * All add-ons after the change, so an add-on that is left out ends. By default the present ones stay. An add-on that stays keeps its version.
     */
    addons?: Array<{
        /**
         * The add-on, by its slug or id.
         */
        plan_id: string;
        quantity?: number | null;
    }> | null;
};

export type PlanChangeRequest = {
    /**
     * The slug or the id of a plan.
     */
    plan_id: string;
    /**
     * By default an upgrade takes effect now and a downgrade at the end of the period. Only operators may send `now` for a downgrade.
     */
    when?: 'now' | 'period_end' | null;
    /**
     * How many units of the plan, such as seats; by default unchanged. With the current plan, only the quantity changes: more units now, fewer at the end of the period.
     */
    quantity?: number | null;
    /**
     * The time as of which Stripe calculates the proration. Send the value of a preview, at most 60 minutes old, to charge exactly the previewed amount.
     */
    proration_date?: string | null;
};

export type PauseRequest = {
    /**
     * When the subscription resumes automatically, at most 366 days ahead. Without it the pause lasts until DELETE resumes it.
     */
    resumes_at?: string | null;
};

export type TrialRequest = {
    /**
     * The new end, in the future and within two years.
     */
    ends_at: string;
};

export type ChangeExplanation = {
    subscription_id: string;
    seq: number;
    at: string;
    kind: 'checkout_opened' | 'checkout_expired' | 'imported' | 'activated' | 'trial_started' | 'renewed' | 'payment_failed' | 'payment_retry_failed' | 'payment_action_required' | 'recovered' | 'access_ended' | 'paid_after_end' | 'payment_refunded' | 'refund_failed' | 'invoice_credited' | 'dispute_opened' | 'dispute_closed' | 'plan_changed' | 'quantity_changed' | 'addons_changed' | 'cancellation_scheduled' | 'cancellation_withdrawn' | 'plan_change_scheduled' | 'plan_change_awaits_payment' | 'plan_change_withdrawn' | 'plan_change_lapsed' | 'plan_change_dropped' | 'paused' | 'resumed' | 'trial_extended' | 'trial_ending' | 'expired' | 'canceled' | 'status_changed' | 'payment_processing' | 'payment_refused_by_bank' | 'collection_paused' | 'collection_resumed' | 'quota_threshold' | 'granted' | 'customer_updated' | 'drifted';
    actor: 'user' | 'stripe' | 'time' | 'operator';
    cause: string;
    /**
     * The name of the API key that sent the command, or who asked in the Temporal UI. Null without a command, and for a user’s token.
     */
    requested_by: {
        key_name: string | null;
        asked_by: string | null;
    } | null;
    /**
     * Null if the decision was not recorded: the change is older than the records, or its entry is about an invoice, a grant or the customer.
     */
    decision: {
        /**
         * The name of the rule that made the change.
         */
        rule: string;
        /**
         * The build that made it.
         */
        build: string;
        /**
         * The facts, the rule and the outcome, in English.
         */
        sentences: Array<string>;
        /**
         * Whether the present code makes the same decision again.
         */
        agrees: boolean;
        /**
         * The parts that the present code decides otherwise. A part that is absent is null; one with fields is JSON.
         */
        differences: Array<{
            part: string;
            recorded: string | null;
            now: string | null;
        }>;
    } | null;
};

export type Customer = {
    /**
     * The user’s id in your application.
     */
    user_id: string;
    email: string | null;
    /**
     * As your application set it; null if Stripe alone knows one.
     */
    name: string | null;
    locale: string;
    time_zone: string | null;
};

export type CustomerRequest = {
    /**
     * The address for e-mails. Without it, it stays.
     */
    email?: string | null;
    /**
     * The name on Stripe’s invoices. Without it, it stays.
     */
    name?: string | null;
};

export type Invoice = {
    id: string;
    subscription_id: string;
    number: string | null;
    /**
     * Stripe’s invoice status: `open`, `paid`, `void` or `uncollectible`.
     */
    status: string;
    /**
     * Stripe’s billing reason, such as `subscription_cycle` for a renewal.
     */
    reason: string;
    currency: string;
    /**
     * The sum of all lines, in minor units.
     */
    subtotal_minor: number | null;
    /**
     * The amount that coupons took off, in minor units.
     */
    discount_minor: number | null;
    /**
     * All taxes in minor units, also those that the prices include.
     */
    tax_minor: number | null;
    /**
     * The subtotal less the discount, plus the taxes that the prices do not include. Negative when the invoice adds to the customer’s credit.
     */
    total_minor: number | null;
    /**
     * In minor units.
     */
    amount_due_minor: number;
    /**
     * In minor units.
     */
    amount_paid_minor: number;
    /**
     * The refunded amount, in minor units.
     */
    amount_refunded_minor: number;
    /**
     * The amount of credit notes, in minor units.
     */
    amount_credited_minor: number;
    /**
     * The period that the invoice covers.
     */
    period: {
        start: string;
        end: string;
    };
    /**
     * The state of the payment’s collection.
     */
    collection: 'none' | 'processing' | 'action_required' | 'declined' | 'collected';
    attempt_count: number;
    /**
     * Null if Stripe does not try again automatically.
     */
    next_payment_attempt: string | null;
    /**
     * When an invoice that was sent has to be paid; null if it is charged automatically.
     */
    due_at: string | null;
    /**
     * Stripe’s page for the invoice, where an open invoice can be paid.
     */
    hosted_url: string | null;
    /**
     * Stripe’s status of the latest dispute.
     */
    dispute_status: string | null;
    /**
     * Whether a dispute about the payment is open.
     */
    is_disputed: boolean;
    created_at: string;
    paid_at: string | null;
};

export type Portal = {
    url: string;
};

export type PortalRequest = {
    /**
     * Where the portal’s link back to your site leads.
     */
    return_url: string;
};

export type ConsumeOutcome = {
    outcome: 'allowed' | 'refused';
    reason?: 'no_subscription' | 'no_access' | 'feature_not_in_plan' | 'feature_not_countable' | 'quota_exceeded' | 'more_than_used' | 'too_late' | 'in_the_future';
    used_amount: number;
    /**
     * Null is unlimited.
     */
    quota_limit: number | null;
    /**
     * The amount that can still be used: limit, rollover and grants minus usage and reservations. Null is unlimited.
     */
    remaining: number | null;
    /**
     * When usage resets to zero; null is never.
     */
    resets_at: string | null;
};

export type ConsumeRequest = {
    feature: string;
    amount?: number | null;
    /**
     * When the usage occurred; by default now. It counts in the window of that time. An event older than `USAGE_LATENESS_HOURS` is refused as `too_late`, one in the future as `in_the_future`.
     */
    occurred_at?: string | null;
};

export type BatchOutcome = {
    events: Array<{
        outcome: 'allowed' | 'refused';
        reason?: 'no_subscription' | 'no_access' | 'feature_not_in_plan' | 'feature_not_countable' | 'quota_exceeded' | 'more_than_used' | 'too_late' | 'in_the_future' | 'idempotency_key_reused';
        used_amount: number;
        /**
         * Null is unlimited.
         */
        quota_limit: number | null;
        /**
         * The amount that can still be used: limit, rollover and grants minus usage and reservations. Null is unlimited.
         */
        remaining: number | null;
        /**
         * When usage resets to zero; null is never.
         */
        resets_at: string | null;
    }>;
};

export type BatchRequest = {
    events: Array<{
        feature: string;
        amount?: number | null;
        /**
         * When the usage occurred; by default now. It counts in the window of that time. An event older than `USAGE_LATENESS_HOURS` is refused as `too_late`, one in the future as `in_the_future`.
         */
        occurred_at?: string | null;
        idempotency_key: string;
    }>;
};

export type ReleaseRequest = {
    feature: string;
    amount?: number | null;
    /**
     * When the usage occurred; by default now. It counts in the window of that time. An event older than `USAGE_LATENESS_HOURS` is refused as `too_late`, one in the future as `in_the_future`.
     */
    occurred_at?: string | null;
};

export type ReservationOutcome = {
    outcome: 'allowed' | 'refused';
    reason?: 'no_subscription' | 'no_access' | 'feature_not_in_plan' | 'feature_not_countable' | 'quota_exceeded' | 'more_than_used' | 'too_late' | 'in_the_future';
    /**
     * Null if nothing was reserved.
     */
    reservation: {
        id: string;
        state: 'held' | 'settled' | 'released' | 'expired';
        amount: number;
        settled_amount: number | null;
        expires_at: string;
    } | null;
    /**
     * The part of the settled amount beyond the limit and all grants. It is recorded, and billed where the plan says `overage: bill`.
     */
    overage?: number;
    used_amount: number;
    /**
     * Null is unlimited.
     */
    quota_limit: number | null;
    /**
     * The amount that can still be used: limit, rollover and grants minus usage and reservations. Null is unlimited.
     */
    remaining: number | null;
    /**
     * When usage resets to zero; null is never.
     */
    resets_at: string | null;
};

export type ReservationRequest = {
    feature: string;
    amount?: number | null;
    /**
     * Seconds after which the reservation expires and its amount is free again.
     */
    expires_in?: number | null;
};

export type SettlementRequest = {
    amount: number;
};

export type CheckRequest = {
    feature: string;
    amount?: number | null;
};

export type Usage = {
    subscription_id: string;
    plan: string;
    status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
    features: Array<{
        code: string;
        type: 'boolean' | 'metered' | 'allocated';
        used_amount: number;
        /**
         * Null is unlimited.
         */
        quota_limit: number | null;
        /**
         * The amount that can still be used: limit, rollover and grants minus usage and reservations. Null is unlimited.
         */
        remaining: number | null;
        /**
         * When usage resets to zero; null is never.
         */
        resets_at: string | null;
        /**
         * The unused amount that rolled over from the previous window.
         */
        rolled_over_amount: number;
        /**
         * The remaining amount of grants, which are used after the limit.
         */
        granted_remaining: number;
        /**
         * The amount of open reservations.
         */
        held_amount: number;
        /**
         * The part of `used_amount` beyond the limit and all grants.
         */
        overage_amount: number;
        /**
         * From `start` up to, but not including, `end`. Null if the feature is not counted or never resets.
         */
        window: {
            start: string;
            end: string;
        } | null;
    }>;
    /**
     * The cost of usage beyond the limits in the open period, before discounts and taxes. Null for a plan without usage prices.
     */
    estimate: UsageEstimate | null;
};

export type UsageEstimate = {
    currency: string;
    period: {
        start: string;
        end: string;
    };
    /**
     * So far, in minor units.
     */
    amount_minor: number;
    /**
     * At the end of the period, if usage continues at its rate until now.
     */
    projected_amount_minor: number;
    features: Array<{
        code: string;
        /**
         * Units beyond the limit so far.
         */
        quantity: number;
        amount_minor: number;
        projected_quantity: number;
        projected_amount_minor: number;
        /**
         * The lines of the invoice, as if the period ended now.
         */
        lines: Array<{
            /**
             * Counted from 1. Null for a price without tiers.
             */
            tier: number | null;
            /**
             * Units, or packages; 1 for a flat amount.
             */
            quantity: number;
            /**
             * In minor units. Null for a flat amount.
             */
            unit_amount_decimal: string | null;
            amount_minor: number;
        }>;
    }>;
};

export type UsageHistory = {
    feature: string;
    bucket: 'hour' | 'day' | 'month';
    buckets: Array<{
        start: string;
        end: string;
        /**
         * Without returned usage; can be negative.
         */
        used_amount: number;
        overage_amount: number;
        events: number;
    }>;
};

export type Grant = {
    id: string;
    user_id: string;
    feature: string;
    amount: number;
    used_amount: number;
    /**
     * The amount that can still be used; 0 if the grant is expired or revoked.
     */
    remaining: number;
    expires_at: string | null;
    reason: string;
    created_at: string;
    revoked_at: string | null;
};

export type GrantRequest = {
    user_id: string;
    feature: string;
    amount: number;
    /**
     * When it expires; null is never.
     */
    expires_at?: string | null;
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type Override = {
    user_id: string;
    feature: string;
    /**
     * Null is unlimited, and for a boolean feature.
     */
    quota_limit: number | null;
    /**
     * Whether a boolean feature is on; null for a counted one.
     */
    enabled: boolean | null;
    expires_at: string | null;
    reason: string;
    created_at: string;
};

export type OverrideRequest = {
    /**
     * The limit of a counted feature; null is unlimited.
     */
    quota_limit?: number | null;
    /**
     * Whether a boolean feature is on.
     */
    enabled?: boolean | null;
    /**
     * When it expires; null is never.
     */
    expires_at?: string | null;
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type OperatorActions = {
    actions: Array<{
        id: number;
        at: string;
        /**
         * The operator’s API key; null if the service acted by itself, or an operator in the Temporal UI.
         */
        key_id: string | null;
        /**
         * The name that an operator without an API key has given.
         */
        asked_by: string | null;
        action: 'grant' | 'revoke_grant' | 'set_override' | 'remove_override' | 'cancel' | 'withdraw_cancellation' | 'change_plan' | 'change_items' | 'withdraw_plan_change' | 'pause' | 'resume' | 'extend_trial' | 'end_trial' | 'sync' | 'force_cancel' | 'change_collection' | 'change_customer' | 'refund_invoice' | 'credit_invoice' | 'steer_plan_migration' | 'create_webhook_endpoint' | 'change_webhook_endpoint' | 'delete_webhook_endpoint' | 'disable_webhook_endpoint' | 'enable_webhook_endpoint' | 'rotate_webhook_secret' | 'replay_webhook_deliveries';
        user_id: string | null;
        before: {
            [key: string]: unknown;
        } | null;
        after: {
            [key: string]: unknown;
        } | null;
    }>;
};

export type StripeEvent = {
    event_id: string;
    type: string;
    livemode: boolean;
    /**
     * `received`: not yet forwarded to its workflow. `forwarded`: not yet applied. `done`: applied, or nothing to do. `parked`: stored and not applied, because of `reason`.
     */
    state: 'received' | 'forwarded' | 'done' | 'parked';
    reason: string | null;
    last_error: string | null;
    attempts: number;
    /**
     * When it is forwarded next, if it is `received` or `forwarded`.
     */
    due_at: string;
    /**
     * When Stripe has created the event.
     */
    created_at: string;
    received_at: string;
    subscription_id: string | null;
    /**
     * The Stripe ids in the event.
     */
    object_ids: {
        [key: string]: string | null;
    };
};

export type RedriveRequest = {
    event_ids: Array<string>;
} | {
    /**
     * All events that are parked for this reason.
     */
    reason: string;
};

export type StripePrice = {
    price_id: string;
    plan: string;
    version: number;
    created_at: string;
};

export type StripePriceRequest = {
    /**
     * The slug or the id of a plan on sale.
     */
    plan_id: string;
};

export type DriftFinding = {
    /**
     * Identifies the difference. The same difference always has the same key.
     */
    key: string;
    kind: 'differs' | 'bill_differs' | 'customer_differs' | 'unnamed_at_stripe' | 'gone_at_stripe' | 'over_here_live_there' | 'missing_here' | 'no_workflow' | 'no_row' | 'unknown_customer' | 'unknown_price' | 'price_differs' | 'plan_unclear' | 'foreign_item' | 'foreign_subscription' | 'second_subscription' | 'second_customer' | 'extra_refunded' | 'plan_differs' | 'collection_paused' | 'tax_not_calculated' | 'usage_not_billed' | 'usage_item_missing' | 'meter_too_low' | 'meter_too_high';
    subscription_id: string | null;
    stripe_id: string | null;
    /**
     * A description for operators.
     */
    detail: string;
    /**
     * The repair. `adopt`: apply Stripe’s state here. `import`: import the subscription from Stripe. `push`: write our state to Stripe. `operator`: an operator must decide, as always if money would move.
     */
    remedy: 'adopt' | 'import' | 'push' | 'operator';
    /**
     * `open`; `repaired` by the service; `resolved` without a repair; `dismissed` by an operator.
     */
    state: 'open' | 'repaired' | 'resolved' | 'dismissed';
    found_at: string;
    /**
     * When the difference was last seen.
     */
    seen_at: string;
    closed_at: string | null;
    closed_by: string | null;
};

export type DriftDismissal = {
    keys: Array<string>;
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type Reconciliation = {
    id: string;
    /**
     * The operator or the event that has started it.
     */
    cause: string;
    dry_run: boolean;
    started_at: string;
    finished_at: string | null;
    /**
     * The number of objects that Stripe has listed.
     */
    listed: number;
    /**
     * The number of differences.
     */
    found: number;
    repaired: number;
};

export type ReconciliationRequest = {
    /**
     * `import` only looks for subscriptions that are missing here.
     */
    scope?: 'all' | 'import' | null;
    /**
     * Whether to report differences without repairing them.
     */
    dry_run?: boolean | null;
    /**
     * Further differences are reported and left for the next reconciliation.
     */
    repairs_max?: number | null;
};

export type SyncFigures = {
    inbox: {
        /**
         * Not yet forwarded to their workflows.
         */
        received: number;
        /**
         * Forwarded and not yet applied.
         */
        forwarded: number;
        parked: number;
        /**
         * The age of the oldest event that is not yet applied.
         */
        lag_seconds: number;
    };
    /**
     * Stripe’s list of events was read up to this time; null before the first reading.
     */
    events_read_to: string | null;
    /**
     * The number of open differences of each kind.
     */
    drift: Array<{
        kind: 'differs' | 'bill_differs' | 'customer_differs' | 'unnamed_at_stripe' | 'gone_at_stripe' | 'over_here_live_there' | 'missing_here' | 'no_workflow' | 'no_row' | 'unknown_customer' | 'unknown_price' | 'price_differs' | 'plan_unclear' | 'foreign_item' | 'foreign_subscription' | 'second_subscription' | 'second_customer' | 'extra_refunded' | 'plan_differs' | 'collection_paused' | 'tax_not_calculated' | 'usage_not_billed' | 'usage_item_missing' | 'meter_too_low' | 'meter_too_high';
        open: number;
    }>;
    /**
     * When the last full comparison with Stripe has finished.
     */
    compared_at: string | null;
};

export type CatalogueChanges = {
    changes: Array<{
        id: number;
        at: string;
        /**
         * The id of an API key, or the name of a CLI command.
         */
        by: string;
        kind: string;
        /**
         * The code of a feature, the slug of a plan, or a version such as `plan_pro/2`.
         */
        subject: string;
        before: {
            [key: string]: unknown;
        } | null;
        after: {
            [key: string]: unknown;
        } | null;
    }>;
};

export type CatalogueFile = {
    /**
     * By code.
     */
    features: {
        [key: string]: {
            [key: string]: unknown;
        };
    };
    /**
     * By slug.
     */
    plans: {
        [key: string]: {
            [key: string]: unknown;
        };
    };
};

export type CatalogueComparison = {
    changes: Array<{
        kind: 'feature' | 'plan' | 'version' | 'retirement' | 'deletion';
        /**
         * The code of a feature, or the slug of a plan.
         */
        subject: string;
        /**
         * The change in words, with the values before and after.
         */
        lines: Array<string>;
    }>;
    /**
     * Plans on sale that stay as they are.
     */
    left_alone: Array<string>;
    /**
     * Send it with the application to make exactly these changes, or none.
     */
    fingerprint: string;
};

export type CataloguePlanRequest = {
    /**
     * Features and plans in the form of `catalogue.yaml`. Plans and features that it does not name stay as they are.
     */
    catalogue: {
        features?: {
            [key: string]: {
                name: string;
                /**
                 * `boolean` is on or off, `metered` is used up and reset, `allocated` is held.
                 */
                type: 'boolean' | 'metered' | 'allocated';
                unit?: string | null;
                /**
                 * The event name of the meter at Stripe; null is the code.
                 */
                meter_event_name?: string | null;
            };
        };
        plans?: {
            [key: string]: {
                name: string;
                rank: number;
                product_line?: string;
                kind?: 'base' | 'addon';
                fits?: Array<string> | null;
                auto_attach?: boolean;
                /**
                 * `monthly`, `yearly`, or a count of units, at most three years.
                 */
                period: 'monthly' | 'yearly' | {
                    every: number;
                    unit: 'day' | 'week' | 'month' | 'year';
                };
                price: {
                    /**
                     * In minor units: 2000 is $20.00.
                     */
                    amount_minor: number;
                    currency: string;
                };
                trial_days?: number;
                usage_prices?: {
                    [key: string]: {
                        /**
                         * `per_unit`; `package` charges packages of units; `graduated` charges each unit at its own tier, `volume` all at the tier of the last one.
                         */
                        model: 'per_unit' | 'package' | 'graduated' | 'volume';
                        /**
                         * Of each unit, or of each package, in minor units. Null for tiers.
                         */
                        unit_amount_decimal?: string | null;
                        /**
                         * In units.
                         */
                        package_size?: number | null;
                        /**
                         * Whether a package that was begun is charged; by itself `up`.
                         */
                        round?: 'up' | 'down' | null;
                        tiers?: Array<{
                            /**
                             * The last unit, counted from the first beyond the limit; null in the last tier.
                             */
                            up_to?: number | null;
                            /**
                             * In minor units, with at most twelve decimals: `0.5` is half a cent.
                             */
                            unit_amount_decimal?: string;
                            /**
                             * Added once when the tier is reached. Not in the first tier.
                             */
                            flat_amount_minor?: number;
                        }>;
                    };
                };
                other_prices?: Array<{
                    /**
                     * In minor units: 2000 is $20.00.
                     */
                    amount_minor: number;
                    currency: string;
                    usage_prices?: {
                        [key: string]: {
                            /**
                             * `per_unit`; `package` charges packages of units; `graduated` charges each unit at its own tier, `volume` all at the tier of the last one.
                             */
                            model: 'per_unit' | 'package' | 'graduated' | 'volume';
                            /**
                             * Of each unit, or of each package, in minor units. Null for tiers.
                             */
                            unit_amount_decimal?: string | null;
                            /**
                             * In units.
                             */
                            package_size?: number | null;
                            /**
                             * Whether a package that was begun is charged; by itself `up`.
                             */
                            round?: 'up' | 'down' | null;
                            tiers?: Array<{
                                /**
                                 * The last unit, counted from the first beyond the limit; null in the last tier.
                                 */
                                up_to?: number | null;
                                /**
                                 * In minor units, with at most twelve decimals: `0.5` is half a cent.
                                 */
                                unit_amount_decimal?: string;
                                /**
                                 * Added once when the tier is reached. Not in the first tier.
                                 */
                                flat_amount_minor?: number;
                            }>;
                        };
                    };
                    /**
                     * `monthly`, `yearly`, or a count of units, at most three years.
                     */
                    period?: 'monthly' | 'yearly' | {
                        every: number;
                        unit: 'day' | 'week' | 'month' | 'year';
                    };
                    trial_days?: number;
                    features?: {
                        [key: string]: {
                            /**
                             * Null is unlimited.
                             */
                            quota_limit?: number | null;
                            /**
                             * When counting starts again: by itself `period`, and `never` for what is held.
                             */
                            reset?: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never';
                            /**
                             * Beyond the limit: `allow` is a soft limit, `bill` reports it to Stripe’s meter.
                             */
                            overage?: 'refuse' | 'allow' | 'bill';
                            /**
                             * At most so much of what is left goes over into the next window.
                             */
                            rollover_max?: number | null;
                            /**
                             * In per cent of the limit, ascending; by itself 80 and 100.
                             */
                            alert_thresholds?: Array<number>;
                            /**
                             * A reservation that is settled above what is left: `overflow` counts it as overage, `strict` refuses it. By itself as `RESERVATION_SETTLE` says.
                             */
                            settle?: 'strict' | 'overflow' | null;
                            /**
                             * Whether `quota_limit` and `rollover_max` are those of one unit, and count times the quantity of the subscription.
                             */
                            per_quantity?: boolean;
                        } | null;
                    };
                }>;
                features: {
                    [key: string]: {
                        /**
                         * Null is unlimited.
                         */
                        quota_limit?: number | null;
                        /**
                         * When counting starts again: by itself `period`, and `never` for what is held.
                         */
                        reset?: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never';
                        /**
                         * Beyond the limit: `allow` is a soft limit, `bill` reports it to Stripe’s meter.
                         */
                        overage?: 'refuse' | 'allow' | 'bill';
                        /**
                         * At most so much of what is left goes over into the next window.
                         */
                        rollover_max?: number | null;
                        /**
                         * In per cent of the limit, ascending; by itself 80 and 100.
                         */
                        alert_thresholds?: Array<number>;
                        /**
                         * A reservation that is settled above what is left: `overflow` counts it as overage, `strict` refuses it. By itself as `RESERVATION_SETTLE` says.
                         */
                        settle?: 'strict' | 'overflow' | null;
                        /**
                         * Whether `quota_limit` and `rollover_max` are those of one unit, and count times the quantity of the subscription.
                         */
                        per_quantity?: boolean;
                    } | null;
                };
            };
        };
    };
    /**
     * Also retires plans on sale and deletes unused features that it does not name.
     */
    prune?: boolean | null;
};

export type CatalogueChangesMade = {
    changes: Array<{
        kind: 'feature' | 'plan' | 'version' | 'retirement' | 'deletion';
        /**
         * The code of a feature, or the slug of a plan.
         */
        subject: string;
        /**
         * The change in words, with the values before and after.
         */
        lines: Array<string>;
    }>;
};

export type CatalogueApplication = {
    /**
     * Features and plans in the form of `catalogue.yaml`. Plans and features that it does not name stay as they are.
     */
    catalogue: {
        features?: {
            [key: string]: {
                name: string;
                /**
                 * `boolean` is on or off, `metered` is used up and reset, `allocated` is held.
                 */
                type: 'boolean' | 'metered' | 'allocated';
                unit?: string | null;
                /**
                 * The event name of the meter at Stripe; null is the code.
                 */
                meter_event_name?: string | null;
            };
        };
        plans?: {
            [key: string]: {
                name: string;
                rank: number;
                product_line?: string;
                kind?: 'base' | 'addon';
                fits?: Array<string> | null;
                auto_attach?: boolean;
                /**
                 * `monthly`, `yearly`, or a count of units, at most three years.
                 */
                period: 'monthly' | 'yearly' | {
                    every: number;
                    unit: 'day' | 'week' | 'month' | 'year';
                };
                price: {
                    /**
                     * In minor units: 2000 is $20.00.
                     */
                    amount_minor: number;
                    currency: string;
                };
                trial_days?: number;
                usage_prices?: {
                    [key: string]: {
                        /**
                         * `per_unit`; `package` charges packages of units; `graduated` charges each unit at its own tier, `volume` all at the tier of the last one.
                         */
                        model: 'per_unit' | 'package' | 'graduated' | 'volume';
                        /**
                         * Of each unit, or of each package, in minor units. Null for tiers.
                         */
                        unit_amount_decimal?: string | null;
                        /**
                         * In units.
                         */
                        package_size?: number | null;
                        /**
                         * Whether a package that was begun is charged; by itself `up`.
                         */
                        round?: 'up' | 'down' | null;
                        tiers?: Array<{
                            /**
                             * The last unit, counted from the first beyond the limit; null in the last tier.
                             */
                            up_to?: number | null;
                            /**
                             * In minor units, with at most twelve decimals: `0.5` is half a cent.
                             */
                            unit_amount_decimal?: string;
                            /**
                             * Added once when the tier is reached. Not in the first tier.
                             */
                            flat_amount_minor?: number;
                        }>;
                    };
                };
                other_prices?: Array<{
                    /**
                     * In minor units: 2000 is $20.00.
                     */
                    amount_minor: number;
                    currency: string;
                    usage_prices?: {
                        [key: string]: {
                            /**
                             * `per_unit`; `package` charges packages of units; `graduated` charges each unit at its own tier, `volume` all at the tier of the last one.
                             */
                            model: 'per_unit' | 'package' | 'graduated' | 'volume';
                            /**
                             * Of each unit, or of each package, in minor units. Null for tiers.
                             */
                            unit_amount_decimal?: string | null;
                            /**
                             * In units.
                             */
                            package_size?: number | null;
                            /**
                             * Whether a package that was begun is charged; by itself `up`.
                             */
                            round?: 'up' | 'down' | null;
                            tiers?: Array<{
                                /**
                                 * The last unit, counted from the first beyond the limit; null in the last tier.
                                 */
                                up_to?: number | null;
                                /**
                                 * In minor units, with at most twelve decimals: `0.5` is half a cent.
                                 */
                                unit_amount_decimal?: string;
                                /**
                                 * Added once when the tier is reached. Not in the first tier.
                                 */
                                flat_amount_minor?: number;
                            }>;
                        };
                    };
                    /**
                     * `monthly`, `yearly`, or a count of units, at most three years.
                     */
                    period?: 'monthly' | 'yearly' | {
                        every: number;
                        unit: 'day' | 'week' | 'month' | 'year';
                    };
                    trial_days?: number;
                    features?: {
                        [key: string]: {
                            /**
                             * Null is unlimited.
                             */
                            quota_limit?: number | null;
                            /**
                             * When counting starts again: by itself `period`, and `never` for what is held.
                             */
                            reset?: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never';
                            /**
                             * Beyond the limit: `allow` is a soft limit, `bill` reports it to Stripe’s meter.
                             */
                            overage?: 'refuse' | 'allow' | 'bill';
                            /**
                             * At most so much of what is left goes over into the next window.
                             */
                            rollover_max?: number | null;
                            /**
                             * In per cent of the limit, ascending; by itself 80 and 100.
                             */
                            alert_thresholds?: Array<number>;
                            /**
                             * A reservation that is settled above what is left: `overflow` counts it as overage, `strict` refuses it. By itself as `RESERVATION_SETTLE` says.
                             */
                            settle?: 'strict' | 'overflow' | null;
                            /**
                             * Whether `quota_limit` and `rollover_max` are those of one unit, and count times the quantity of the subscription.
                             */
                            per_quantity?: boolean;
                        } | null;
                    };
                }>;
                features: {
                    [key: string]: {
                        /**
                         * Null is unlimited.
                         */
                        quota_limit?: number | null;
                        /**
                         * When counting starts again: by itself `period`, and `never` for what is held.
                         */
                        reset?: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never';
                        /**
                         * Beyond the limit: `allow` is a soft limit, `bill` reports it to Stripe’s meter.
                         */
                        overage?: 'refuse' | 'allow' | 'bill';
                        /**
                         * At most so much of what is left goes over into the next window.
                         */
                        rollover_max?: number | null;
                        /**
                         * In per cent of the limit, ascending; by itself 80 and 100.
                         */
                        alert_thresholds?: Array<number>;
                        /**
                         * A reservation that is settled above what is left: `overflow` counts it as overage, `strict` refuses it. By itself as `RESERVATION_SETTLE` says.
                         */
                        settle?: 'strict' | 'overflow' | null;
                        /**
                         * Whether `quota_limit` and `rollover_max` are those of one unit, and count times the quantity of the subscription.
                         */
                        per_quantity?: boolean;
                    } | null;
                };
            };
        };
    };
    /**
     * Also retires plans on sale and deletes unused features that it does not name.
     */
    prune?: boolean | null;
    /**
     * Of a comparison: `moved_on` if the catalogue or the request has changed since. Without it, the changes are made to the catalogue as it is.
     */
    fingerprint?: string | null;
};

export type PlanVersionAtStripe = {
    plan: string;
    version: number;
    stripe_price_id: string | null;
    /**
     * When the version was last pushed to Stripe; null if a push is pending.
     */
    pushed_at: string | null;
    compared_at: string | null;
    /**
     * A difference that was made at Stripe.
     */
    drift: string | null;
    /**
     * The error of the last push, which will be retried.
     */
    last_error: string | null;
};

export type Feature = {
    code: string;
    name: string;
    /**
     * `boolean` is on or off, `metered` is used up and reset, `allocated` is held.
     */
    type: 'boolean' | 'metered' | 'allocated';
    unit?: string | null;
    /**
     * The event name of the meter at Stripe; null is the code.
     */
    meter_event_name?: string | null;
};

export type FeatureRequest = {
    name: string;
    /**
     * `boolean` is on or off, `metered` is used up and reset, `allocated` is held.
     */
    type: 'boolean' | 'metered' | 'allocated';
    unit?: string | null;
    /**
     * The event name of the meter at Stripe; null is the code.
     */
    meter_event_name?: string | null;
};

export type CataloguePlan = {
    id: string;
    slug: string;
    /**
     * The name for customers, also at Stripe.
     */
    name: string;
    /**
     * A change to a plan with a higher rank is an upgrade.
     */
    rank: number;
    product_line: string;
    kind: 'base' | 'addon';
    fits: Array<string> | null;
    auto_attach: boolean;
    /**
     * Newest first.
     */
    versions: Array<PlanVersion>;
};

export type PlanVersion = {
    id: string;
    plan: string;
    version: number;
    state: 'draft' | 'published' | 'retired';
    /**
     * Whether new customers of the plan get this version.
     */
    on_sale: boolean;
    /**
     * The number of live subscriptions with this version.
     */
    subscribers: number;
    /**
     * `monthly`, `yearly`, or a count of units, at most three years.
     */
    period: 'monthly' | 'yearly' | {
        every: number;
        unit: 'day' | 'week' | 'month' | 'year';
    } | null;
    price: {
        amount_minor: number;
        currency: string;
    } | null;
    trial_days: number;
    features: Array<{
        code: string;
        /**
         * Null is unlimited.
         */
        quota_limit: number | null;
        reset: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never';
        overage: 'refuse' | 'allow' | 'bill';
        rollover_max: number | null;
        alert_thresholds: Array<number>;
        /**
         * Of reservations above what is left; null is the deployment’s policy.
         */
        settle: 'strict' | 'overflow' | null;
        per_quantity: boolean;
    }>;
    /**
     * The prices of usage beyond the limits, which is charged at the end of the period.
     */
    usage_prices: Array<UsagePrice>;
    /**
     * The only user who can get this version.
     */
    custom_for: string | null;
    custom_until: string | null;
    stripe_price_id: string | null;
    published_at: string | null;
    retired_at: string | null;
    created_at: string;
};

export type PlanRequest = {
    /**
     * The name for customers, also at Stripe.
     */
    name: string;
    /**
     * A change to a plan with a higher rank is an upgrade.
     */
    rank: number;
    /**
     * A user has at most one live subscription per product line.
     */
    product_line?: string | null;
    /**
     * An `addon` is added to a subscription of a `base` plan. Fixed once it is published.
     */
    kind?: 'base' | 'addon' | null;
    /**
     * The base plans that an add-on can be added to; null is every base plan of its product line.
     */
    fits?: Array<string> | null;
    /**
     * Whether a user without a live subscription of the product line has this free plan without a call: their first usage call begins it. At most one plan of a product line.
     */
    auto_attach?: boolean | null;
};

export type PlanVersionRequest = {
    /**
     * `monthly`, `yearly`, or a count of units, at most three years.
     */
    period?: 'monthly' | 'yearly' | {
        every: number;
        unit: 'day' | 'week' | 'month' | 'year';
    } | null;
    price?: {
        /**
         * In minor units: 2000 is $20.00.
         */
        amount_minor: number;
        currency: string;
    } | null;
    trial_days?: number | null;
    features?: Array<{
        code: string;
        /**
         * Null is unlimited.
         */
        quota_limit?: number | null;
        /**
         * When counting starts again: by itself `period`, and `never` for what is held.
         */
        reset?: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never' | null;
        /**
         * Beyond the limit: `allow` is a soft limit, `bill` reports it to Stripe’s meter.
         */
        overage?: 'refuse' | 'allow' | 'bill' | null;
        /**
         * At most so much of what is left goes over into the next window.
         */
        rollover_max?: number | null;
        /**
         * In per cent of the limit, ascending; by itself 80 and 100.
         */
        alert_thresholds?: Array<number> | null;
        /**
         * A reservation that is settled above what is left: `overflow` counts it as overage, `strict` refuses it. By itself as `RESERVATION_SETTLE` says.
         */
        settle?: 'strict' | 'overflow' | null;
        /**
         * Whether `quota_limit` and `rollover_max` are those of one unit, and count times the quantity of the subscription.
         */
        per_quantity?: boolean | null;
    }> | null;
    /**
     * The prices of usage beyond the limit, for metered features with `overage: bill`, in the currency of `price`.
     */
    usage_prices?: Array<{
        feature: string;
        /**
         * `per_unit`; `package` charges packages of units; `graduated` charges each unit at its own tier, `volume` all at the tier of the last one.
         */
        model: 'per_unit' | 'package' | 'graduated' | 'volume';
        /**
         * Of each unit, or of each package, in minor units. Null for tiers.
         */
        unit_amount_decimal?: string | null;
        /**
         * In units.
         */
        package_size?: number | null;
        /**
         * Whether a package that was begun is charged; by itself `up`.
         */
        round?: 'up' | 'down' | null;
        tiers?: Array<{
            /**
             * The last unit, counted from the first beyond the limit; null in the last tier.
             */
            up_to?: number | null;
            /**
             * In minor units, with at most twelve decimals: `0.5` is half a cent.
             */
            unit_amount_decimal?: string;
            /**
             * Added once when the tier is reached. Not in the first tier.
             */
            flat_amount_minor?: number;
        }> | null;
    }> | null;
};

export type OfferRequest = {
    /**
     * `monthly`, `yearly`, or a count of units, at most three years.
     */
    period?: 'monthly' | 'yearly' | {
        every: number;
        unit: 'day' | 'week' | 'month' | 'year';
    } | null;
    price?: {
        /**
         * In minor units: 2000 is $20.00.
         */
        amount_minor: number;
        currency: string;
    } | null;
    trial_days?: number | null;
    features?: Array<{
        code: string;
        /**
         * Null is unlimited.
         */
        quota_limit?: number | null;
        /**
         * When counting starts again: by itself `period`, and `never` for what is held.
         */
        reset?: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never' | null;
        /**
         * Beyond the limit: `allow` is a soft limit, `bill` reports it to Stripe’s meter.
         */
        overage?: 'refuse' | 'allow' | 'bill' | null;
        /**
         * At most so much of what is left goes over into the next window.
         */
        rollover_max?: number | null;
        /**
         * In per cent of the limit, ascending; by itself 80 and 100.
         */
        alert_thresholds?: Array<number> | null;
        /**
         * A reservation that is settled above what is left: `overflow` counts it as overage, `strict` refuses it. By itself as `RESERVATION_SETTLE` says.
         */
        settle?: 'strict' | 'overflow' | null;
        /**
         * Whether `quota_limit` and `rollover_max` are those of one unit, and count times the quantity of the subscription.
         */
        per_quantity?: boolean | null;
    }> | null;
    /**
     * The prices of usage beyond the limit, for metered features with `overage: bill`, in the currency of `price`.
     */
    usage_prices?: Array<{
        feature: string;
        /**
         * `per_unit`; `package` charges packages of units; `graduated` charges each unit at its own tier, `volume` all at the tier of the last one.
         */
        model: 'per_unit' | 'package' | 'graduated' | 'volume';
        /**
         * Of each unit, or of each package, in minor units. Null for tiers.
         */
        unit_amount_decimal?: string | null;
        /**
         * In units.
         */
        package_size?: number | null;
        /**
         * Whether a package that was begun is charged; by itself `up`.
         */
        round?: 'up' | 'down' | null;
        tiers?: Array<{
            /**
             * The last unit, counted from the first beyond the limit; null in the last tier.
             */
            up_to?: number | null;
            /**
             * In minor units, with at most twelve decimals: `0.5` is half a cent.
             */
            unit_amount_decimal?: string;
            /**
             * Added once when the tier is reached. Not in the first tier.
             */
            flat_amount_minor?: number;
        }> | null;
    }> | null;
    /**
     * When the offer ends; null is never. A subscription with this version then changes to the version on sale at the end of its period.
     */
    until?: string | null;
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type PlanMigration = {
    id: string;
    /**
     * `awaiting_approval` comes after the canary. A dry run ends as `reviewed`.
     */
    state: 'planning' | 'canary' | 'awaiting_approval' | 'moving' | 'paused' | 'rolling_back' | 'reviewed' | 'done' | 'stopped' | 'rolled_back';
    held_because: string | null;
    from: Array<{
        plan: string;
        version: number;
    }>;
    to: {
        plan: string;
        version: number;
    };
    when: 'now' | 'period_end';
    filter: {
        statuses: Array<'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled'> | null;
        user_ids: Array<string> | null;
        subscribed_since: string | null;
        subscribed_before: string | null;
    };
    dry_run: boolean;
    canary_percent: number;
    rate_per_minute: number;
    reason: string;
    /**
     * The API key of the operator.
     */
    by: string;
    created_at: string;
    updated_at: string;
    ended_at: string | null;
    report: {
        /**
         * The number of subscriptions that were checked so far.
         */
        total: number;
        canary: number;
        states: {
            pending?: number;
            moved?: number;
            scheduled?: number;
            awaiting_payment?: number;
            skipped?: number;
            failed?: number;
            rolled_back?: number;
            kept?: number;
            rollback_failed?: number;
        };
        /**
         * The number of subscriptions that are not migrated, by reason.
         */
        reasons: {
            [key: string]: number;
        };
        money: Array<{
            currency: string;
            subscriptions: number;
            /**
             * In minor units.
             */
            per_period_before_minor: number;
            /**
             * In minor units.
             */
            per_period_after_minor: number;
            /**
             * The charges of the migration itself, in minor units, before taxes, discounts and balances; negative for a credit.
             */
            due_now_minor: number;
        }>;
    };
};

export type PlanMigrationRequest = {
    from: Array<{
        plan: string;
        version: number;
    }>;
    to: {
        plan: string;
        version: number;
    };
    /**
     * `now` charges or credits the proration; `period_end` migrates at each renewal, without proration.
     */
    when?: 'now' | 'period_end' | null;
    /**
     * Limits the migration to some of the subscriptions. By default it migrates all.
     */
    filter?: {
        statuses?: Array<'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled'> | null;
        user_ids?: Array<string> | null;
        subscribed_since?: string | null;
        subscribed_before?: string | null;
    } | null;
    /**
     * Whether to report the outcome without migrating.
     */
    dry_run?: boolean | null;
    /**
     * The share that is migrated first, before the migration waits for approval. 0 migrates all without approval.
     */
    canary_percent?: number | null;
    rate_per_minute?: number | null;
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type PlanMigrationItem = {
    subscription_id: string;
    from: {
        plan: string;
        version: number;
    };
    /**
     * `kept`: the subscription has changed otherwise, so it is not migrated or not rolled back.
     */
    state: 'pending' | 'moved' | 'scheduled' | 'awaiting_payment' | 'skipped' | 'failed' | 'rolled_back' | 'kept' | 'rollback_failed';
    reason: string | null;
    canary: boolean;
    currency: string;
    /**
     * In minor units.
     */
    per_period_before_minor: number;
    /**
     * In minor units.
     */
    per_period_after_minor: number;
    /**
     * In minor units.
     */
    due_now_minor: number;
};

export type NewApiKey = ApiKey & {
    /**
     * The key itself. It is shown only in this response.
     */
    key: string;
};

export type ApiKey = {
    id: string;
    name: string;
    /**
     * The first characters of the key, to recognize it.
     */
    prefix: string;
    scopes: Array<'app' | 'operator' | 'read'>;
    created_at: string;
    /**
     * When the key expires; null is never.
     */
    expires_at: string | null;
    /**
     * Accurate to one minute.
     */
    last_used_at: string | null;
    revoked_at: string | null;
    /**
     * The key that this one replaces.
     */
    rotated_from: string | null;
};

export type ApiKeyRequest = {
    /**
     * A name that says who uses the key.
     */
    name: string;
    /**
     * `app` acts for users, `read` reads for users, `operator` administers the service.
     */
    scopes: Array<'app' | 'operator' | 'read'>;
    /**
     * When it expires; null is never.
     */
    expires_at?: string | null;
};

export type RotatedApiKey = ApiKey & {
    /**
     * The key itself. It is shown only in this response.
     */
    key: string;
    replaced: ApiKey;
};

export type RotationRequest = {
    /**
     * In seconds. 0 ends the old one immediately, for example after a leak.
     */
    overlap_seconds?: number | null;
};

export type NewWebhookEndpoint = WebhookEndpoint & {
    /**
     * The signing secret, `whsec_…`. It is shown only in this response.
     */
    secret: string;
};

export type WebhookEndpoint = {
    id: string;
    url: string;
    description: string;
    /**
     * Null is all types, including those of later releases.
     */
    event_types: Array<string> | null;
    state: 'enabled' | 'disabled';
    disabled_reason: string | null;
    /**
     * To deliver what the endpoint has missed, enable it, then replay since a time before its failure.
     */
    disabled_at: string | null;
    /**
     * Since when no delivery was acknowledged; null if the endpoint works.
     */
    failing_since: string | null;
    /**
     * The secrets that sign now, newest first, without the secrets themselves.
     */
    secrets: Array<{
        valid_until: string | null;
    }>;
    created_at: string;
    updated_at: string;
};

export type WebhookEndpointRequest = {
    /**
     * In production it must be an https:// address outside private networks.
     */
    url: string;
    /**
     * A note for operators.
     */
    description?: string | null;
    /**
     * The types to send; null is all types, including those of later releases.
     */
    event_types?: Array<'subscription.created' | 'checkout.opened' | 'checkout.expired' | 'subscription.imported' | 'subscription.activated' | 'subscription.trial_started' | 'subscription.trial_extended' | 'subscription.trial_ending' | 'subscription.renewed' | 'subscription.past_due' | 'subscription.recovered' | 'subscription.access_ended' | 'subscription.plan_changed' | 'subscription.plan_change_scheduled' | 'subscription.plan_change_awaits_payment' | 'subscription.plan_change_withdrawn' | 'subscription.plan_change_lapsed' | 'subscription.plan_change_dropped' | 'subscription.quantity_changed' | 'subscription.addons_changed' | 'subscription.cancellation_scheduled' | 'subscription.cancellation_withdrawn' | 'subscription.paused' | 'subscription.resumed' | 'subscription.updated' | 'subscription.expired' | 'subscription.canceled' | 'customer.updated' | 'quota.threshold_reached' | 'quota.granted' | 'invoice.paid' | 'invoice.payment_failed' | 'invoice.payment_action_required' | 'invoice.refunded' | 'invoice.refund_failed' | 'invoice.credited' | 'invoice.dispute_opened' | 'invoice.dispute_closed'> | null;
};

export type WebhookRotationRequest = {
    /**
     * In seconds. 0 ends the old one immediately, for example after a leak.
     */
    overlap_seconds?: number | null;
};

export type WebhookEndpointState = {
    state: 'enabled';
} | {
    state: 'disabled';
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type WebhookTest = {
    webhook_id: string;
    acknowledged: boolean;
    /**
     * Null if there was no response.
     */
    status: number | null;
    error: string | null;
    /**
     * The beginning of the response body.
     */
    body: string;
    duration_ms: number;
};

export type WebhookDelivery = {
    id: number;
    /**
     * The header `webhook-id` of the delivery.
     */
    webhook_id: string;
    endpoint_id: string;
    subscription_id: string;
    sequence: number;
    type: string;
    /**
     * `pending`: not yet delivered. `failed`: no further attempts; a replay sends it again.
     */
    state: 'pending' | 'delivered' | 'failed';
    /**
     * Attempts since the creation or the last replay.
     */
    attempts: number;
    /**
     * When the next attempt is due, if it is `pending`.
     */
    due_at: string;
    last_attempt_at: string | null;
    last_status: number | null;
    last_error: string | null;
    delivered_at: string | null;
    created_at: string;
};

export type WebhookReplayRequest = {
    delivery_ids: Array<number>;
} | {
    endpoint_id: string;
    /**
     * Replays all events since this time, including acknowledged ones.
     */
    since: string;
};

export type InvoiceLines = {
    invoice_id: string;
    currency: string;
    lines: Array<{
        description: string;
        quantity: number | null;
        /**
         * In minor units, before taxes; negative for a credit.
         */
        amount_minor: number;
        period: {
            start: string;
            end: string;
        };
    }>;
    /**
     * The amounts that can still be refunded to the card or credited to the balance.
     */
    returnable: {
        /**
         * In minor units.
         */
        card_minor: number;
        /**
         * In minor units.
         */
        balance_minor: number;
    };
};

export type RefundPreview = {
    invoice_id: string;
    /**
     * `card` refunds the payment; `balance` is credit for the customer’s next invoices.
     */
    to: 'card' | 'balance';
    /**
     * In minor units.
     */
    amount_minor: number;
    currency: string;
    /**
     * Send it with the refund as `expected_returnable_minor`, so that it is refused if another one came first.
     */
    returnable_minor: number;
    /**
     * Whether this refund ends the subscription and the access at once.
     */
    ends_subscription: boolean;
};

export type RefundPreviewRequest = {
    /**
     * `card` refunds the payment; `balance` is credit for the customer’s next invoices.
     */
    to: 'card' | 'balance';
    /**
     * In minor units.
     */
    amount_minor: number;
};

export type InvoiceRefund = {
    invoice_id: string;
    /**
     * `card` refunds the payment; `balance` is credit for the customer’s next invoices.
     */
    to: 'card' | 'balance';
    /**
     * In minor units.
     */
    amount_minor: number;
    currency: string;
};

export type InvoiceRefundRequest = {
    /**
     * `card` refunds the payment; `balance` is credit for the customer’s next invoices.
     */
    to: 'card' | 'balance';
    /**
     * In minor units.
     */
    amount_minor: number;
    /**
     * For the list of actions. The customer sees it on a credit note.
     */
    reason: string;
    /**
     * The preview’s `returnable_minor`. Another amount is refused with `moved_on`.
     */
    expected_returnable_minor?: number | null;
};

export type OperatedSubscription = Subscription & {
    /**
     * A difference from Stripe that needs an operator; null if there is none.
     */
    drift: string | null;
    stripe_subscription_id: string | null;
    /**
     * The id of its workflow in Temporal.
     */
    workflow_id: string;
};

export type ForcedCancellationRequest = {
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type SubscriptionGrantRequest = {
    feature: string;
    amount: number;
    /**
     * When it expires; null is never.
     */
    expires_at?: string | null;
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type CollectionRequest = {
    /**
     * `send_invoice`: Stripe sends each later invoice with a due date, and charges nothing.
     */
    method: 'charge_automatically' | 'send_invoice';
    /**
     * Required for `send_invoice`, and only for it.
     */
    days_until_due?: number | null;
    /**
     * The customer’s purchase order, printed on each later invoice.
     */
    po_number?: string | null;
    /**
     * Why, for the list of actions.
     */
    reason: string;
};

export type Payloads = {
    payloads: Array<{
        metadata?: {
            [key: string]: string;
        };
        data?: string;
    }>;
};

export type ListPlansData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Returns each plan in this currency; a plan that is not sold in it, in its default currency.
         */
        currency?: string;
    };
    url: '/plans';
};

export type ListPlansResponses = {
    /**
     * All plans for new subscriptions, by rank.
     */
    200: {
        plans: Array<Plan>;
        /**
         * The add-ons on sale, one entry for each currency, by rank.
         */
        addons: Array<Addon>;
    };
};

export type ListPlansResponse = ListPlansResponses[keyof ListPlansResponses];

export type CheckoutData = {
    body: CheckoutRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/subscriptions/checkout';
};

export type CheckoutResponses = {
    /**
     * A change of the live subscription: its preview, or the change that was carried out.
     */
    200: CheckoutChange;
    /**
     * The subscription is active, or awaits the payment at `checkout_url`.
     */
    201: Checkout;
};

export type CheckoutResponse = CheckoutResponses[keyof CheckoutResponses];

export type WithdrawCancellationData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/cancellation';
};

export type WithdrawCancellationResponses = {
    /**
     * The subscription as it is now.
     */
    200: SubscriptionKept;
};

export type WithdrawCancellationResponse = WithdrawCancellationResponses[keyof WithdrawCancellationResponses];

export type CancelSubscriptionData = {
    body: CancellationRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/cancellation';
};

export type CancelSubscriptionResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type CancelSubscriptionResponse = CancelSubscriptionResponses[keyof CancelSubscriptionResponses];

export type PreviewCancellationData = {
    body: CancellationRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/cancellation/preview';
};

export type PreviewCancellationResponses = {
    /**
     * The preview.
     */
    200: CancellationPreview;
};

export type PreviewCancellationResponse = PreviewCancellationResponses[keyof PreviewCancellationResponses];

export type ChangeItemsData = {
    body: ItemsRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/items';
};

export type ChangeItemsResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type ChangeItemsResponse = ChangeItemsResponses[keyof ChangeItemsResponses];

export type ChangePlanData = {
    body: PlanChangeRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/plan';
};

export type ChangePlanResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type ChangePlanResponse = ChangePlanResponses[keyof ChangePlanResponses];

export type WithdrawPlanChangeData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/plan/pending';
};

export type WithdrawPlanChangeResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type WithdrawPlanChangeResponse = WithdrawPlanChangeResponses[keyof WithdrawPlanChangeResponses];

export type PreviewPlanChangeData = {
    body: {
        /**
         * The slug or the id of a plan.
         */
        plan_id: string;
        /**
         * By default an upgrade takes effect now and a downgrade at the end of the period. Only operators may send `now` for a downgrade.
         */
        when?: 'now' | 'period_end' | null;
        /**
         * How many units of the plan, such as seats; by default unchanged. With the current plan, only the quantity changes: more units now, fewer at the end of the period.
         */
        quantity?: number | null;
    };
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/plan/preview';
};

export type PreviewPlanChangeResponses = {
    /**
     * The preview.
     */
    200: PlanChangePreview;
};

export type PreviewPlanChangeResponse = PreviewPlanChangeResponses[keyof PreviewPlanChangeResponses];

export type PreviewItemsData = {
    body: {
        /**
         * The plan; by default the present version stays.
         */
        plan_id?: string | null;
        /**
         * By default an upgrade takes effect now and a downgrade at the end of the period. Only operators may send `now` for a downgrade.
         */
        when?: 'now' | 'period_end' | null;
        /**
         * How many units of the plan, such as seats; by default unchanged. With the current plan, only the quantity changes: more units now, fewer at the end of the period.
         */
        quantity?: number | null;
        /**
         * All add-ons after the change, so an add-on that is left out ends. By default the present ones stay. An add-on that stays keeps its version.
         */
        addons?: Array<{
            /**
             * The add-on, by its slug or id.
             */
            plan_id: string;
            quantity?: number | null;
        }> | null;
    };
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/items/preview';
};

export type PreviewItemsResponses = {
    /**
     * The preview.
     */
    200: PlanChangePreview;
};

export type PreviewItemsResponse = PreviewItemsResponses[keyof PreviewItemsResponses];

export type ResumeSubscriptionData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/pause';
};

export type ResumeSubscriptionResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type ResumeSubscriptionResponse = ResumeSubscriptionResponses[keyof ResumeSubscriptionResponses];

export type PauseSubscriptionData = {
    body: PauseRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/pause';
};

export type PauseSubscriptionResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type PauseSubscriptionResponse = PauseSubscriptionResponses[keyof PauseSubscriptionResponses];

export type EndTrialData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/trial';
};

export type EndTrialResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type EndTrialResponse = EndTrialResponses[keyof EndTrialResponses];

export type ChangeTrialEndData = {
    body: TrialRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/trial';
};

export type ChangeTrialEndResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type ChangeTrialEndResponse = ChangeTrialEndResponses[keyof ChangeTrialEndResponses];

export type SyncSubscriptionData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/sync';
};

export type SyncSubscriptionResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type SyncSubscriptionResponse = SyncSubscriptionResponses[keyof SyncSubscriptionResponses];

export type GetCurrentSubscriptionData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query?: {
        product_line?: string;
    };
    url: '/subscriptions/current';
};

export type GetCurrentSubscriptionResponses = {
    /**
     * The subscription of the product line that has not ended.
     */
    200: Subscription;
};

export type GetCurrentSubscriptionResponse = GetCurrentSubscriptionResponses[keyof GetCurrentSubscriptionResponses];

export type ListSubscriptionsData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query?: never;
    url: '/subscriptions';
};

export type ListSubscriptionsResponses = {
    /**
     * At most 100 subscriptions.
     */
    200: {
        subscriptions: Array<Subscription>;
    };
};

export type ListSubscriptionsResponse = ListSubscriptionsResponses[keyof ListSubscriptionsResponses];

export type GetSubscriptionData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}';
};

export type GetSubscriptionResponses = {
    /**
     * The subscription.
     */
    200: Subscription;
};

export type GetSubscriptionResponse = GetSubscriptionResponses[keyof GetSubscriptionResponses];

export type GetTimelineData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/timeline';
};

export type GetTimelineResponses = {
    /**
     * The first 500 entries, oldest first. Each has its actor and its cause.
     */
    200: {
        changes: Array<{
            seq: number;
            at: string;
            actor: 'user' | 'stripe' | 'time' | 'operator';
            kind: 'checkout_opened' | 'checkout_expired' | 'imported' | 'activated' | 'trial_started' | 'renewed' | 'payment_failed' | 'payment_retry_failed' | 'payment_action_required' | 'recovered' | 'access_ended' | 'paid_after_end' | 'payment_refunded' | 'refund_failed' | 'invoice_credited' | 'dispute_opened' | 'dispute_closed' | 'plan_changed' | 'quantity_changed' | 'addons_changed' | 'cancellation_scheduled' | 'cancellation_withdrawn' | 'plan_change_scheduled' | 'plan_change_awaits_payment' | 'plan_change_withdrawn' | 'plan_change_lapsed' | 'plan_change_dropped' | 'paused' | 'resumed' | 'trial_extended' | 'trial_ending' | 'expired' | 'canceled' | 'status_changed' | 'payment_processing' | 'payment_refused_by_bank' | 'collection_paused' | 'collection_resumed' | 'quota_threshold' | 'granted' | 'customer_updated' | 'drifted';
            cause: string;
            status: {
                before: string | null;
                after: string;
            };
            /**
             * The plans of an entry about a change of plan or quantity; null for other entries.
             */
            plan_change: {
                from: {
                    slug: string;
                    name: string;
                    version: number;
                    /**
                     * `monthly`, `yearly`, or a count of units, at most three years.
                     */
                    period: 'monthly' | 'yearly' | {
                        every: number;
                        unit: 'day' | 'week' | 'month' | 'year';
                    };
                    price: Price;
                    quantity: number;
                };
                to: {
                    slug: string;
                    name: string;
                    version: number;
                    /**
                     * `monthly`, `yearly`, or a count of units, at most three years.
                     */
                    period: 'monthly' | 'yearly' | {
                        every: number;
                        unit: 'day' | 'week' | 'month' | 'year';
                    };
                    price: Price;
                    quantity: number;
                };
                /**
                 * When a pending change takes effect or is dropped.
                 */
                at: string | null;
            } | null;
            /**
             * The name of the API key that sent the command, or who asked in the Temporal UI. Null without a command, and for a user’s token.
             */
            requested_by: {
                key_name: string | null;
                asked_by: string | null;
            } | null;
        }>;
    };
};

export type GetTimelineResponse = GetTimelineResponses[keyof GetTimelineResponses];

export type ExplainChangeData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path: {
        /**
         * The id of the subscription.
         */
        id: string;
        /**
         * The number of the entry.
         */
        seq: number;
    };
    query?: never;
    url: '/subscriptions/{id}/timeline/{seq}/explanation';
};

export type ExplainChangeResponses = {
    /**
     * The entry with its decision.
     */
    200: ChangeExplanation;
};

export type ExplainChangeResponse = ExplainChangeResponses[keyof ExplainChangeResponses];

export type GetCustomerData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query?: never;
    url: '/customer';
};

export type GetCustomerResponses = {
    /**
     * The customer as it is now.
     */
    200: Customer;
};

export type GetCustomerResponse = GetCustomerResponses[keyof GetCustomerResponses];

export type ChangeCustomerData = {
    body: CustomerRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/customer';
};

export type ChangeCustomerResponses = {
    /**
     * The customer as it is now.
     */
    200: Customer;
};

export type ChangeCustomerResponse = ChangeCustomerResponses[keyof ChangeCustomerResponses];

export type ListInvoicesData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        /**
         * The id of an invoice: returns only older ones. For the next page, send `next`.
         */
        after?: string;
    };
    url: '/invoices';
};

export type ListInvoicesResponses = {
    /**
     * A page of invoices.
     */
    200: {
        invoices: Array<Invoice>;
        /**
         * The value of `after` for the next page; null on the last page.
         */
        next: string | null;
    };
};

export type ListInvoicesResponse = ListInvoicesResponses[keyof ListInvoicesResponses];

export type OpenPortalData = {
    body: PortalRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query?: never;
    url: '/portal';
};

export type OpenPortalResponses = {
    /**
     * The link to the portal.
     */
    201: Portal;
};

export type OpenPortalResponse = OpenPortalResponses[keyof OpenPortalResponses];

export type ConsumeUsageData = {
    body: ConsumeRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/usage/consume';
};

export type ConsumeUsageResponses = {
    /**
     * The committed outcome. A repeat with the same key returns the same outcome and counts nothing again.
     */
    200: ConsumeOutcome;
};

export type ConsumeUsageResponse = ConsumeUsageResponses[keyof ConsumeUsageResponses];

export type ConsumeUsageBatchData = {
    body: BatchRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query?: never;
    url: '/usage/batch';
};

export type ConsumeUsageBatchResponses = {
    /**
     * The committed outcome of each event, in order. `idempotency_key_reused` means that the key was used for another feature or amount; that event was not counted.
     */
    200: BatchOutcome;
};

export type ConsumeUsageBatchResponse = ConsumeUsageBatchResponses[keyof ConsumeUsageBatchResponses];

export type ReleaseUsageData = {
    body: ReleaseRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/usage/release';
};

export type ReleaseUsageResponses = {
    /**
     * The committed outcome. A repeat with the same key returns the same outcome and changes nothing again.
     */
    200: ConsumeOutcome;
};

export type ReleaseUsageResponse = ReleaseUsageResponses[keyof ReleaseUsageResponses];

export type ReserveUsageData = {
    body: ReservationRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/usage/reservations';
};

export type ReserveUsageResponses = {
    /**
     * The committed outcome. A repeat returns the same reservation as it is now.
     */
    200: ReservationOutcome;
};

export type ReserveUsageResponse = ReserveUsageResponses[keyof ReserveUsageResponses];

export type ReleaseReservationData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/usage/reservations/{id}';
};

export type ReleaseReservationResponses = {
    /**
     * The reservation, released or expired.
     */
    200: ReservationOutcome;
};

export type ReleaseReservationResponse = ReleaseReservationResponses[keyof ReleaseReservationResponses];

export type SettleReservationData = {
    body: SettlementRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/usage/reservations/{id}';
};

export type SettleReservationResponses = {
    /**
     * The outcome. A repeat returns the same.
     */
    200: ReservationOutcome;
};

export type SettleReservationResponse = SettleReservationResponses[keyof SettleReservationResponses];

export type CheckUsageData = {
    body: CheckRequest;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query?: never;
    url: '/usage/check';
};

export type CheckUsageResponses = {
    /**
     * The outcome that `consume` would return now.
     */
    200: ConsumeOutcome;
};

export type CheckUsageResponse = CheckUsageResponses[keyof CheckUsageResponses];

export type GetUsageData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query?: {
        product_line?: string;
    };
    url: '/usage';
};

export type GetUsageResponses = {
    /**
     * Each feature of the live subscription, in its current window.
     */
    200: Usage;
};

export type GetUsageResponse = GetUsageResponses[keyof GetUsageResponses];

export type GetUsageHistoryData = {
    body?: never;
    headers?: {
        /**
         * The user for whom an application acts: 1 to 128 characters, in ASCII or percent-encoded UTF-8 (a `%` is `%25`). Required with an API key; a user’s token names its user itself.
         */
        'X-User-Id'?: string;
    };
    path?: never;
    query: {
        feature: string;
        from: string;
        to: string;
        bucket?: 'hour' | 'day' | 'month';
        /**
         * An IANA time zone, such as `America/Sao_Paulo`. Buckets begin in it.
         */
        time_zone?: string;
    };
    url: '/usage/history';
};

export type GetUsageHistoryResponses = {
    /**
     * The buckets, oldest first.
     */
    200: UsageHistory;
};

export type GetUsageHistoryResponse = GetUsageHistoryResponses[keyof GetUsageHistoryResponses];

export type ListGrantsData = {
    body?: never;
    path?: never;
    query?: {
        user_id?: string;
        feature?: string;
        limit?: number;
    };
    url: '/admin/grants';
};

export type ListGrantsResponses = {
    /**
     * Grants, including those that are used up, expired or revoked.
     */
    200: {
        grants: Array<Grant>;
    };
};

export type ListGrantsResponse = ListGrantsResponses[keyof ListGrantsResponses];

export type CreateGrantData = {
    body: GrantRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/grants';
};

export type CreateGrantResponses = {
    /**
     * The grant. It is effective immediately.
     */
    201: Grant;
};

export type CreateGrantResponse = CreateGrantResponses[keyof CreateGrantResponses];

export type RevokeGrantData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/grants/{id}';
};

export type RevokeGrantResponses = {
    /**
     * The grant, revoked.
     */
    200: Grant;
};

export type RevokeGrantResponse = RevokeGrantResponses[keyof RevokeGrantResponses];

export type RemoveOverrideData = {
    body?: never;
    path: {
        user_id: string;
        feature: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/overrides/{feature}';
};

export type RemoveOverrideResponses = {
    /**
     * The removed override. The plan applies again.
     */
    200: Override;
};

export type RemoveOverrideResponse = RemoveOverrideResponses[keyof RemoveOverrideResponses];

export type SetOverrideData = {
    body: OverrideRequest;
    path: {
        user_id: string;
        feature: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/overrides/{feature}';
};

export type SetOverrideResponses = {
    /**
     * The override that is effective now.
     */
    200: Override;
};

export type SetOverrideResponse = SetOverrideResponses[keyof SetOverrideResponses];

export type ListOverridesData = {
    body?: never;
    path: {
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/overrides';
};

export type ListOverridesResponses = {
    /**
     * At most one override per feature, including expired ones.
     */
    200: {
        overrides: Array<Override>;
    };
};

export type ListOverridesResponse = ListOverridesResponses[keyof ListOverridesResponses];

export type ListActionsOnUserData = {
    body?: never;
    path: {
        user_id: string;
    };
    query?: {
        limit?: number;
    };
    url: '/admin/users/{user_id}/actions';
};

export type ListActionsOnUserResponses = {
    /**
     * Each action with the state before and after it.
     */
    200: OperatorActions;
};

export type ListActionsOnUserResponse = ListActionsOnUserResponses[keyof ListActionsOnUserResponses];

export type ListActionsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/actions';
};

export type ListActionsResponses = {
    /**
     * Each action with the state before and after it.
     */
    200: OperatorActions;
};

export type ListActionsResponse = ListActionsResponses[keyof ListActionsResponses];

export type ListStripeEventsData = {
    body?: never;
    path?: never;
    query?: {
        state?: 'received' | 'forwarded' | 'done' | 'parked';
        type?: string;
        /**
         * The exact `reason` of events.
         */
        reason?: string;
        /**
         * The id in this API, not at Stripe.
         */
        subscription_id?: string;
        /**
         * A Stripe id of a customer, subscription, session, invoice or payment.
         */
        stripe_id?: string;
        /**
         * The last `event_id` of the previous page.
         */
        after?: string;
        limit?: number;
    };
    url: '/admin/stripe-events';
};

export type ListStripeEventsResponses = {
    /**
     * A page of events, without their bodies.
     */
    200: {
        events: Array<StripeEvent>;
    };
};

export type ListStripeEventsResponse = ListStripeEventsResponses[keyof ListStripeEventsResponses];

export type RedriveStripeEventsData = {
    body: RedriveRequest;
    path?: never;
    query?: never;
    url: '/admin/stripe-events/redrive';
};

export type RedriveStripeEventsResponses = {
    /**
     * The ids of the events that will be reprocessed.
     */
    200: {
        event_ids: Array<string>;
    };
};

export type RedriveStripeEventsResponse = RedriveStripeEventsResponses[keyof RedriveStripeEventsResponses];

export type MapStripePriceData = {
    body: StripePriceRequest;
    path: {
        price_id: string;
    };
    query?: never;
    url: '/admin/stripe-prices/{price_id}';
};

export type MapStripePriceResponses = {
    /**
     * The mapping, and the number of events that will be reprocessed.
     */
    200: StripePrice & {
        redriven: number;
    };
};

export type MapStripePriceResponse = MapStripePriceResponses[keyof MapStripePriceResponses];

export type ListStripePricesData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/stripe-prices';
};

export type ListStripePricesResponses = {
    /**
     * The mapped prices, without the prices of the versions themselves.
     */
    200: {
        prices: Array<StripePrice>;
    };
};

export type ListStripePricesResponse = ListStripePricesResponses[keyof ListStripePricesResponses];

export type ListDriftData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * By default all states.
         */
        state?: 'open' | 'repaired' | 'resolved' | 'dismissed';
        kind?: 'differs' | 'bill_differs' | 'customer_differs' | 'unnamed_at_stripe' | 'gone_at_stripe' | 'over_here_live_there' | 'missing_here' | 'no_workflow' | 'no_row' | 'unknown_customer' | 'unknown_price' | 'price_differs' | 'plan_unclear' | 'foreign_item' | 'foreign_subscription' | 'second_subscription' | 'second_customer' | 'extra_refunded' | 'plan_differs' | 'collection_paused' | 'tax_not_calculated' | 'usage_not_billed' | 'usage_item_missing' | 'meter_too_low' | 'meter_too_high';
        /**
         * The id in this API, not at Stripe.
         */
        subscription_id?: string;
        /**
         * The last `key` of the previous page.
         */
        after?: string;
        limit?: number;
    };
    url: '/admin/drift';
};

export type ListDriftResponses = {
    /**
     * A page of differences.
     */
    200: {
        findings: Array<DriftFinding>;
    };
};

export type ListDriftResponse = ListDriftResponses[keyof ListDriftResponses];

export type DismissDriftData = {
    body: DriftDismissal;
    path?: never;
    query?: never;
    url: '/admin/drift/dismiss';
};

export type DismissDriftResponses = {
    /**
     * The differences that were open.
     */
    200: {
        findings: Array<DriftFinding>;
    };
};

export type DismissDriftResponse = DismissDriftResponses[keyof DismissDriftResponses];

export type ListReconciliationsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/reconciliations';
};

export type ListReconciliationsResponses = {
    /**
     * The reconciliations. `/admin/drift` lists their differences.
     */
    200: {
        reconciliations: Array<Reconciliation>;
    };
};

export type ListReconciliationsResponse = ListReconciliationsResponses[keyof ListReconciliationsResponses];

export type StartReconciliationData = {
    body: ReconciliationRequest;
    path?: never;
    query?: never;
    url: '/admin/reconciliations';
};

export type StartReconciliationResponses = {
    /**
     * The reconciliation has started.
     */
    202: {
        workflow_id: string;
    };
};

export type StartReconciliationResponse = StartReconciliationResponses[keyof StartReconciliationResponses];

export type GetSyncFiguresData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/sync';
};

export type GetSyncFiguresResponses = {
    /**
     * The current figures.
     */
    200: SyncFigures;
};

export type GetSyncFiguresResponse = GetSyncFiguresResponses[keyof GetSyncFiguresResponses];

export type ListCatalogueChangesData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/catalogue/changes';
};

export type ListCatalogueChangesResponses = {
    /**
     * Each change with the state before and after it.
     */
    200: CatalogueChanges;
};

export type ListCatalogueChangesResponse = ListCatalogueChangesResponses[keyof ListCatalogueChangesResponses];

export type ExportCatalogueData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * `yaml` is a file for `perennial catalogue`.
         */
        format?: 'json' | 'yaml';
    };
    url: '/admin/catalogue';
};

export type ExportCatalogueResponses = {
    /**
     * The catalogue.
     */
    200: CatalogueFile;
};

export type ExportCatalogueResponse = ExportCatalogueResponses[keyof ExportCatalogueResponses];

export type PlanCatalogueData = {
    body: CataloguePlanRequest;
    path?: never;
    query?: never;
    url: '/admin/catalogue/plan';
};

export type PlanCatalogueResponses = {
    /**
     * The changes, in their order.
     */
    200: CatalogueComparison;
};

export type PlanCatalogueResponse = PlanCatalogueResponses[keyof PlanCatalogueResponses];

export type ApplyCatalogueData = {
    body: CatalogueApplication;
    path?: never;
    query?: never;
    url: '/admin/catalogue/apply';
};

export type ApplyCatalogueResponses = {
    /**
     * The changes made; empty if there was no difference.
     */
    200: CatalogueChangesMade;
};

export type ApplyCatalogueResponse = ApplyCatalogueResponses[keyof ApplyCatalogueResponses];

export type ListCatalogueAtStripeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/catalogue/stripe';
};

export type ListCatalogueAtStripeResponses = {
    /**
     * All published versions with a price.
     */
    200: {
        versions: Array<PlanVersionAtStripe>;
    };
};

export type ListCatalogueAtStripeResponse = ListCatalogueAtStripeResponses[keyof ListCatalogueAtStripeResponses];

export type PushPlanVersionToStripeData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}/stripe';
};

export type PushPlanVersionToStripeResponses = {
    /**
     * The worker pushes the version within seconds.
     */
    202: PlanVersionAtStripe;
};

export type PushPlanVersionToStripeResponse = PushPlanVersionToStripeResponses[keyof PushPlanVersionToStripeResponses];

export type ListFeaturesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/features';
};

export type ListFeaturesResponses = {
    /**
     * All features, by code.
     */
    200: {
        features: Array<Feature>;
    };
};

export type ListFeaturesResponse = ListFeaturesResponses[keyof ListFeaturesResponses];

export type DeleteFeatureData = {
    body?: never;
    path: {
        code: string;
    };
    query?: never;
    url: '/admin/features/{code}';
};

export type DeleteFeatureResponses = {
    /**
     * Deleted.
     */
    204: void;
};

export type DeleteFeatureResponse = DeleteFeatureResponses[keyof DeleteFeatureResponses];

export type PutFeatureData = {
    body: FeatureRequest;
    path: {
        code: string;
    };
    query?: never;
    url: '/admin/features/{code}';
};

export type PutFeatureResponses = {
    /**
     * The feature as it is now.
     */
    200: Feature;
};

export type PutFeatureResponse = PutFeatureResponses[keyof PutFeatureResponses];

export type ListAllPlansData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/plans';
};

export type ListAllPlansResponses = {
    /**
     * All plans, by rank.
     */
    200: {
        plans: Array<CataloguePlan>;
    };
};

export type ListAllPlansResponse = ListAllPlansResponses[keyof ListAllPlansResponses];

export type DeletePlanData = {
    body?: never;
    path: {
        slug: string;
    };
    query?: never;
    url: '/admin/plans/{slug}';
};

export type DeletePlanResponses = {
    /**
     * Deleted.
     */
    204: void;
};

export type DeletePlanResponse = DeletePlanResponses[keyof DeletePlanResponses];

export type GetPlanData = {
    body?: never;
    path: {
        slug: string;
    };
    query?: never;
    url: '/admin/plans/{slug}';
};

export type GetPlanResponses = {
    /**
     * The plan.
     */
    200: CataloguePlan;
};

export type GetPlanResponse = GetPlanResponses[keyof GetPlanResponses];

export type PutPlanData = {
    body: PlanRequest;
    path: {
        slug: string;
    };
    query?: never;
    url: '/admin/plans/{slug}';
};

export type PutPlanResponses = {
    /**
     * The plan as it is now.
     */
    200: CataloguePlan;
};

export type PutPlanResponse = PutPlanResponses[keyof PutPlanResponses];

export type CreatePlanVersionData = {
    body: PlanVersionRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        slug: string;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions';
};

export type CreatePlanVersionResponses = {
    /**
     * The draft, with its number.
     */
    201: PlanVersion;
};

export type CreatePlanVersionResponse = CreatePlanVersionResponses[keyof CreatePlanVersionResponses];

export type DeletePlanVersionData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}';
};

export type DeletePlanVersionResponses = {
    /**
     * Deleted.
     */
    204: void;
};

export type DeletePlanVersionResponse = DeletePlanVersionResponses[keyof DeletePlanVersionResponses];

export type GetPlanVersionData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}';
};

export type GetPlanVersionResponses = {
    /**
     * The version.
     */
    200: PlanVersion;
};

export type GetPlanVersionResponse = GetPlanVersionResponses[keyof GetPlanVersionResponses];

export type PutPlanVersionData = {
    body: PlanVersionRequest;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}';
};

export type PutPlanVersionResponses = {
    /**
     * The draft as it is now.
     */
    200: PlanVersion;
};

export type PutPlanVersionResponse = PutPlanVersionResponses[keyof PutPlanVersionResponses];

export type PublishPlanVersionData = {
    body: {
        on_sale?: boolean | null;
    };
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}/publication';
};

export type PublishPlanVersionResponses = {
    /**
     * The published version.
     */
    200: PlanVersion;
};

export type PublishPlanVersionResponse = PublishPlanVersionResponses[keyof PublishPlanVersionResponses];

export type SellPlanVersionData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}/sale';
};

export type SellPlanVersionResponses = {
    /**
     * The version, on sale.
     */
    200: PlanVersion;
};

export type SellPlanVersionResponse = SellPlanVersionResponses[keyof SellPlanVersionResponses];

export type RetirePlanVersionData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}/retirement';
};

export type RetirePlanVersionResponses = {
    /**
     * The retired version.
     */
    200: PlanVersion;
};

export type RetirePlanVersionResponse = RetirePlanVersionResponses[keyof RetirePlanVersionResponses];

export type DeleteOfferData = {
    body?: never;
    path: {
        user_id: string;
        slug: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/plans/{slug}';
};

export type DeleteOfferResponses = {
    /**
     * The retired version.
     */
    200: PlanVersion;
};

export type DeleteOfferResponse = DeleteOfferResponses[keyof DeleteOfferResponses];

export type PutOfferData = {
    body: OfferRequest;
    path: {
        user_id: string;
        slug: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/plans/{slug}';
};

export type PutOfferResponses = {
    /**
     * The version, published for this user.
     */
    200: PlanVersion;
};

export type PutOfferResponse = PutOfferResponses[keyof PutOfferResponses];

export type ListOffersData = {
    body?: never;
    path: {
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/plans';
};

export type ListOffersResponses = {
    /**
     * The versions, newest first. The user is offered those with `on_sale`.
     */
    200: {
        versions: Array<PlanVersion>;
    };
};

export type ListOffersResponse = ListOffersResponses[keyof ListOffersResponses];

export type ListPlanMigrationsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/plan-migrations';
};

export type ListPlanMigrationsResponses = {
    /**
     * The migrations with their reports.
     */
    200: {
        migrations: Array<PlanMigration>;
    };
};

export type ListPlanMigrationsResponse = ListPlanMigrationsResponses[keyof ListPlanMigrationsResponses];

export type CreatePlanMigrationData = {
    body: PlanMigrationRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/plan-migrations';
};

export type CreatePlanMigrationResponses = {
    /**
     * The migration, which has started.
     */
    201: PlanMigration;
};

export type CreatePlanMigrationResponse = CreatePlanMigrationResponses[keyof CreatePlanMigrationResponses];

export type GetPlanMigrationData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/plan-migrations/{id}';
};

export type GetPlanMigrationResponses = {
    /**
     * The migration.
     */
    200: PlanMigration;
};

export type GetPlanMigrationResponse = GetPlanMigrationResponses[keyof GetPlanMigrationResponses];

export type ListPlanMigrationItemsData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        state?: 'pending' | 'moved' | 'scheduled' | 'awaiting_payment' | 'skipped' | 'failed' | 'rolled_back' | 'kept' | 'rollback_failed';
        /**
         * The `next` of the previous page.
         */
        after?: string;
        limit?: number;
    };
    url: '/admin/plan-migrations/{id}/items';
};

export type ListPlanMigrationItemsResponses = {
    /**
     * A page of subscriptions.
     */
    200: {
        items: Array<PlanMigrationItem>;
        next: string | null;
    };
};

export type ListPlanMigrationItemsResponse = ListPlanMigrationItemsResponses[keyof ListPlanMigrationItemsResponses];

export type SteerPlanMigrationData = {
    body: {
        state: 'paused' | 'running' | 'stopped' | 'rolled_back';
    };
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/plan-migrations/{id}/state';
};

export type SteerPlanMigrationResponses = {
    /**
     * The migration as it is now.
     */
    200: PlanMigration;
};

export type SteerPlanMigrationResponse = SteerPlanMigrationResponses[keyof SteerPlanMigrationResponses];

export type ListApiKeysData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/api-keys';
};

export type ListApiKeysResponses = {
    /**
     * All API keys, including expired and revoked ones, without the keys themselves.
     */
    200: {
        api_keys: Array<ApiKey>;
    };
};

export type ListApiKeysResponse = ListApiKeysResponses[keyof ListApiKeysResponses];

export type CreateApiKeyData = {
    body: ApiKeyRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/api-keys';
};

export type CreateApiKeyResponses = {
    /**
     * The new key. It is valid immediately.
     */
    201: NewApiKey;
};

export type CreateApiKeyResponse = CreateApiKeyResponses[keyof CreateApiKeyResponses];

export type RevokeApiKeyData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/api-keys/{id}';
};

export type RevokeApiKeyResponses = {
    /**
     * The key, revoked.
     */
    200: ApiKey;
};

export type RevokeApiKeyResponse = RevokeApiKeyResponses[keyof RevokeApiKeyResponses];

export type RotateApiKeyData = {
    body: RotationRequest;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/api-keys/{id}/rotation';
};

export type RotateApiKeyResponses = {
    /**
     * The successor and the replaced key.
     */
    201: RotatedApiKey;
};

export type RotateApiKeyResponse = RotateApiKeyResponses[keyof RotateApiKeyResponses];

export type ListWebhookEndpointsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/webhook-endpoints';
};

export type ListWebhookEndpointsResponses = {
    /**
     * All endpoints, at most 20.
     */
    200: {
        webhook_endpoints: Array<WebhookEndpoint>;
    };
};

export type ListWebhookEndpointsResponse = ListWebhookEndpointsResponses[keyof ListWebhookEndpointsResponses];

export type CreateWebhookEndpointData = {
    body: WebhookEndpointRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/webhook-endpoints';
};

export type CreateWebhookEndpointResponses = {
    /**
     * The endpoint. It receives all events from now on.
     */
    201: NewWebhookEndpoint;
};

export type CreateWebhookEndpointResponse = CreateWebhookEndpointResponses[keyof CreateWebhookEndpointResponses];

export type RotateWebhookSecretData = {
    body: WebhookRotationRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}/rotation';
};

export type RotateWebhookSecretResponses = {
    /**
     * The endpoint, with its new secret.
     */
    201: NewWebhookEndpoint;
};

export type RotateWebhookSecretResponse = RotateWebhookSecretResponses[keyof RotateWebhookSecretResponses];

export type DeleteWebhookEndpointData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}';
};

export type DeleteWebhookEndpointResponses = {
    /**
     * The deleted endpoint.
     */
    200: WebhookEndpoint;
};

export type DeleteWebhookEndpointResponse = DeleteWebhookEndpointResponses[keyof DeleteWebhookEndpointResponses];

export type GetWebhookEndpointData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}';
};

export type GetWebhookEndpointResponses = {
    /**
     * The endpoint.
     */
    200: WebhookEndpoint;
};

export type GetWebhookEndpointResponse = GetWebhookEndpointResponses[keyof GetWebhookEndpointResponses];

export type PutWebhookEndpointData = {
    body: WebhookEndpointRequest;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}';
};

export type PutWebhookEndpointResponses = {
    /**
     * The endpoint as it is now.
     */
    200: WebhookEndpoint;
};

export type PutWebhookEndpointResponse = PutWebhookEndpointResponses[keyof PutWebhookEndpointResponses];

export type SetWebhookEndpointStateData = {
    body: WebhookEndpointState;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}/state';
};

export type SetWebhookEndpointStateResponses = {
    /**
     * The endpoint as it is now.
     */
    200: WebhookEndpoint;
};

export type SetWebhookEndpointStateResponse = SetWebhookEndpointStateResponses[keyof SetWebhookEndpointStateResponses];

export type TestWebhookEndpointData = {
    body?: never;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}/test';
};

export type TestWebhookEndpointResponses = {
    /**
     * The response of the endpoint.
     */
    200: WebhookTest;
};

export type TestWebhookEndpointResponse = TestWebhookEndpointResponses[keyof TestWebhookEndpointResponses];

export type ListWebhookDeliveriesData = {
    body?: never;
    path?: never;
    query?: {
        endpoint_id?: string;
        subscription_id?: string;
        state?: 'pending' | 'delivered' | 'failed';
        type?: string;
        /**
         * The last `id` of the previous page.
         */
        after?: number;
        limit?: number;
    };
    url: '/admin/webhook-deliveries';
};

export type ListWebhookDeliveriesResponses = {
    /**
     * A page of deliveries.
     */
    200: {
        deliveries: Array<WebhookDelivery>;
    };
};

export type ListWebhookDeliveriesResponse = ListWebhookDeliveriesResponses[keyof ListWebhookDeliveriesResponses];

export type ReplayWebhookDeliveriesData = {
    body: WebhookReplayRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/webhook-deliveries/replay';
};

export type ReplayWebhookDeliveriesResponses = {
    /**
     * The number of deliveries that will be sent again.
     */
    200: {
        replayed: number;
        /**
         * The value of `since` for the next request; null if there are no more.
         */
        next_since: string | null;
    };
};

export type ReplayWebhookDeliveriesResponse = ReplayWebhookDeliveriesResponses[keyof ReplayWebhookDeliveriesResponses];

export type GetInvoiceLinesData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/invoices/{id}/lines';
};

export type GetInvoiceLinesResponses = {
    /**
     * The lines.
     */
    200: InvoiceLines;
};

export type GetInvoiceLinesResponse = GetInvoiceLinesResponses[keyof GetInvoiceLinesResponses];

export type PreviewInvoiceRefundData = {
    body: RefundPreviewRequest;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/invoices/{id}/refunds/preview';
};

export type PreviewInvoiceRefundResponses = {
    /**
     * The effect.
     */
    200: RefundPreview;
};

export type PreviewInvoiceRefundResponse = PreviewInvoiceRefundResponses[keyof PreviewInvoiceRefundResponses];

export type RefundInvoiceData = {
    body: InvoiceRefundRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/invoices/{id}/refunds';
};

export type RefundInvoiceResponses = {
    /**
     * The money is on its way.
     */
    201: InvoiceRefund;
};

export type RefundInvoiceResponse = RefundInvoiceResponses[keyof RefundInvoiceResponses];

export type SearchSubscriptionsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * An e-mail address, the number of an invoice, an id of ours or of Stripe, or the start of a user id, in any case. Not together with `user_id` or `drift`.
         */
        q?: string;
        status?: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
        /**
         * The slug of a plan.
         */
        plan?: string;
        user_id?: string;
        /**
         * Whether there is a difference from Stripe that needs an operator.
         */
        drift?: 'true' | 'false';
        /**
         * The last `id` of the previous page.
         */
        after?: string;
        limit?: number;
    };
    url: '/admin/subscriptions';
};

export type SearchSubscriptionsResponses = {
    /**
     * A page of subscriptions.
     */
    200: {
        subscriptions: Array<OperatedSubscription>;
    };
};

export type SearchSubscriptionsResponse = SearchSubscriptionsResponses[keyof SearchSubscriptionsResponses];

export type GetAnySubscriptionData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/subscriptions/{id}';
};

export type GetAnySubscriptionResponses = {
    /**
     * The subscription.
     */
    200: OperatedSubscription;
};

export type GetAnySubscriptionResponse = GetAnySubscriptionResponses[keyof GetAnySubscriptionResponses];

export type ForceCancelSubscriptionData = {
    body: ForcedCancellationRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/subscriptions/{id}/force-cancellation';
};

export type ForceCancelSubscriptionResponses = {
    /**
     * The canceled subscription.
     */
    200: OperatedSubscription;
};

export type ForceCancelSubscriptionResponse = ForceCancelSubscriptionResponses[keyof ForceCancelSubscriptionResponses];

export type GrantToSubscriptionData = {
    body: SubscriptionGrantRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/subscriptions/{id}/grants';
};

export type GrantToSubscriptionResponses = {
    /**
     * The grant is effective immediately. GET /admin/grants lists it.
     */
    201: {
        grant_id: string;
    };
};

export type GrantToSubscriptionResponse = GrantToSubscriptionResponses[keyof GrantToSubscriptionResponses];

export type ChangeCollectionData = {
    body: CollectionRequest;
    headers?: {
        /**
         * A unique value of your choice, such as a UUID. A request with a key that was used before returns the first response instead of running again.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/subscriptions/{id}/collection';
};

export type ChangeCollectionResponses = {
    /**
     * The subscription.
     */
    200: OperatedSubscription;
};

export type ChangeCollectionResponse = ChangeCollectionResponses[keyof ChangeCollectionResponses];

export type DecodePayloadsData = {
    body: Payloads;
    path?: never;
    query?: never;
    url: '/admin/codec/decode';
};

export type DecodePayloadsResponses = {
    /**
     * The decrypted payloads, in the same order.
     */
    200: Payloads;
};

export type DecodePayloadsResponse = DecodePayloadsResponses[keyof DecodePayloadsResponses];

export type PostApiV1BillingSubscriptionCreatedWebhookPayload = {
    type: 'subscription.created';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionCreatedWebhookRequest = {
    body: PostApiV1BillingSubscriptionCreatedWebhookPayload;
    key: '/api/v1/billing/subscription.created';
    path?: never;
    query?: never;
};

export type PostApiV1BillingCheckoutOpenedWebhookPayload = {
    type: 'checkout.opened';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingCheckoutOpenedWebhookRequest = {
    body: PostApiV1BillingCheckoutOpenedWebhookPayload;
    key: '/api/v1/billing/checkout.opened';
    path?: never;
    query?: never;
};

export type PostApiV1BillingCheckoutExpiredWebhookPayload = {
    type: 'checkout.expired';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingCheckoutExpiredWebhookRequest = {
    body: PostApiV1BillingCheckoutExpiredWebhookPayload;
    key: '/api/v1/billing/checkout.expired';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionImportedWebhookPayload = {
    type: 'subscription.imported';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionImportedWebhookRequest = {
    body: PostApiV1BillingSubscriptionImportedWebhookPayload;
    key: '/api/v1/billing/subscription.imported';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionActivatedWebhookPayload = {
    type: 'subscription.activated';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionActivatedWebhookRequest = {
    body: PostApiV1BillingSubscriptionActivatedWebhookPayload;
    key: '/api/v1/billing/subscription.activated';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionTrialStartedWebhookPayload = {
    type: 'subscription.trial_started';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionTrialStartedWebhookRequest = {
    body: PostApiV1BillingSubscriptionTrialStartedWebhookPayload;
    key: '/api/v1/billing/subscription.trial_started';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionTrialExtendedWebhookPayload = {
    type: 'subscription.trial_extended';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionTrialExtendedWebhookRequest = {
    body: PostApiV1BillingSubscriptionTrialExtendedWebhookPayload;
    key: '/api/v1/billing/subscription.trial_extended';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionTrialEndingWebhookPayload = {
    type: 'subscription.trial_ending';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionTrialEndingWebhookRequest = {
    body: PostApiV1BillingSubscriptionTrialEndingWebhookPayload;
    key: '/api/v1/billing/subscription.trial_ending';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionRenewedWebhookPayload = {
    type: 'subscription.renewed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionRenewedWebhookRequest = {
    body: PostApiV1BillingSubscriptionRenewedWebhookPayload;
    key: '/api/v1/billing/subscription.renewed';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionPastDueWebhookPayload = {
    type: 'subscription.past_due';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionPastDueWebhookRequest = {
    body: PostApiV1BillingSubscriptionPastDueWebhookPayload;
    key: '/api/v1/billing/subscription.past_due';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionRecoveredWebhookPayload = {
    type: 'subscription.recovered';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionRecoveredWebhookRequest = {
    body: PostApiV1BillingSubscriptionRecoveredWebhookPayload;
    key: '/api/v1/billing/subscription.recovered';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionAccessEndedWebhookPayload = {
    type: 'subscription.access_ended';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionAccessEndedWebhookRequest = {
    body: PostApiV1BillingSubscriptionAccessEndedWebhookPayload;
    key: '/api/v1/billing/subscription.access_ended';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionPlanChangedWebhookPayload = {
    type: 'subscription.plan_changed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionPlanChangedWebhookRequest = {
    body: PostApiV1BillingSubscriptionPlanChangedWebhookPayload;
    key: '/api/v1/billing/subscription.plan_changed';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionPlanChangeScheduledWebhookPayload = {
    type: 'subscription.plan_change_scheduled';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionPlanChangeScheduledWebhookRequest = {
    body: PostApiV1BillingSubscriptionPlanChangeScheduledWebhookPayload;
    key: '/api/v1/billing/subscription.plan_change_scheduled';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionPlanChangeAwaitsPaymentWebhookPayload = {
    type: 'subscription.plan_change_awaits_payment';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionPlanChangeAwaitsPaymentWebhookRequest = {
    body: PostApiV1BillingSubscriptionPlanChangeAwaitsPaymentWebhookPayload;
    key: '/api/v1/billing/subscription.plan_change_awaits_payment';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionPlanChangeWithdrawnWebhookPayload = {
    type: 'subscription.plan_change_withdrawn';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionPlanChangeWithdrawnWebhookRequest = {
    body: PostApiV1BillingSubscriptionPlanChangeWithdrawnWebhookPayload;
    key: '/api/v1/billing/subscription.plan_change_withdrawn';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionPlanChangeLapsedWebhookPayload = {
    type: 'subscription.plan_change_lapsed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionPlanChangeLapsedWebhookRequest = {
    body: PostApiV1BillingSubscriptionPlanChangeLapsedWebhookPayload;
    key: '/api/v1/billing/subscription.plan_change_lapsed';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionPlanChangeDroppedWebhookPayload = {
    type: 'subscription.plan_change_dropped';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionPlanChangeDroppedWebhookRequest = {
    body: PostApiV1BillingSubscriptionPlanChangeDroppedWebhookPayload;
    key: '/api/v1/billing/subscription.plan_change_dropped';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionQuantityChangedWebhookPayload = {
    type: 'subscription.quantity_changed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionQuantityChangedWebhookRequest = {
    body: PostApiV1BillingSubscriptionQuantityChangedWebhookPayload;
    key: '/api/v1/billing/subscription.quantity_changed';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionAddonsChangedWebhookPayload = {
    type: 'subscription.addons_changed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionAddonsChangedWebhookRequest = {
    body: PostApiV1BillingSubscriptionAddonsChangedWebhookPayload;
    key: '/api/v1/billing/subscription.addons_changed';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionCancellationScheduledWebhookPayload = {
    type: 'subscription.cancellation_scheduled';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionCancellationScheduledWebhookRequest = {
    body: PostApiV1BillingSubscriptionCancellationScheduledWebhookPayload;
    key: '/api/v1/billing/subscription.cancellation_scheduled';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionCancellationWithdrawnWebhookPayload = {
    type: 'subscription.cancellation_withdrawn';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionCancellationWithdrawnWebhookRequest = {
    body: PostApiV1BillingSubscriptionCancellationWithdrawnWebhookPayload;
    key: '/api/v1/billing/subscription.cancellation_withdrawn';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionPausedWebhookPayload = {
    type: 'subscription.paused';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionPausedWebhookRequest = {
    body: PostApiV1BillingSubscriptionPausedWebhookPayload;
    key: '/api/v1/billing/subscription.paused';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionResumedWebhookPayload = {
    type: 'subscription.resumed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionResumedWebhookRequest = {
    body: PostApiV1BillingSubscriptionResumedWebhookPayload;
    key: '/api/v1/billing/subscription.resumed';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionUpdatedWebhookPayload = {
    type: 'subscription.updated';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionUpdatedWebhookRequest = {
    body: PostApiV1BillingSubscriptionUpdatedWebhookPayload;
    key: '/api/v1/billing/subscription.updated';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionExpiredWebhookPayload = {
    type: 'subscription.expired';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionExpiredWebhookRequest = {
    body: PostApiV1BillingSubscriptionExpiredWebhookPayload;
    key: '/api/v1/billing/subscription.expired';
    path?: never;
    query?: never;
};

export type PostApiV1BillingSubscriptionCanceledWebhookPayload = {
    type: 'subscription.canceled';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingSubscriptionCanceledWebhookRequest = {
    body: PostApiV1BillingSubscriptionCanceledWebhookPayload;
    key: '/api/v1/billing/subscription.canceled';
    path?: never;
    query?: never;
};

export type PostApiV1BillingCustomerUpdatedWebhookPayload = {
    type: 'customer.updated';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        customer: WebhookCustomer;
    };
};

export type PostApiV1BillingCustomerUpdatedWebhookRequest = {
    body: PostApiV1BillingCustomerUpdatedWebhookPayload;
    key: '/api/v1/billing/customer.updated';
    path?: never;
    query?: never;
};

export type PostApiV1BillingQuotaThresholdReachedWebhookPayload = {
    type: 'quota.threshold_reached';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        quota: WebhookQuota;
    };
};

export type PostApiV1BillingQuotaThresholdReachedWebhookRequest = {
    body: PostApiV1BillingQuotaThresholdReachedWebhookPayload;
    key: '/api/v1/billing/quota.threshold_reached';
    path?: never;
    query?: never;
};

export type PostApiV1BillingQuotaGrantedWebhookPayload = {
    type: 'quota.granted';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
    };
};

export type PostApiV1BillingQuotaGrantedWebhookRequest = {
    body: PostApiV1BillingQuotaGrantedWebhookPayload;
    key: '/api/v1/billing/quota.granted';
    path?: never;
    query?: never;
};

export type PostApiV1BillingInvoicePaidWebhookPayload = {
    type: 'invoice.paid';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        invoice: WebhookInvoice;
    };
};

export type PostApiV1BillingInvoicePaidWebhookRequest = {
    body: PostApiV1BillingInvoicePaidWebhookPayload;
    key: '/api/v1/billing/invoice.paid';
    path?: never;
    query?: never;
};

export type PostApiV1BillingInvoicePaymentFailedWebhookPayload = {
    type: 'invoice.payment_failed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        invoice: WebhookInvoice;
    };
};

export type PostApiV1BillingInvoicePaymentFailedWebhookRequest = {
    body: PostApiV1BillingInvoicePaymentFailedWebhookPayload;
    key: '/api/v1/billing/invoice.payment_failed';
    path?: never;
    query?: never;
};

export type PostApiV1BillingInvoicePaymentActionRequiredWebhookPayload = {
    type: 'invoice.payment_action_required';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        invoice: WebhookInvoice;
    };
};

export type PostApiV1BillingInvoicePaymentActionRequiredWebhookRequest = {
    body: PostApiV1BillingInvoicePaymentActionRequiredWebhookPayload;
    key: '/api/v1/billing/invoice.payment_action_required';
    path?: never;
    query?: never;
};

export type PostApiV1BillingInvoiceRefundedWebhookPayload = {
    type: 'invoice.refunded';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        invoice: WebhookInvoice;
    };
};

export type PostApiV1BillingInvoiceRefundedWebhookRequest = {
    body: PostApiV1BillingInvoiceRefundedWebhookPayload;
    key: '/api/v1/billing/invoice.refunded';
    path?: never;
    query?: never;
};

export type PostApiV1BillingInvoiceRefundFailedWebhookPayload = {
    type: 'invoice.refund_failed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        invoice: WebhookInvoice;
    };
};

export type PostApiV1BillingInvoiceRefundFailedWebhookRequest = {
    body: PostApiV1BillingInvoiceRefundFailedWebhookPayload;
    key: '/api/v1/billing/invoice.refund_failed';
    path?: never;
    query?: never;
};

export type PostApiV1BillingInvoiceCreditedWebhookPayload = {
    type: 'invoice.credited';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        invoice: WebhookInvoice;
    };
};

export type PostApiV1BillingInvoiceCreditedWebhookRequest = {
    body: PostApiV1BillingInvoiceCreditedWebhookPayload;
    key: '/api/v1/billing/invoice.credited';
    path?: never;
    query?: never;
};

export type PostApiV1BillingInvoiceDisputeOpenedWebhookPayload = {
    type: 'invoice.dispute_opened';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        invoice: WebhookInvoice;
    };
};

export type PostApiV1BillingInvoiceDisputeOpenedWebhookRequest = {
    body: PostApiV1BillingInvoiceDisputeOpenedWebhookPayload;
    key: '/api/v1/billing/invoice.dispute_opened';
    path?: never;
    query?: never;
};

export type PostApiV1BillingInvoiceDisputeClosedWebhookPayload = {
    type: 'invoice.dispute_closed';
    timestamp: string;
    data: {
        /**
         * The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The user’s id in your application.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * A description for people.
         */
        cause: string;
        /**
         * The subscription before the event; null for a new one.
         */
        previous: {
            status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
            plan: string;
            version: number;
            quantity: number;
        } | null;
        subscription: Subscription;
        invoice: WebhookInvoice;
    };
};

export type PostApiV1BillingInvoiceDisputeClosedWebhookRequest = {
    body: PostApiV1BillingInvoiceDisputeClosedWebhookPayload;
    key: '/api/v1/billing/invoice.dispute_closed';
    path?: never;
    query?: never;
};
