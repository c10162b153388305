// Generated from the OpenAPI document by `npm run generate-client`; test/packages/client compares both.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type Webhooks = PostApiV1BillingSubscriptionCreatedWebhookRequest | PostApiV1BillingCheckoutOpenedWebhookRequest | PostApiV1BillingCheckoutExpiredWebhookRequest | PostApiV1BillingSubscriptionImportedWebhookRequest | PostApiV1BillingSubscriptionActivatedWebhookRequest | PostApiV1BillingSubscriptionTrialStartedWebhookRequest | PostApiV1BillingSubscriptionTrialExtendedWebhookRequest | PostApiV1BillingSubscriptionTrialEndingWebhookRequest | PostApiV1BillingSubscriptionRenewedWebhookRequest | PostApiV1BillingSubscriptionPastDueWebhookRequest | PostApiV1BillingSubscriptionRecoveredWebhookRequest | PostApiV1BillingSubscriptionAccessEndedWebhookRequest | PostApiV1BillingSubscriptionPlanChangedWebhookRequest | PostApiV1BillingSubscriptionPlanChangeScheduledWebhookRequest | PostApiV1BillingSubscriptionPlanChangeAwaitsPaymentWebhookRequest | PostApiV1BillingSubscriptionPlanChangeWithdrawnWebhookRequest | PostApiV1BillingSubscriptionPlanChangeLapsedWebhookRequest | PostApiV1BillingSubscriptionQuantityChangedWebhookRequest | PostApiV1BillingSubscriptionCancellationScheduledWebhookRequest | PostApiV1BillingSubscriptionCancellationWithdrawnWebhookRequest | PostApiV1BillingSubscriptionPausedWebhookRequest | PostApiV1BillingSubscriptionResumedWebhookRequest | PostApiV1BillingSubscriptionUpdatedWebhookRequest | PostApiV1BillingSubscriptionExpiredWebhookRequest | PostApiV1BillingSubscriptionCanceledWebhookRequest | PostApiV1BillingQuotaThresholdReachedWebhookRequest | PostApiV1BillingQuotaGrantedWebhookRequest | PostApiV1BillingInvoicePaidWebhookRequest | PostApiV1BillingInvoicePaymentFailedWebhookRequest | PostApiV1BillingInvoicePaymentActionRequiredWebhookRequest | PostApiV1BillingInvoiceRefundedWebhookRequest | PostApiV1BillingInvoiceRefundFailedWebhookRequest | PostApiV1BillingInvoiceCreditedWebhookRequest | PostApiV1BillingInvoiceDisputeOpenedWebhookRequest | PostApiV1BillingInvoiceDisputeClosedWebhookRequest;

/**
 * As it was just after.
 */
export type Subscription = {
    id: string;
    user_id: string;
    status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
    plan: {
        slug: string;
        name: string;
        /**
         * What was bought is kept: a newer one changes nothing here.
         */
        version: number;
        /**
         * What a new subscriber of this plan gets in this currency; null when it is not sold any more.
         */
        version_on_sale: number | null;
        period: 'monthly' | 'yearly';
        price: Price;
    };
    /**
     * How many of the plan, such as seats.
     */
    quantity: number;
    /**
     * What Stripe takes off each bill.
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
     * Half-open: [start, end).
     */
    period: {
        start: string;
        end: string;
    } | null;
    trial_end: string | null;
    cancel_at: string | null;
    pending_change: {
        /**
         * `awaiting_payment` happens once it is paid, and is given up at `at`.
         */
        kind: 'scheduled' | 'awaiting_payment';
        /**
         * The slug of the plan that follows.
         */
        plan: string;
        version: number;
        at: string;
        payment_url: string | null;
    } | null;
    /**
     * When a paused subscription goes on by itself.
     */
    resumes_at: string | null;
    ended_at: string | null;
    /**
     * Whether features may be used now; a policy apart from status.
     */
    has_access: boolean;
    /**
     * Null when no end of access is known, or there is none.
     */
    access_until: string | null;
    /**
     * The page that waits to be paid.
     */
    checkout: {
        url: string;
        expires_at: string;
    } | null;
    created_at: string;
    updated_at: string;
};

/**
 * Of one; see `quantity`.
 */
export type Price = {
    /**
     * In minor units: 2000 is $20.00.
     */
    amount_minor: number;
    currency: string;
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
     * Stable: programs may depend on it.
     */
    code: string;
    /**
     * For people: what is wrong and what mends it.
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
    version: number;
    period: 'monthly' | 'yearly';
    price: Price;
    /**
     * In which it is sold; its first one first.
     */
    currencies: Array<string>;
    trial_days: number;
    features: Array<{
        code: string;
        type: 'boolean' | 'metered' | 'allocated';
        /**
         * Null is unlimited.
         */
        quota_limit: number | null;
        reset: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never';
        overage: 'refuse' | 'allow' | 'bill';
    }>;
};

export type Checkout = {
    subscription_id: string;
    status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
    /**
     * Null when nothing is to be paid.
     */
    checkout_url: string | null;
    expires_at: string | null;
};

export type CheckoutRequest = {
    /**
     * Slug or id of a plan.
     */
    plan_id: string;
    /**
     * Where the person goes after paying.
     */
    success_url?: string;
    /**
     * Where the person goes without paying.
     */
    cancel_url?: string;
    email?: string;
    /**
     * The language of e-mails, such as `en` or `pt-BR`.
     */
    locale?: string;
    /**
     * An IANA name, such as `America/Sao_Paulo`: quotas that reset by hour, day, week or month do so by its clocks.
     */
    time_zone?: string;
    /**
     * One of the plan’s `currencies`; without it the first.
     */
    currency?: string;
    quantity?: number;
    /**
     * A code that people know, such as `SPRING`.
     */
    promotion_code?: string;
    /**
     * The id of a coupon at Stripe; for applications, not for users’ own tokens.
     */
    coupon?: string;
    /**
     * The page has a field for a code; not together with one that is given here.
     */
    allow_promotion_codes?: boolean;
    /**
     * `if_required` begins a trial without asking for a card.
     */
    payment_method_collection?: 'always' | 'if_required';
};

export type CancellationRequest = {
    /**
     * `now`, `period_end`, or an instant in the future.
     */
    when: 'now' | 'period_end' | string;
};

export type PlanChangeRequest = {
    /**
     * Slug or id of a plan.
     */
    plan_id: string;
    /**
     * Without it upgrades happen now and downgrades at the end of the period.
     */
    when?: 'now' | 'period_end';
    /**
     * How many, such as seats; without it as many as before. With the present plan it changes the number alone, now.
     */
    quantity?: number;
    /**
     * From a preview of at most 60 minutes ago: charges what it said.
     */
    proration_date?: string;
};

export type PlanChangePreview = {
    /**
     * The slug of the plan that follows.
     */
    plan: string;
    when: 'now' | 'period_end';
    takes_effect_at: string;
    /**
     * Hand it to the change: it then charges exactly this.
     */
    proration_date: string | null;
    amount_due: Price & unknown;
    lines: Array<{
        description: string;
        /**
         * Negative for a credit.
         */
        amount_minor: number;
        period: {
            start: string;
            end: string;
        };
    }>;
    next_price: Price & unknown;
};

export type PauseRequest = {
    /**
     * When it goes on by itself, at most 366 days ahead. Without it, when it is resumed.
     */
    resumes_at?: string;
};

export type TrialRequest = {
    /**
     * The new end, in the future and within two years.
     */
    ends_at: string;
};

export type Invoice = {
    id: string;
    subscription_id: string;
    number: string | null;
    /**
     * Stripe’s word: `open`, `paid`, `void` or `uncollectible`.
     */
    status: string;
    /**
     * Stripe’s word, such as `subscription_cycle` for a renewal.
     */
    reason: string;
    currency: string;
    /**
     * In minor units.
     */
    amount_due_minor: number;
    /**
     * In minor units.
     */
    amount_paid_minor: number;
    /**
     * Went back to the card, in minor units.
     */
    amount_refunded_minor: number;
    /**
     * Taken back by credit notes, in minor units.
     */
    amount_credited_minor: number;
    /**
     * The time that is paid for.
     */
    period: {
        start: string;
        end: string;
    };
    /**
     * What collecting it waits for.
     */
    collection: 'none' | 'processing' | 'action_required' | 'declined' | 'collected';
    attempt_count: number;
    /**
     * Null when Stripe does not try again by itself.
     */
    next_payment_attempt: string | null;
    /**
     * Stripe’s page, where an open bill can be paid.
     */
    hosted_url: string | null;
    /**
     * Stripe’s word for the latest dispute.
     */
    dispute_status: string | null;
    /**
     * Whether a bank is deciding over its payment.
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
     * Where the person goes from there.
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
     * What may still be used: of the limit, of what rolled over and of grants, less what is reserved. Null is unlimited.
     */
    remaining: number | null;
    /**
     * When counting starts again from zero; null is never.
     */
    resets_at: string | null;
};

export type ConsumeRequest = {
    feature: string;
    amount?: number;
    /**
     * When it occurred; now, if absent. It counts in the window of that instant. Refused as `too_late` when it lies further back than USAGE_LATENESS_HOURS, and as `in_the_future`.
     */
    occurred_at?: string;
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
         * What may still be used: of the limit, of what rolled over and of grants, less what is reserved. Null is unlimited.
         */
        remaining: number | null;
        /**
         * When counting starts again from zero; null is never.
         */
        resets_at: string | null;
    }>;
};

export type BatchRequest = {
    events: Array<{
        feature: string;
        amount?: number;
        /**
         * When it occurred; now, if absent. It counts in the window of that instant. Refused as `too_late` when it lies further back than USAGE_LATENESS_HOURS, and as `in_the_future`.
         */
        occurred_at?: string;
        idempotency_key: string;
    }>;
};

export type ReleaseRequest = {
    feature: string;
    amount?: number;
    /**
     * When it occurred; now, if absent. It counts in the window of that instant. Refused as `too_late` when it lies further back than USAGE_LATENESS_HOURS, and as `in_the_future`.
     */
    occurred_at?: string;
};

export type ReservationOutcome = {
    outcome: 'allowed' | 'refused';
    reason?: 'no_subscription' | 'no_access' | 'feature_not_in_plan' | 'feature_not_countable' | 'quota_exceeded' | 'more_than_used' | 'too_late' | 'in_the_future';
    /**
     * Null when nothing was reserved.
     */
    reservation: {
        id: string;
        state: 'held' | 'settled' | 'released' | 'expired';
        amount: number;
        settled_amount: number | null;
        expires_at: string;
    } | null;
    used_amount: number;
    /**
     * Null is unlimited.
     */
    quota_limit: number | null;
    /**
     * What may still be used: of the limit, of what rolled over and of grants, less what is reserved. Null is unlimited.
     */
    remaining: number | null;
    /**
     * When counting starts again from zero; null is never.
     */
    resets_at: string | null;
};

export type ReservationRequest = {
    feature: string;
    amount?: number;
    /**
     * Seconds after which the amount comes back by itself.
     */
    expires_in?: number;
};

export type SettlementRequest = {
    amount: number;
};

export type CheckRequest = {
    feature: string;
    amount?: number;
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
         * What may still be used: of the limit, of what rolled over and of grants, less what is reserved. Null is unlimited.
         */
        remaining: number | null;
        /**
         * When counting starts again from zero; null is never.
         */
        resets_at: string | null;
        /**
         * Came over from the window before.
         */
        rolled_over_amount: number;
        /**
         * What grants still hold; used after the limit.
         */
        granted_remaining: number;
        /**
         * Reserved, and not yet settled or released.
         */
        held_amount: number;
        /**
         * The part of `used_amount` that lies beyond all limits.
         */
        overage_amount: number;
        /**
         * Half-open: the end belongs to the next window. Null for what is not counted or never resets.
         */
        window: {
            start: string;
            end: string;
        } | null;
    }>;
};

export type UsageHistory = {
    feature: string;
    bucket: 'hour' | 'day' | 'month';
    buckets: Array<{
        start: string;
        end: string;
        /**
         * Less what was given back: it may be negative.
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
     * What may still be used: nothing once it expired or was revoked.
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
     * From this instant on it counts no more; null is never.
     */
    expires_at?: string | null;
    /**
     * Why: it is kept with the action.
     */
    reason: string;
};

export type Override = {
    user_id: string;
    feature: string;
    /**
     * Null is unlimited.
     */
    quota_limit: number | null;
    expires_at: string | null;
    reason: string;
    created_at: string;
};

export type OverrideRequest = {
    /**
     * Null is unlimited.
     */
    quota_limit: number | null;
    /**
     * From this instant on it counts no more; null is never.
     */
    expires_at?: string | null;
    /**
     * Why: it is kept with the action.
     */
    reason: string;
};

export type OperatorActions = {
    actions: Array<{
        id: number;
        at: string;
        /**
         * The API key that asked; null when the service did, or somebody in Temporal’s UI.
         */
        key_id: string | null;
        /**
         * Whoever asked without a key, by their own words.
         */
        asked_by: string | null;
        action: 'grant' | 'revoke_grant' | 'set_override' | 'remove_override' | 'cancel' | 'withdraw_cancellation' | 'change_plan' | 'withdraw_plan_change' | 'pause' | 'resume' | 'extend_trial' | 'end_trial' | 'sync' | 'force_cancel' | 'steer_plan_migration' | 'create_webhook_endpoint' | 'change_webhook_endpoint' | 'delete_webhook_endpoint' | 'disable_webhook_endpoint' | 'enable_webhook_endpoint' | 'rotate_webhook_secret' | 'replay_webhook_deliveries';
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
     * `received`: not told yet. `forwarded`: told, not taken in yet. `done`: taken in, or nothing to do. `parked`: kept, and not acted upon, for `reason`.
     */
    state: 'received' | 'forwarded' | 'done' | 'parked';
    reason: string | null;
    last_error: string | null;
    attempts: number;
    /**
     * When it is told next, while it is `received` or `forwarded`.
     */
    due_at: string;
    /**
     * When it happened at Stripe.
     */
    created_at: string;
    received_at: string;
    subscription_id: string | null;
    /**
     * The ids it carries.
     */
    object_ids: {
        [key: string]: string | null;
    };
};

export type RedriveRequest = {
    event_ids: Array<string>;
} | {
    /**
     * All that are parked for this reason.
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
     * Slug or id of a plan that is on sale.
     */
    plan_id: string;
};

export type DriftFinding = {
    /**
     * What is different, and of what: the same finding has the same key.
     */
    key: string;
    kind: 'differs' | 'bill_differs' | 'customer_differs' | 'unnamed_at_stripe' | 'gone_at_stripe' | 'over_here_live_there' | 'missing_here' | 'no_workflow' | 'unknown_customer' | 'unknown_price' | 'foreign_subscription' | 'second_subscription' | 'second_customer' | 'extra_refunded' | 'plan_differs';
    subscription_id: string | null;
    stripe_id: string | null;
    /**
     * In words, for a person.
     */
    detail: string;
    /**
     * Who mends it. `adopt`: Stripe’s state is read again. `import`: it begins to be known here. `push`: it is written at Stripe again. `operator`: a person decides, as always where money would move.
     */
    remedy: 'adopt' | 'import' | 'push' | 'operator';
    /**
     * `repaired` by us, `resolved` by itself, `dismissed` by a person.
     */
    state: 'open' | 'repaired' | 'resolved' | 'dismissed';
    found_at: string;
    /**
     * When it was last seen.
     */
    seen_at: string;
    closed_at: string | null;
    closed_by: string | null;
};

export type DriftDismissal = {
    keys: Array<string>;
    /**
     * Why: it is kept with the action.
     */
    reason: string;
};

export type Reconciliation = {
    id: string;
    /**
     * Who wanted it.
     */
    cause: string;
    dry_run: boolean;
    started_at: string;
    finished_at: string | null;
    /**
     * How much Stripe listed.
     */
    listed: number;
    /**
     * How much differed.
     */
    found: number;
    repaired: number;
};

export type ReconciliationRequest = {
    /**
     * `import` looks only for subscriptions that are not known here.
     */
    scope?: 'all' | 'import';
    /**
     * Report, and mend nothing.
     */
    dry_run?: boolean;
    /**
     * What is found beyond this is reported and left for the next time.
     */
    repairs_max?: number;
};

export type SyncFigures = {
    inbox: {
        /**
         * Not told yet.
         */
        received: number;
        /**
         * Told, not taken in yet.
         */
        forwarded: number;
        parked: number;
        /**
         * How long the oldest that is not taken in has waited.
         */
        lag_seconds: number;
    };
    /**
     * How far Stripe’s list of events was read; null before the first time.
     */
    events_read_to: string | null;
    /**
     * What differs, by kind.
     */
    drift: Array<{
        kind: 'differs' | 'bill_differs' | 'customer_differs' | 'unnamed_at_stripe' | 'gone_at_stripe' | 'over_here_live_there' | 'missing_here' | 'no_workflow' | 'unknown_customer' | 'unknown_price' | 'foreign_subscription' | 'second_subscription' | 'second_customer' | 'extra_refunded' | 'plan_differs';
        open: number;
    }>;
    /**
     * When everything was last compared to its end.
     */
    compared_at: string | null;
};

export type CatalogueChanges = {
    changes: Array<{
        id: number;
        at: string;
        /**
         * The id of an API key, or the name of a command.
         */
        by: string;
        kind: string;
        /**
         * A feature, a plan, or a version such as `plan_pro/2`.
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

export type PlanVersionAtStripe = {
    plan: string;
    version: number;
    stripe_price_id: string | null;
    /**
     * Null: the worker makes it so within seconds.
     */
    pushed_at: string | null;
    compared_at: string | null;
    /**
     * What somebody changed at Stripe.
     */
    drift: string | null;
    /**
     * Why Stripe did not take it; it is tried again.
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
     * What Stripe calls the events of its meter; null is the code.
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
     * What Stripe calls the events of its meter; null is the code.
     */
    meter_event_name?: string | null;
};

export type CataloguePlan = {
    id: string;
    slug: string;
    /**
     * What people read, also on Stripe’s pages.
     */
    name: string;
    /**
     * A change to a plan of a higher rank is an upgrade.
     */
    rank: number;
    product_line: string;
    /**
     * The newest first.
     */
    versions: Array<PlanVersion>;
};

export type PlanVersion = {
    id: string;
    plan: string;
    version: number;
    state: 'draft' | 'published' | 'retired';
    /**
     * Who buys the plan now gets this version.
     */
    on_sale: boolean;
    /**
     * Live subscriptions that have it: they keep it.
     */
    subscribers: number;
    period: 'monthly' | 'yearly' | null;
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
    }>;
    /**
     * The one user that it is offered to.
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
     * What people read, also on Stripe’s pages.
     */
    name: string;
    /**
     * A change to a plan of a higher rank is an upgrade.
     */
    rank: number;
    /**
     * A user has one live subscription of each product line.
     */
    product_line?: string;
};

export type PlanVersionRequest = {
    period?: 'monthly' | 'yearly' | null;
    price?: {
        /**
         * In minor units: 2000 is $20.00.
         */
        amount_minor: number;
        currency: string;
    } | null;
    trial_days?: number;
    features?: Array<{
        code: string;
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
    }>;
};

export type OfferRequest = {
    period?: 'monthly' | 'yearly' | null;
    price?: {
        /**
         * In minor units: 2000 is $20.00.
         */
        amount_minor: number;
        currency: string;
    } | null;
    trial_days?: number;
    features?: Array<{
        code: string;
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
    }>;
    /**
     * From then on it is offered no more, and who has it goes back to the plan’s version on sale at the end of the period; null is never.
     */
    until?: string | null;
    /**
     * Why: it is kept with the action.
     */
    reason: string;
};

export type PlanMigration = {
    id: string;
    /**
     * `awaiting_approval` follows the canary; `reviewed` ends a dry run.
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
     * The API key that asked.
     */
    by: string;
    created_at: string;
    updated_at: string;
    ended_at: string | null;
    report: {
        /**
         * Subscriptions that were looked at so far.
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
         * Why some do not move, and how many.
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
             * What the moves themselves charge, before taxes, coupons and balances; negative credits.
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
     * `now` charges and credits what is left of the period; `period_end` charges nothing.
     */
    when?: 'now' | 'period_end';
    /**
     * Whom of those who have these versions; what is left out does not matter.
     */
    filter?: {
        statuses?: Array<'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled'>;
        user_ids?: Array<string>;
        subscribed_since?: string;
        subscribed_before?: string;
    };
    /**
     * Says what would happen, and moves nobody.
     */
    dry_run?: boolean;
    /**
     * So many are moved first; then it waits for approval. 0 moves all at once.
     */
    canary_percent?: number;
    rate_per_minute?: number;
    /**
     * Why: it is kept with the action.
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
     * `kept`: somebody else has changed it, so it is not rolled back, or not moved.
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
     * The key itself. It is shown here and never again.
     */
    key: string;
};

export type ApiKey = {
    id: string;
    name: string;
    /**
     * What the key begins with, to tell it apart.
     */
    prefix: string;
    scopes: Array<'app' | 'operator' | 'read'>;
    created_at: string;
    /**
     * From this instant on it opens nothing; null is never.
     */
    expires_at: string | null;
    /**
     * Right to a minute.
     */
    last_used_at: string | null;
    revoked_at: string | null;
    /**
     * The key whose successor this is.
     */
    rotated_from: string | null;
};

export type ApiKeyRequest = {
    /**
     * Whose it is: for people.
     */
    name: string;
    /**
     * `app` acts for users, `read` only reads for them, `operator` operates the service.
     */
    scopes: Array<'app' | 'operator' | 'read'>;
    /**
     * From this instant on it counts no more; null is never.
     */
    expires_at?: string | null;
};

export type RotatedApiKey = ApiKey & {
    /**
     * The key itself. It is shown here and never again.
     */
    key: string;
    replaced: ApiKey;
};

export type RotationRequest = {
    /**
     * 0 ends the old key at once: for one that leaked.
     */
    overlap_seconds?: number;
};

export type NewWebhookEndpoint = WebhookEndpoint & {
    /**
     * `whsec_…`, for the receiver alone. It is shown here and never again.
     */
    secret: string;
};

export type WebhookEndpoint = {
    id: string;
    url: string;
    description: string;
    /**
     * Null is every type, those of later releases too.
     */
    event_types: Array<string> | null;
    state: 'enabled' | 'disabled';
    disabled_reason: string | null;
    /**
     * What it missed is not lost: enable it, then replay since a little before it failed.
     */
    disabled_at: string | null;
    /**
     * Since when nothing was acknowledged; null while all is well.
     */
    failing_since: string | null;
    /**
     * How many sign at present, the newest first; never a secret itself.
     */
    secrets: Array<{
        valid_until: string | null;
    }>;
    created_at: string;
    updated_at: string;
};

export type WebhookEndpointRequest = {
    /**
     * In production https://, and no address of a private network.
     */
    url: string;
    /**
     * For people.
     */
    description?: string;
    /**
     * What it is told of; null is everything, what later releases tell too.
     */
    event_types?: Array<'subscription.created' | 'checkout.opened' | 'checkout.expired' | 'subscription.imported' | 'subscription.activated' | 'subscription.trial_started' | 'subscription.trial_extended' | 'subscription.trial_ending' | 'subscription.renewed' | 'subscription.past_due' | 'subscription.recovered' | 'subscription.access_ended' | 'subscription.plan_changed' | 'subscription.plan_change_scheduled' | 'subscription.plan_change_awaits_payment' | 'subscription.plan_change_withdrawn' | 'subscription.plan_change_lapsed' | 'subscription.quantity_changed' | 'subscription.cancellation_scheduled' | 'subscription.cancellation_withdrawn' | 'subscription.paused' | 'subscription.resumed' | 'subscription.updated' | 'subscription.expired' | 'subscription.canceled' | 'quota.threshold_reached' | 'quota.granted' | 'invoice.paid' | 'invoice.payment_failed' | 'invoice.payment_action_required' | 'invoice.refunded' | 'invoice.refund_failed' | 'invoice.credited' | 'invoice.dispute_opened' | 'invoice.dispute_closed'> | null;
};

export type WebhookEndpointState = {
    state: 'enabled';
} | {
    state: 'disabled';
    /**
     * Why: it is kept with the action.
     */
    reason: string;
};

export type WebhookRotationRequest = {
    /**
     * 0 ends the secrets before at once: for one that leaked.
     */
    overlap_seconds?: number;
};

export type WebhookTest = {
    webhook_id: string;
    acknowledged: boolean;
    /**
     * Null when no answer came.
     */
    status: number | null;
    error: string | null;
    /**
     * What the answer begins with.
     */
    body: string;
    duration_ms: number;
};

export type WebhookDelivery = {
    id: number;
    /**
     * As the receiver gets it.
     */
    webhook_id: string;
    endpoint_id: string;
    subscription_id: string;
    sequence: number;
    type: string;
    /**
     * `pending`: to be sent, perhaps again. `failed`: given up; a replay sends it.
     */
    state: 'pending' | 'delivered' | 'failed';
    /**
     * Since it was written or replayed.
     */
    attempts: number;
    /**
     * When it is sent next, while it is `pending`.
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
     * All that happened from this instant on, acknowledged or not.
     */
    since: string;
};

export type OperatedSubscription = Subscription & {
    /**
     * What differs from Stripe and waits for a person; null when nothing does.
     */
    drift: string | null;
    stripe_subscription_id: string | null;
    /**
     * Where its life can be read in Temporal’s UI.
     */
    workflow_id: string;
};

export type ForcedCancellationRequest = {
    /**
     * Why: it is kept with the action.
     */
    reason: string;
};

export type SubscriptionGrantRequest = {
    feature: string;
    amount: number;
    /**
     * From this instant on it counts no more; null is never.
     */
    expires_at?: string | null;
    /**
     * Why: it is kept with the action.
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

export type GetPlansData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Shows each plan in it, if it is sold in it, and else in its first one.
         */
        currency?: string;
    };
    url: '/plans';
};

export type GetPlansResponses = {
    /**
     * All plans that a new subscription can choose, by rank.
     */
    200: {
        plans: Array<Plan>;
    };
};

export type GetPlansResponse = GetPlansResponses[keyof GetPlansResponses];

export type PostSubscriptionsCheckoutData = {
    body: CheckoutRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/subscriptions/checkout';
};

export type PostSubscriptionsCheckoutResponses = {
    /**
     * The subscription runs, or waits to be paid.
     */
    201: Checkout;
};

export type PostSubscriptionsCheckoutResponse = PostSubscriptionsCheckoutResponses[keyof PostSubscriptionsCheckoutResponses];

export type DeleteSubscriptionsIdCancellationData = {
    body?: never;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/cancellation';
};

export type DeleteSubscriptionsIdCancellationResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type DeleteSubscriptionsIdCancellationResponse = DeleteSubscriptionsIdCancellationResponses[keyof DeleteSubscriptionsIdCancellationResponses];

export type PutSubscriptionsIdCancellationData = {
    body: CancellationRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/cancellation';
};

export type PutSubscriptionsIdCancellationResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type PutSubscriptionsIdCancellationResponse = PutSubscriptionsIdCancellationResponses[keyof PutSubscriptionsIdCancellationResponses];

export type PutSubscriptionsIdPlanData = {
    body: PlanChangeRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/plan';
};

export type PutSubscriptionsIdPlanResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type PutSubscriptionsIdPlanResponse = PutSubscriptionsIdPlanResponses[keyof PutSubscriptionsIdPlanResponses];

export type DeleteSubscriptionsIdPlanPendingData = {
    body?: never;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/plan/pending';
};

export type DeleteSubscriptionsIdPlanPendingResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type DeleteSubscriptionsIdPlanPendingResponse = DeleteSubscriptionsIdPlanPendingResponses[keyof DeleteSubscriptionsIdPlanPendingResponses];

export type PostSubscriptionsIdPlanPreviewData = {
    body: {
        /**
         * Slug or id of a plan.
         */
        plan_id: string;
        /**
         * Without it upgrades happen now and downgrades at the end of the period.
         */
        when?: 'now' | 'period_end';
        /**
         * How many, such as seats; without it as many as before. With the present plan it changes the number alone, now.
         */
        quantity?: number;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/plan/preview';
};

export type PostSubscriptionsIdPlanPreviewResponses = {
    /**
     * The reckoning.
     */
    200: PlanChangePreview;
};

export type PostSubscriptionsIdPlanPreviewResponse = PostSubscriptionsIdPlanPreviewResponses[keyof PostSubscriptionsIdPlanPreviewResponses];

export type DeleteSubscriptionsIdPauseData = {
    body?: never;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/pause';
};

export type DeleteSubscriptionsIdPauseResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type DeleteSubscriptionsIdPauseResponse = DeleteSubscriptionsIdPauseResponses[keyof DeleteSubscriptionsIdPauseResponses];

export type PutSubscriptionsIdPauseData = {
    body: PauseRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/pause';
};

export type PutSubscriptionsIdPauseResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type PutSubscriptionsIdPauseResponse = PutSubscriptionsIdPauseResponses[keyof PutSubscriptionsIdPauseResponses];

export type DeleteSubscriptionsIdTrialData = {
    body?: never;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/trial';
};

export type DeleteSubscriptionsIdTrialResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type DeleteSubscriptionsIdTrialResponse = DeleteSubscriptionsIdTrialResponses[keyof DeleteSubscriptionsIdTrialResponses];

export type PutSubscriptionsIdTrialData = {
    body: TrialRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/trial';
};

export type PutSubscriptionsIdTrialResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type PutSubscriptionsIdTrialResponse = PutSubscriptionsIdTrialResponses[keyof PutSubscriptionsIdTrialResponses];

export type PostSubscriptionsIdSyncData = {
    body?: never;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/sync';
};

export type PostSubscriptionsIdSyncResponses = {
    /**
     * The subscription as it is now.
     */
    200: Subscription;
};

export type PostSubscriptionsIdSyncResponse = PostSubscriptionsIdSyncResponses[keyof PostSubscriptionsIdSyncResponses];

export type GetSubscriptionsCurrentData = {
    body?: never;
    path?: never;
    query?: {
        product_line?: string;
    };
    url: '/subscriptions/current';
};

export type GetSubscriptionsCurrentResponses = {
    /**
     * The subscription that is not over.
     */
    200: Subscription;
};

export type GetSubscriptionsCurrentResponse = GetSubscriptionsCurrentResponses[keyof GetSubscriptionsCurrentResponses];

export type GetSubscriptionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/subscriptions';
};

export type GetSubscriptionsResponses = {
    /**
     * At most 100.
     */
    200: {
        subscriptions: Array<Subscription>;
    };
};

export type GetSubscriptionsResponse = GetSubscriptionsResponses[keyof GetSubscriptionsResponses];

export type GetSubscriptionsIdData = {
    body?: never;
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}';
};

export type GetSubscriptionsIdResponses = {
    /**
     * The subscription.
     */
    200: Subscription;
};

export type GetSubscriptionsIdResponse = GetSubscriptionsIdResponses[keyof GetSubscriptionsIdResponses];

export type GetSubscriptionsIdTimelineData = {
    body?: never;
    path: {
        /**
         * The id of a subscription.
         */
        id: string;
    };
    query?: never;
    url: '/subscriptions/{id}/timeline';
};

export type GetSubscriptionsIdTimelineResponses = {
    /**
     * The first 500 changes, the oldest first.
     */
    200: {
        changes: Array<{
            seq: number;
            at: string;
            actor: 'user' | 'stripe' | 'time' | 'operator';
            kind: 'checkout_opened' | 'checkout_expired' | 'imported' | 'activated' | 'trial_started' | 'renewed' | 'payment_failed' | 'payment_retry_failed' | 'payment_action_required' | 'recovered' | 'access_ended' | 'payment_refunded' | 'refund_failed' | 'invoice_credited' | 'dispute_opened' | 'dispute_closed' | 'plan_changed' | 'quantity_changed' | 'cancellation_scheduled' | 'cancellation_withdrawn' | 'plan_change_scheduled' | 'plan_change_awaits_payment' | 'plan_change_withdrawn' | 'plan_change_lapsed' | 'paused' | 'resumed' | 'trial_extended' | 'trial_ending' | 'expired' | 'canceled' | 'status_changed' | 'quota_threshold' | 'granted' | 'drifted';
            cause: string;
            status: {
                before: string | null;
                after: string;
            };
        }>;
    };
};

export type GetSubscriptionsIdTimelineResponse = GetSubscriptionsIdTimelineResponses[keyof GetSubscriptionsIdTimelineResponses];

export type GetInvoicesData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
        /**
         * The id of a bill: only older ones are answered.
         */
        after?: string;
    };
    url: '/invoices';
};

export type GetInvoicesResponses = {
    /**
     * A page of bills.
     */
    200: {
        invoices: Array<Invoice>;
        /**
         * What `after` has to be for the next page; null on the last.
         */
        next: string | null;
    };
};

export type GetInvoicesResponse = GetInvoicesResponses[keyof GetInvoicesResponses];

export type PostPortalData = {
    body: PortalRequest;
    path?: never;
    query?: never;
    url: '/portal';
};

export type PostPortalResponses = {
    /**
     * The link.
     */
    201: Portal;
};

export type PostPortalResponse = PostPortalResponses[keyof PostPortalResponses];

export type PostUsageConsumeData = {
    body: ConsumeRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/usage/consume';
};

export type PostUsageConsumeResponses = {
    /**
     * The decision, committed. A repeat with the same key answers the same and counts nothing.
     */
    200: ConsumeOutcome;
};

export type PostUsageConsumeResponse = PostUsageConsumeResponses[keyof PostUsageConsumeResponses];

export type PostUsageBatchData = {
    body: BatchRequest;
    path?: never;
    query?: never;
    url: '/usage/batch';
};

export type PostUsageBatchResponses = {
    /**
     * One answer for each event, in order, committed. `idempotency_key_reused`: the key came with another feature or amount before; nothing was counted.
     */
    200: BatchOutcome;
};

export type PostUsageBatchResponse = PostUsageBatchResponses[keyof PostUsageBatchResponses];

export type PostUsageReleaseData = {
    body: ReleaseRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/usage/release';
};

export type PostUsageReleaseResponses = {
    /**
     * The decision, committed. A repeat with the same key answers the same and gives nothing back.
     */
    200: ConsumeOutcome;
};

export type PostUsageReleaseResponse = PostUsageReleaseResponses[keyof PostUsageReleaseResponses];

export type PostUsageReservationsData = {
    body: ReservationRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/usage/reservations';
};

export type PostUsageReservationsResponses = {
    /**
     * The decision, committed. A repeat answers the same reservation, as it is now.
     */
    200: ReservationOutcome;
};

export type PostUsageReservationsResponse = PostUsageReservationsResponses[keyof PostUsageReservationsResponses];

export type DeleteUsageReservationsIdData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/usage/reservations/{id}';
};

export type DeleteUsageReservationsIdResponses = {
    /**
     * Released, or expired before.
     */
    200: ReservationOutcome;
};

export type DeleteUsageReservationsIdResponse = DeleteUsageReservationsIdResponses[keyof DeleteUsageReservationsIdResponses];

export type PutUsageReservationsIdData = {
    body: SettlementRequest;
    path: {
        id: string;
    };
    query?: never;
    url: '/usage/reservations/{id}';
};

export type PutUsageReservationsIdResponses = {
    /**
     * Settled, or refused. A repeat answers the same.
     */
    200: ReservationOutcome;
};

export type PutUsageReservationsIdResponse = PutUsageReservationsIdResponses[keyof PutUsageReservationsIdResponses];

export type PostUsageCheckData = {
    body: CheckRequest;
    path?: never;
    query?: never;
    url: '/usage/check';
};

export type PostUsageCheckResponses = {
    /**
     * What `consume` would say at this moment.
     */
    200: ConsumeOutcome;
};

export type PostUsageCheckResponse = PostUsageCheckResponses[keyof PostUsageCheckResponses];

export type GetUsageData = {
    body?: never;
    path?: never;
    query?: {
        product_line?: string;
    };
    url: '/usage';
};

export type GetUsageResponses = {
    /**
     * Each feature of the live subscription in its present window.
     */
    200: Usage;
};

export type GetUsageResponse = GetUsageResponses[keyof GetUsageResponses];

export type GetUsageHistoryData = {
    body?: never;
    path?: never;
    query: {
        feature: string;
        from: string;
        to: string;
        bucket?: 'hour' | 'day' | 'month';
        /**
         * An IANA name, such as `America/Sao_Paulo`: by its clocks buckets begin.
         */
        time_zone?: string;
    };
    url: '/usage/history';
};

export type GetUsageHistoryResponses = {
    /**
     * In order of time.
     */
    200: UsageHistory;
};

export type GetUsageHistoryResponse = GetUsageHistoryResponses[keyof GetUsageHistoryResponses];

export type GetAdminGrantsData = {
    body?: never;
    path?: never;
    query?: {
        user_id?: string;
        feature?: string;
        limit?: number;
    };
    url: '/admin/grants';
};

export type GetAdminGrantsResponses = {
    /**
     * Also those that are used up, expired or revoked.
     */
    200: {
        grants: Array<Grant>;
    };
};

export type GetAdminGrantsResponse = GetAdminGrantsResponses[keyof GetAdminGrantsResponses];

export type PostAdminGrantsData = {
    body: GrantRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/grants';
};

export type PostAdminGrantsResponses = {
    /**
     * Granted, and in force at once.
     */
    201: Grant;
};

export type PostAdminGrantsResponse = PostAdminGrantsResponses[keyof PostAdminGrantsResponses];

export type DeleteAdminGrantsIdData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/grants/{id}';
};

export type DeleteAdminGrantsIdResponses = {
    /**
     * The grant, revoked.
     */
    200: Grant;
};

export type DeleteAdminGrantsIdResponse = DeleteAdminGrantsIdResponses[keyof DeleteAdminGrantsIdResponses];

export type DeleteAdminUsersUserIdOverridesFeatureData = {
    body?: never;
    path: {
        user_id: string;
        feature: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/overrides/{feature}';
};

export type DeleteAdminUsersUserIdOverridesFeatureResponses = {
    /**
     * The override that was removed.
     */
    200: Override;
};

export type DeleteAdminUsersUserIdOverridesFeatureResponse = DeleteAdminUsersUserIdOverridesFeatureResponses[keyof DeleteAdminUsersUserIdOverridesFeatureResponses];

export type PutAdminUsersUserIdOverridesFeatureData = {
    body: OverrideRequest;
    path: {
        user_id: string;
        feature: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/overrides/{feature}';
};

export type PutAdminUsersUserIdOverridesFeatureResponses = {
    /**
     * The override that is in force now.
     */
    200: Override;
};

export type PutAdminUsersUserIdOverridesFeatureResponse = PutAdminUsersUserIdOverridesFeatureResponses[keyof PutAdminUsersUserIdOverridesFeatureResponses];

export type GetAdminUsersUserIdOverridesData = {
    body?: never;
    path: {
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/overrides';
};

export type GetAdminUsersUserIdOverridesResponses = {
    /**
     * At most one for each feature; also those that expired.
     */
    200: {
        overrides: Array<Override>;
    };
};

export type GetAdminUsersUserIdOverridesResponse = GetAdminUsersUserIdOverridesResponses[keyof GetAdminUsersUserIdOverridesResponses];

export type GetAdminUsersUserIdActionsData = {
    body?: never;
    path: {
        user_id: string;
    };
    query?: {
        limit?: number;
    };
    url: '/admin/users/{user_id}/actions';
};

export type GetAdminUsersUserIdActionsResponses = {
    /**
     * Each with what was before and after it.
     */
    200: OperatorActions;
};

export type GetAdminUsersUserIdActionsResponse = GetAdminUsersUserIdActionsResponses[keyof GetAdminUsersUserIdActionsResponses];

export type GetAdminActionsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/actions';
};

export type GetAdminActionsResponses = {
    /**
     * Each with what was before and after it.
     */
    200: OperatorActions;
};

export type GetAdminActionsResponse = GetAdminActionsResponses[keyof GetAdminActionsResponses];

export type GetAdminStripeEventsData = {
    body?: never;
    path?: never;
    query?: {
        state?: 'received' | 'forwarded' | 'done' | 'parked';
        type?: string;
        /**
         * Exactly as it is written on an event.
         */
        reason?: string;
        /**
         * Ours.
         */
        subscription_id?: string;
        /**
         * Any of Stripe’s ids: of a customer, subscription, session, bill or payment.
         */
        stripe_id?: string;
        /**
         * The last `event_id` of the page before.
         */
        after?: string;
        limit?: number;
    };
    url: '/admin/stripe-events';
};

export type GetAdminStripeEventsResponses = {
    /**
     * A page. Bodies of events are not shown: nothing in them is believed.
     */
    200: {
        events: Array<StripeEvent>;
    };
};

export type GetAdminStripeEventsResponse = GetAdminStripeEventsResponses[keyof GetAdminStripeEventsResponses];

export type PostAdminStripeEventsRedriveData = {
    body: RedriveRequest;
    path?: never;
    query?: never;
    url: '/admin/stripe-events/redrive';
};

export type PostAdminStripeEventsRedriveResponses = {
    /**
     * The ids of those that are told again.
     */
    200: {
        event_ids: Array<string>;
    };
};

export type PostAdminStripeEventsRedriveResponse = PostAdminStripeEventsRedriveResponses[keyof PostAdminStripeEventsRedriveResponses];

export type PutAdminStripePricesPriceIdData = {
    body: StripePriceRequest;
    path: {
        price_id: string;
    };
    query?: never;
    url: '/admin/stripe-prices/{price_id}';
};

export type PutAdminStripePricesPriceIdResponses = {
    /**
     * What it stands for now, and how many events are told again.
     */
    200: StripePrice & {
        redriven: number;
    };
};

export type PutAdminStripePricesPriceIdResponse = PutAdminStripePricesPriceIdResponses[keyof PutAdminStripePricesPriceIdResponses];

export type GetAdminStripePricesData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/stripe-prices';
};

export type GetAdminStripePricesResponses = {
    /**
     * Without those that each version has itself.
     */
    200: {
        prices: Array<StripePrice>;
    };
};

export type GetAdminStripePricesResponse = GetAdminStripePricesResponses[keyof GetAdminStripePricesResponses];

export type GetAdminDriftData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * All of them without it.
         */
        state?: 'open' | 'repaired' | 'resolved' | 'dismissed';
        kind?: 'differs' | 'bill_differs' | 'customer_differs' | 'unnamed_at_stripe' | 'gone_at_stripe' | 'over_here_live_there' | 'missing_here' | 'no_workflow' | 'unknown_customer' | 'unknown_price' | 'foreign_subscription' | 'second_subscription' | 'second_customer' | 'extra_refunded' | 'plan_differs';
        /**
         * Ours.
         */
        subscription_id?: string;
        /**
         * The last `key` of the page before.
         */
        after?: string;
        limit?: number;
    };
    url: '/admin/drift';
};

export type GetAdminDriftResponses = {
    /**
     * A page.
     */
    200: {
        findings: Array<DriftFinding>;
    };
};

export type GetAdminDriftResponse = GetAdminDriftResponses[keyof GetAdminDriftResponses];

export type PostAdminDriftDismissData = {
    body: DriftDismissal;
    path?: never;
    query?: never;
    url: '/admin/drift/dismiss';
};

export type PostAdminDriftDismissResponses = {
    /**
     * Those that were open.
     */
    200: {
        findings: Array<DriftFinding>;
    };
};

export type PostAdminDriftDismissResponse = PostAdminDriftDismissResponses[keyof PostAdminDriftDismissResponses];

export type GetAdminReconciliationsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/reconciliations';
};

export type GetAdminReconciliationsResponses = {
    /**
     * What each found is in `/admin/drift`.
     */
    200: {
        reconciliations: Array<Reconciliation>;
    };
};

export type GetAdminReconciliationsResponse = GetAdminReconciliationsResponses[keyof GetAdminReconciliationsResponses];

export type PostAdminReconciliationsData = {
    body: ReconciliationRequest;
    path?: never;
    query?: never;
    url: '/admin/reconciliations';
};

export type PostAdminReconciliationsResponses = {
    /**
     * It has begun.
     */
    202: {
        workflow_id: string;
    };
};

export type PostAdminReconciliationsResponse = PostAdminReconciliationsResponses[keyof PostAdminReconciliationsResponses];

export type GetAdminSyncData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/sync';
};

export type GetAdminSyncResponses = {
    /**
     * Now.
     */
    200: SyncFigures;
};

export type GetAdminSyncResponse = GetAdminSyncResponses[keyof GetAdminSyncResponses];

export type GetAdminCatalogueChangesData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/catalogue/changes';
};

export type GetAdminCatalogueChangesResponses = {
    /**
     * Each with what was before and after it.
     */
    200: CatalogueChanges;
};

export type GetAdminCatalogueChangesResponse = GetAdminCatalogueChangesResponses[keyof GetAdminCatalogueChangesResponses];

export type GetAdminCatalogueStripeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/catalogue/stripe';
};

export type GetAdminCatalogueStripeResponses = {
    /**
     * Versions that cost something.
     */
    200: {
        versions: Array<PlanVersionAtStripe>;
    };
};

export type GetAdminCatalogueStripeResponse = GetAdminCatalogueStripeResponses[keyof GetAdminCatalogueStripeResponses];

export type PutAdminPlansSlugVersionsVersionStripeData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}/stripe';
};

export type PutAdminPlansSlugVersionsVersionStripeResponses = {
    /**
     * The worker does it within seconds.
     */
    202: PlanVersionAtStripe;
};

export type PutAdminPlansSlugVersionsVersionStripeResponse = PutAdminPlansSlugVersionsVersionStripeResponses[keyof PutAdminPlansSlugVersionsVersionStripeResponses];

export type GetAdminFeaturesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/features';
};

export type GetAdminFeaturesResponses = {
    /**
     * By code.
     */
    200: {
        features: Array<Feature>;
    };
};

export type GetAdminFeaturesResponse = GetAdminFeaturesResponses[keyof GetAdminFeaturesResponses];

export type DeleteAdminFeaturesCodeData = {
    body?: never;
    path: {
        code: string;
    };
    query?: never;
    url: '/admin/features/{code}';
};

export type DeleteAdminFeaturesCodeResponses = {
    /**
     * It is gone.
     */
    204: void;
};

export type DeleteAdminFeaturesCodeResponse = DeleteAdminFeaturesCodeResponses[keyof DeleteAdminFeaturesCodeResponses];

export type PutAdminFeaturesCodeData = {
    body: FeatureRequest;
    path: {
        code: string;
    };
    query?: never;
    url: '/admin/features/{code}';
};

export type PutAdminFeaturesCodeResponses = {
    /**
     * The feature as it is now.
     */
    200: Feature;
};

export type PutAdminFeaturesCodeResponse = PutAdminFeaturesCodeResponses[keyof PutAdminFeaturesCodeResponses];

export type GetAdminPlansData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/plans';
};

export type GetAdminPlansResponses = {
    /**
     * By rank.
     */
    200: {
        plans: Array<CataloguePlan>;
    };
};

export type GetAdminPlansResponse = GetAdminPlansResponses[keyof GetAdminPlansResponses];

export type DeleteAdminPlansSlugData = {
    body?: never;
    path: {
        slug: string;
    };
    query?: never;
    url: '/admin/plans/{slug}';
};

export type DeleteAdminPlansSlugResponses = {
    /**
     * It is gone.
     */
    204: void;
};

export type DeleteAdminPlansSlugResponse = DeleteAdminPlansSlugResponses[keyof DeleteAdminPlansSlugResponses];

export type GetAdminPlansSlugData = {
    body?: never;
    path: {
        slug: string;
    };
    query?: never;
    url: '/admin/plans/{slug}';
};

export type GetAdminPlansSlugResponses = {
    /**
     * The plan.
     */
    200: CataloguePlan;
};

export type GetAdminPlansSlugResponse = GetAdminPlansSlugResponses[keyof GetAdminPlansSlugResponses];

export type PutAdminPlansSlugData = {
    body: PlanRequest;
    path: {
        slug: string;
    };
    query?: never;
    url: '/admin/plans/{slug}';
};

export type PutAdminPlansSlugResponses = {
    /**
     * The plan as it is now.
     */
    200: CataloguePlan;
};

export type PutAdminPlansSlugResponse = PutAdminPlansSlugResponses[keyof PutAdminPlansSlugResponses];

export type PostAdminPlansSlugVersionsData = {
    body: PlanVersionRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        slug: string;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions';
};

export type PostAdminPlansSlugVersionsResponses = {
    /**
     * The draft, with its number.
     */
    201: PlanVersion;
};

export type PostAdminPlansSlugVersionsResponse = PostAdminPlansSlugVersionsResponses[keyof PostAdminPlansSlugVersionsResponses];

export type DeleteAdminPlansSlugVersionsVersionData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}';
};

export type DeleteAdminPlansSlugVersionsVersionResponses = {
    /**
     * It is gone.
     */
    204: void;
};

export type DeleteAdminPlansSlugVersionsVersionResponse = DeleteAdminPlansSlugVersionsVersionResponses[keyof DeleteAdminPlansSlugVersionsVersionResponses];

export type GetAdminPlansSlugVersionsVersionData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}';
};

export type GetAdminPlansSlugVersionsVersionResponses = {
    /**
     * The version.
     */
    200: PlanVersion;
};

export type GetAdminPlansSlugVersionsVersionResponse = GetAdminPlansSlugVersionsVersionResponses[keyof GetAdminPlansSlugVersionsVersionResponses];

export type PutAdminPlansSlugVersionsVersionData = {
    body: PlanVersionRequest;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}';
};

export type PutAdminPlansSlugVersionsVersionResponses = {
    /**
     * The draft as it is now.
     */
    200: PlanVersion;
};

export type PutAdminPlansSlugVersionsVersionResponse = PutAdminPlansSlugVersionsVersionResponses[keyof PutAdminPlansSlugVersionsVersionResponses];

export type PutAdminPlansSlugVersionsVersionPublicationData = {
    body: {
        on_sale?: boolean;
    };
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}/publication';
};

export type PutAdminPlansSlugVersionsVersionPublicationResponses = {
    /**
     * The version, published.
     */
    200: PlanVersion;
};

export type PutAdminPlansSlugVersionsVersionPublicationResponse = PutAdminPlansSlugVersionsVersionPublicationResponses[keyof PutAdminPlansSlugVersionsVersionPublicationResponses];

export type PutAdminPlansSlugVersionsVersionSaleData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}/sale';
};

export type PutAdminPlansSlugVersionsVersionSaleResponses = {
    /**
     * The version, on sale.
     */
    200: PlanVersion;
};

export type PutAdminPlansSlugVersionsVersionSaleResponse = PutAdminPlansSlugVersionsVersionSaleResponses[keyof PutAdminPlansSlugVersionsVersionSaleResponses];

export type PutAdminPlansSlugVersionsVersionRetirementData = {
    body?: never;
    path: {
        slug: string;
        version: number;
    };
    query?: never;
    url: '/admin/plans/{slug}/versions/{version}/retirement';
};

export type PutAdminPlansSlugVersionsVersionRetirementResponses = {
    /**
     * The version, retired.
     */
    200: PlanVersion;
};

export type PutAdminPlansSlugVersionsVersionRetirementResponse = PutAdminPlansSlugVersionsVersionRetirementResponses[keyof PutAdminPlansSlugVersionsVersionRetirementResponses];

export type DeleteAdminUsersUserIdPlansSlugData = {
    body?: never;
    path: {
        user_id: string;
        slug: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/plans/{slug}';
};

export type DeleteAdminUsersUserIdPlansSlugResponses = {
    /**
     * The version, retired.
     */
    200: PlanVersion;
};

export type DeleteAdminUsersUserIdPlansSlugResponse = DeleteAdminUsersUserIdPlansSlugResponses[keyof DeleteAdminUsersUserIdPlansSlugResponses];

export type PutAdminUsersUserIdPlansSlugData = {
    body: OfferRequest;
    path: {
        user_id: string;
        slug: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/plans/{slug}';
};

export type PutAdminUsersUserIdPlansSlugResponses = {
    /**
     * The version, published for them alone.
     */
    200: PlanVersion;
};

export type PutAdminUsersUserIdPlansSlugResponse = PutAdminUsersUserIdPlansSlugResponses[keyof PutAdminUsersUserIdPlansSlugResponses];

export type GetAdminUsersUserIdPlansData = {
    body?: never;
    path: {
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/plans';
};

export type GetAdminUsersUserIdPlansResponses = {
    /**
     * The newest first; `on_sale` is what they are offered now.
     */
    200: {
        versions: Array<PlanVersion>;
    };
};

export type GetAdminUsersUserIdPlansResponse = GetAdminUsersUserIdPlansResponses[keyof GetAdminUsersUserIdPlansResponses];

export type GetAdminPlanMigrationsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/plan-migrations';
};

export type GetAdminPlanMigrationsResponses = {
    /**
     * Each with its report.
     */
    200: {
        migrations: Array<PlanMigration>;
    };
};

export type GetAdminPlanMigrationsResponse = GetAdminPlanMigrationsResponses[keyof GetAdminPlanMigrationsResponses];

export type PostAdminPlanMigrationsData = {
    body: PlanMigrationRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/plan-migrations';
};

export type PostAdminPlanMigrationsResponses = {
    /**
     * It has begun.
     */
    201: PlanMigration;
};

export type PostAdminPlanMigrationsResponse = PostAdminPlanMigrationsResponses[keyof PostAdminPlanMigrationsResponses];

export type GetAdminPlanMigrationsIdData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/plan-migrations/{id}';
};

export type GetAdminPlanMigrationsIdResponses = {
    /**
     * The migration.
     */
    200: PlanMigration;
};

export type GetAdminPlanMigrationsIdResponse = GetAdminPlanMigrationsIdResponses[keyof GetAdminPlanMigrationsIdResponses];

export type GetAdminPlanMigrationsIdItemsData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        state?: 'pending' | 'moved' | 'scheduled' | 'awaiting_payment' | 'skipped' | 'failed' | 'rolled_back' | 'kept' | 'rollback_failed';
        /**
         * `next` of the page before.
         */
        after?: string;
        limit?: number;
    };
    url: '/admin/plan-migrations/{id}/items';
};

export type GetAdminPlanMigrationsIdItemsResponses = {
    /**
     * A page, by subscription.
     */
    200: {
        items: Array<PlanMigrationItem>;
        next: string | null;
    };
};

export type GetAdminPlanMigrationsIdItemsResponse = GetAdminPlanMigrationsIdItemsResponses[keyof GetAdminPlanMigrationsIdItemsResponses];

export type PutAdminPlanMigrationsIdStateData = {
    body: {
        state: 'paused' | 'running' | 'stopped' | 'rolled_back';
    };
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/plan-migrations/{id}/state';
};

export type PutAdminPlanMigrationsIdStateResponses = {
    /**
     * The migration as it is now.
     */
    200: PlanMigration;
};

export type PutAdminPlanMigrationsIdStateResponse = PutAdminPlanMigrationsIdStateResponses[keyof PutAdminPlanMigrationsIdStateResponses];

export type GetAdminApiKeysData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
    };
    url: '/admin/api-keys';
};

export type GetAdminApiKeysResponses = {
    /**
     * Also those that expired or were revoked. Never a key itself.
     */
    200: {
        api_keys: Array<ApiKey>;
    };
};

export type GetAdminApiKeysResponse = GetAdminApiKeysResponses[keyof GetAdminApiKeysResponses];

export type PostAdminApiKeysData = {
    body: ApiKeyRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/api-keys';
};

export type PostAdminApiKeysResponses = {
    /**
     * Works at once.
     */
    201: NewApiKey;
};

export type PostAdminApiKeysResponse = PostAdminApiKeysResponses[keyof PostAdminApiKeysResponses];

export type DeleteAdminApiKeysIdData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/api-keys/{id}';
};

export type DeleteAdminApiKeysIdResponses = {
    /**
     * The key, revoked.
     */
    200: ApiKey;
};

export type DeleteAdminApiKeysIdResponse = DeleteAdminApiKeysIdResponses[keyof DeleteAdminApiKeysIdResponses];

export type PostAdminApiKeysIdRotationData = {
    body: RotationRequest;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/api-keys/{id}/rotation';
};

export type PostAdminApiKeysIdRotationResponses = {
    /**
     * The successor, and the key that it replaces.
     */
    201: RotatedApiKey;
};

export type PostAdminApiKeysIdRotationResponse = PostAdminApiKeysIdRotationResponses[keyof PostAdminApiKeysIdRotationResponses];

export type GetAdminWebhookEndpointsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/webhook-endpoints';
};

export type GetAdminWebhookEndpointsResponses = {
    /**
     * All, at most 20.
     */
    200: {
        webhook_endpoints: Array<WebhookEndpoint>;
    };
};

export type GetAdminWebhookEndpointsResponse = GetAdminWebhookEndpointsResponses[keyof GetAdminWebhookEndpointsResponses];

export type PostAdminWebhookEndpointsData = {
    body: WebhookEndpointRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/webhook-endpoints';
};

export type PostAdminWebhookEndpointsResponses = {
    /**
     * Told of all that happens from now on.
     */
    201: NewWebhookEndpoint;
};

export type PostAdminWebhookEndpointsResponse = PostAdminWebhookEndpointsResponses[keyof PostAdminWebhookEndpointsResponses];

export type DeleteAdminWebhookEndpointsIdData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}';
};

export type DeleteAdminWebhookEndpointsIdResponses = {
    /**
     * The endpoint that was.
     */
    200: WebhookEndpoint;
};

export type DeleteAdminWebhookEndpointsIdResponse = DeleteAdminWebhookEndpointsIdResponses[keyof DeleteAdminWebhookEndpointsIdResponses];

export type GetAdminWebhookEndpointsIdData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}';
};

export type GetAdminWebhookEndpointsIdResponses = {
    /**
     * The endpoint.
     */
    200: WebhookEndpoint;
};

export type GetAdminWebhookEndpointsIdResponse = GetAdminWebhookEndpointsIdResponses[keyof GetAdminWebhookEndpointsIdResponses];

export type PutAdminWebhookEndpointsIdData = {
    body: WebhookEndpointRequest;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}';
};

export type PutAdminWebhookEndpointsIdResponses = {
    /**
     * The endpoint as it is now.
     */
    200: WebhookEndpoint;
};

export type PutAdminWebhookEndpointsIdResponse = PutAdminWebhookEndpointsIdResponses[keyof PutAdminWebhookEndpointsIdResponses];

export type PutAdminWebhookEndpointsIdStateData = {
    body: WebhookEndpointState;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}/state';
};

export type PutAdminWebhookEndpointsIdStateResponses = {
    /**
     * The endpoint as it is now.
     */
    200: WebhookEndpoint;
};

export type PutAdminWebhookEndpointsIdStateResponse = PutAdminWebhookEndpointsIdStateResponses[keyof PutAdminWebhookEndpointsIdStateResponses];

export type PostAdminWebhookEndpointsIdRotationData = {
    body: WebhookRotationRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}/rotation';
};

export type PostAdminWebhookEndpointsIdRotationResponses = {
    /**
     * The endpoint, with its new secret.
     */
    201: NewWebhookEndpoint;
};

export type PostAdminWebhookEndpointsIdRotationResponse = PostAdminWebhookEndpointsIdRotationResponses[keyof PostAdminWebhookEndpointsIdRotationResponses];

export type PostAdminWebhookEndpointsIdTestData = {
    body?: never;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/webhook-endpoints/{id}/test';
};

export type PostAdminWebhookEndpointsIdTestResponses = {
    /**
     * What came back.
     */
    200: WebhookTest;
};

export type PostAdminWebhookEndpointsIdTestResponse = PostAdminWebhookEndpointsIdTestResponses[keyof PostAdminWebhookEndpointsIdTestResponses];

export type GetAdminWebhookDeliveriesData = {
    body?: never;
    path?: never;
    query?: {
        endpoint_id?: string;
        subscription_id?: string;
        state?: 'pending' | 'delivered' | 'failed';
        type?: string;
        /**
         * The last `id` of the page before.
         */
        after?: number;
        limit?: number;
    };
    url: '/admin/webhook-deliveries';
};

export type GetAdminWebhookDeliveriesResponses = {
    /**
     * A page.
     */
    200: {
        deliveries: Array<WebhookDelivery>;
    };
};

export type GetAdminWebhookDeliveriesResponse = GetAdminWebhookDeliveriesResponses[keyof GetAdminWebhookDeliveriesResponses];

export type PostAdminWebhookDeliveriesReplayData = {
    body: WebhookReplayRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/admin/webhook-deliveries/replay';
};

export type PostAdminWebhookDeliveriesReplayResponses = {
    /**
     * They are on their way.
     */
    200: {
        replayed: number;
        /**
         * When the last one happened, if there may be more; else null.
         */
        next_since: string | null;
    };
};

export type PostAdminWebhookDeliveriesReplayResponse = PostAdminWebhookDeliveriesReplayResponses[keyof PostAdminWebhookDeliveriesReplayResponses];

export type GetAdminSubscriptionsData = {
    body?: never;
    path?: never;
    query?: {
        status?: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
        /**
         * The slug of its plan, in any version.
         */
        plan?: string;
        user_id?: string;
        /**
         * Whether something differs from Stripe and waits for a person.
         */
        drift?: 'true' | 'false';
        /**
         * The last `id` of the page before.
         */
        after?: string;
        limit?: number;
    };
    url: '/admin/subscriptions';
};

export type GetAdminSubscriptionsResponses = {
    /**
     * A page.
     */
    200: {
        subscriptions: Array<OperatedSubscription>;
    };
};

export type GetAdminSubscriptionsResponse = GetAdminSubscriptionsResponses[keyof GetAdminSubscriptionsResponses];

export type GetAdminSubscriptionsIdData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/subscriptions/{id}';
};

export type GetAdminSubscriptionsIdResponses = {
    /**
     * The subscription.
     */
    200: OperatedSubscription;
};

export type GetAdminSubscriptionsIdResponse = GetAdminSubscriptionsIdResponses[keyof GetAdminSubscriptionsIdResponses];

export type PostAdminSubscriptionsIdForceCancellationData = {
    body: ForcedCancellationRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/subscriptions/{id}/force-cancellation';
};

export type PostAdminSubscriptionsIdForceCancellationResponses = {
    /**
     * The subscription, ended.
     */
    200: OperatedSubscription;
};

export type PostAdminSubscriptionsIdForceCancellationResponse = PostAdminSubscriptionsIdForceCancellationResponses[keyof PostAdminSubscriptionsIdForceCancellationResponses];

export type PostAdminSubscriptionsIdGrantsData = {
    body: SubscriptionGrantRequest;
    headers?: {
        /**
         * A repeat with the same key answers what the first call answered.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/admin/subscriptions/{id}/grants';
};

export type PostAdminSubscriptionsIdGrantsResponses = {
    /**
     * Granted, and in force at once. GET /admin/grants shows it.
     */
    201: {
        grant_id: string;
    };
};

export type PostAdminSubscriptionsIdGrantsResponse = PostAdminSubscriptionsIdGrantsResponses[keyof PostAdminSubscriptionsIdGrantsResponses];

export type PostAdminCodecDecodeData = {
    body: Payloads;
    path?: never;
    query?: never;
    url: '/admin/codec/decode';
};

export type PostAdminCodecDecodeResponses = {
    /**
     * The payloads, in the order given.
     */
    200: Payloads;
};

export type PostAdminCodecDecodeResponse = PostAdminCodecDecodeResponses[keyof PostAdminCodecDecodeResponses];

export type PostApiV1BillingSubscriptionCreatedWebhookPayload = {
    type: 'subscription.created';
    timestamp: string;
    data: {
        /**
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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

export type PostApiV1BillingSubscriptionQuantityChangedWebhookPayload = {
    type: 'subscription.quantity_changed';
    timestamp: string;
    data: {
        /**
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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

export type PostApiV1BillingSubscriptionCancellationScheduledWebhookPayload = {
    type: 'subscription.cancellation_scheduled';
    timestamp: string;
    data: {
        /**
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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

export type PostApiV1BillingQuotaThresholdReachedWebhookPayload = {
    type: 'quota.threshold_reached';
    timestamp: string;
    data: {
        /**
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
         * Of the subscription’s timeline: what has a lower one than the last you took over is older.
         */
        sequence: number;
        subscription_id: string;
        /**
         * The application’s own id of the user.
         */
        user_id: string;
        actor: 'user' | 'stripe' | 'time' | 'operator';
        /**
         * For people.
         */
        cause: string;
        /**
         * As it was before; null where nothing was.
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
