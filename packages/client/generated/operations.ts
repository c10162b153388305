// Made of the OpenAPI document by `npm run generate-client`; test/client compares both.

import type * as types from './types.ts'

/** Every operation of the API: what it is asked with, and what it answers by status. */
export type Operations = {
  'GET /plans': { asked: types.GetPlansData; answers: types.GetPlansResponses }
  'POST /subscriptions/checkout': {
    asked: types.PostSubscriptionsCheckoutData
    answers: types.PostSubscriptionsCheckoutResponses
  }
  'PUT /subscriptions/{id}/cancellation': {
    asked: types.PutSubscriptionsIdCancellationData
    answers: types.PutSubscriptionsIdCancellationResponses
  }
  'DELETE /subscriptions/{id}/cancellation': {
    asked: types.DeleteSubscriptionsIdCancellationData
    answers: types.DeleteSubscriptionsIdCancellationResponses
  }
  'PUT /subscriptions/{id}/plan': {
    asked: types.PutSubscriptionsIdPlanData
    answers: types.PutSubscriptionsIdPlanResponses
  }
  'DELETE /subscriptions/{id}/plan/pending': {
    asked: types.DeleteSubscriptionsIdPlanPendingData
    answers: types.DeleteSubscriptionsIdPlanPendingResponses
  }
  'POST /subscriptions/{id}/plan/preview': {
    asked: types.PostSubscriptionsIdPlanPreviewData
    answers: types.PostSubscriptionsIdPlanPreviewResponses
  }
  'PUT /subscriptions/{id}/pause': {
    asked: types.PutSubscriptionsIdPauseData
    answers: types.PutSubscriptionsIdPauseResponses
  }
  'DELETE /subscriptions/{id}/pause': {
    asked: types.DeleteSubscriptionsIdPauseData
    answers: types.DeleteSubscriptionsIdPauseResponses
  }
  'PUT /subscriptions/{id}/trial': {
    asked: types.PutSubscriptionsIdTrialData
    answers: types.PutSubscriptionsIdTrialResponses
  }
  'DELETE /subscriptions/{id}/trial': {
    asked: types.DeleteSubscriptionsIdTrialData
    answers: types.DeleteSubscriptionsIdTrialResponses
  }
  'POST /subscriptions/{id}/sync': {
    asked: types.PostSubscriptionsIdSyncData
    answers: types.PostSubscriptionsIdSyncResponses
  }
  'GET /subscriptions/current': {
    asked: types.GetSubscriptionsCurrentData
    answers: types.GetSubscriptionsCurrentResponses
  }
  'GET /subscriptions': {
    asked: types.GetSubscriptionsData
    answers: types.GetSubscriptionsResponses
  }
  'GET /subscriptions/{id}': {
    asked: types.GetSubscriptionsIdData
    answers: types.GetSubscriptionsIdResponses
  }
  'GET /subscriptions/{id}/timeline': {
    asked: types.GetSubscriptionsIdTimelineData
    answers: types.GetSubscriptionsIdTimelineResponses
  }
  'GET /invoices': { asked: types.GetInvoicesData; answers: types.GetInvoicesResponses }
  'POST /portal': { asked: types.PostPortalData; answers: types.PostPortalResponses }
  'POST /usage/consume': {
    asked: types.PostUsageConsumeData
    answers: types.PostUsageConsumeResponses
  }
  'POST /usage/batch': { asked: types.PostUsageBatchData; answers: types.PostUsageBatchResponses }
  'POST /usage/release': {
    asked: types.PostUsageReleaseData
    answers: types.PostUsageReleaseResponses
  }
  'POST /usage/reservations': {
    asked: types.PostUsageReservationsData
    answers: types.PostUsageReservationsResponses
  }
  'PUT /usage/reservations/{id}': {
    asked: types.PutUsageReservationsIdData
    answers: types.PutUsageReservationsIdResponses
  }
  'DELETE /usage/reservations/{id}': {
    asked: types.DeleteUsageReservationsIdData
    answers: types.DeleteUsageReservationsIdResponses
  }
  'POST /usage/check': { asked: types.PostUsageCheckData; answers: types.PostUsageCheckResponses }
  'GET /usage': { asked: types.GetUsageData; answers: types.GetUsageResponses }
  'GET /usage/history': {
    asked: types.GetUsageHistoryData
    answers: types.GetUsageHistoryResponses
  }
  'POST /admin/grants': {
    asked: types.PostAdminGrantsData
    answers: types.PostAdminGrantsResponses
  }
  'GET /admin/grants': { asked: types.GetAdminGrantsData; answers: types.GetAdminGrantsResponses }
  'DELETE /admin/grants/{id}': {
    asked: types.DeleteAdminGrantsIdData
    answers: types.DeleteAdminGrantsIdResponses
  }
  'PUT /admin/users/{user_id}/overrides/{feature}': {
    asked: types.PutAdminUsersUserIdOverridesFeatureData
    answers: types.PutAdminUsersUserIdOverridesFeatureResponses
  }
  'DELETE /admin/users/{user_id}/overrides/{feature}': {
    asked: types.DeleteAdminUsersUserIdOverridesFeatureData
    answers: types.DeleteAdminUsersUserIdOverridesFeatureResponses
  }
  'GET /admin/users/{user_id}/overrides': {
    asked: types.GetAdminUsersUserIdOverridesData
    answers: types.GetAdminUsersUserIdOverridesResponses
  }
  'GET /admin/users/{user_id}/actions': {
    asked: types.GetAdminUsersUserIdActionsData
    answers: types.GetAdminUsersUserIdActionsResponses
  }
  'GET /admin/actions': {
    asked: types.GetAdminActionsData
    answers: types.GetAdminActionsResponses
  }
  'GET /admin/stripe-events': {
    asked: types.GetAdminStripeEventsData
    answers: types.GetAdminStripeEventsResponses
  }
  'POST /admin/stripe-events/redrive': {
    asked: types.PostAdminStripeEventsRedriveData
    answers: types.PostAdminStripeEventsRedriveResponses
  }
  'PUT /admin/stripe-prices/{price_id}': {
    asked: types.PutAdminStripePricesPriceIdData
    answers: types.PutAdminStripePricesPriceIdResponses
  }
  'GET /admin/stripe-prices': {
    asked: types.GetAdminStripePricesData
    answers: types.GetAdminStripePricesResponses
  }
  'GET /admin/drift': { asked: types.GetAdminDriftData; answers: types.GetAdminDriftResponses }
  'POST /admin/drift/dismiss': {
    asked: types.PostAdminDriftDismissData
    answers: types.PostAdminDriftDismissResponses
  }
  'GET /admin/reconciliations': {
    asked: types.GetAdminReconciliationsData
    answers: types.GetAdminReconciliationsResponses
  }
  'POST /admin/reconciliations': {
    asked: types.PostAdminReconciliationsData
    answers: types.PostAdminReconciliationsResponses
  }
  'GET /admin/sync': { asked: types.GetAdminSyncData; answers: types.GetAdminSyncResponses }
  'GET /admin/catalogue/changes': {
    asked: types.GetAdminCatalogueChangesData
    answers: types.GetAdminCatalogueChangesResponses
  }
  'GET /admin/catalogue/stripe': {
    asked: types.GetAdminCatalogueStripeData
    answers: types.GetAdminCatalogueStripeResponses
  }
  'PUT /admin/plans/{slug}/versions/{version}/stripe': {
    asked: types.PutAdminPlansSlugVersionsVersionStripeData
    answers: types.PutAdminPlansSlugVersionsVersionStripeResponses
  }
  'GET /admin/features': {
    asked: types.GetAdminFeaturesData
    answers: types.GetAdminFeaturesResponses
  }
  'PUT /admin/features/{code}': {
    asked: types.PutAdminFeaturesCodeData
    answers: types.PutAdminFeaturesCodeResponses
  }
  'DELETE /admin/features/{code}': {
    asked: types.DeleteAdminFeaturesCodeData
    answers: types.DeleteAdminFeaturesCodeResponses
  }
  'GET /admin/plans': { asked: types.GetAdminPlansData; answers: types.GetAdminPlansResponses }
  'GET /admin/plans/{slug}': {
    asked: types.GetAdminPlansSlugData
    answers: types.GetAdminPlansSlugResponses
  }
  'PUT /admin/plans/{slug}': {
    asked: types.PutAdminPlansSlugData
    answers: types.PutAdminPlansSlugResponses
  }
  'DELETE /admin/plans/{slug}': {
    asked: types.DeleteAdminPlansSlugData
    answers: types.DeleteAdminPlansSlugResponses
  }
  'POST /admin/plans/{slug}/versions': {
    asked: types.PostAdminPlansSlugVersionsData
    answers: types.PostAdminPlansSlugVersionsResponses
  }
  'GET /admin/plans/{slug}/versions/{version}': {
    asked: types.GetAdminPlansSlugVersionsVersionData
    answers: types.GetAdminPlansSlugVersionsVersionResponses
  }
  'PUT /admin/plans/{slug}/versions/{version}': {
    asked: types.PutAdminPlansSlugVersionsVersionData
    answers: types.PutAdminPlansSlugVersionsVersionResponses
  }
  'DELETE /admin/plans/{slug}/versions/{version}': {
    asked: types.DeleteAdminPlansSlugVersionsVersionData
    answers: types.DeleteAdminPlansSlugVersionsVersionResponses
  }
  'PUT /admin/plans/{slug}/versions/{version}/publication': {
    asked: types.PutAdminPlansSlugVersionsVersionPublicationData
    answers: types.PutAdminPlansSlugVersionsVersionPublicationResponses
  }
  'PUT /admin/plans/{slug}/versions/{version}/sale': {
    asked: types.PutAdminPlansSlugVersionsVersionSaleData
    answers: types.PutAdminPlansSlugVersionsVersionSaleResponses
  }
  'PUT /admin/plans/{slug}/versions/{version}/retirement': {
    asked: types.PutAdminPlansSlugVersionsVersionRetirementData
    answers: types.PutAdminPlansSlugVersionsVersionRetirementResponses
  }
  'PUT /admin/users/{user_id}/plans/{slug}': {
    asked: types.PutAdminUsersUserIdPlansSlugData
    answers: types.PutAdminUsersUserIdPlansSlugResponses
  }
  'DELETE /admin/users/{user_id}/plans/{slug}': {
    asked: types.DeleteAdminUsersUserIdPlansSlugData
    answers: types.DeleteAdminUsersUserIdPlansSlugResponses
  }
  'GET /admin/users/{user_id}/plans': {
    asked: types.GetAdminUsersUserIdPlansData
    answers: types.GetAdminUsersUserIdPlansResponses
  }
  'POST /admin/plan-migrations': {
    asked: types.PostAdminPlanMigrationsData
    answers: types.PostAdminPlanMigrationsResponses
  }
  'GET /admin/plan-migrations': {
    asked: types.GetAdminPlanMigrationsData
    answers: types.GetAdminPlanMigrationsResponses
  }
  'GET /admin/plan-migrations/{id}': {
    asked: types.GetAdminPlanMigrationsIdData
    answers: types.GetAdminPlanMigrationsIdResponses
  }
  'GET /admin/plan-migrations/{id}/items': {
    asked: types.GetAdminPlanMigrationsIdItemsData
    answers: types.GetAdminPlanMigrationsIdItemsResponses
  }
  'PUT /admin/plan-migrations/{id}/state': {
    asked: types.PutAdminPlanMigrationsIdStateData
    answers: types.PutAdminPlanMigrationsIdStateResponses
  }
  'POST /admin/api-keys': {
    asked: types.PostAdminApiKeysData
    answers: types.PostAdminApiKeysResponses
  }
  'GET /admin/api-keys': {
    asked: types.GetAdminApiKeysData
    answers: types.GetAdminApiKeysResponses
  }
  'DELETE /admin/api-keys/{id}': {
    asked: types.DeleteAdminApiKeysIdData
    answers: types.DeleteAdminApiKeysIdResponses
  }
  'POST /admin/api-keys/{id}/rotation': {
    asked: types.PostAdminApiKeysIdRotationData
    answers: types.PostAdminApiKeysIdRotationResponses
  }
  'POST /admin/webhook-endpoints': {
    asked: types.PostAdminWebhookEndpointsData
    answers: types.PostAdminWebhookEndpointsResponses
  }
  'GET /admin/webhook-endpoints': {
    asked: types.GetAdminWebhookEndpointsData
    answers: types.GetAdminWebhookEndpointsResponses
  }
  'GET /admin/webhook-endpoints/{id}': {
    asked: types.GetAdminWebhookEndpointsIdData
    answers: types.GetAdminWebhookEndpointsIdResponses
  }
  'PUT /admin/webhook-endpoints/{id}': {
    asked: types.PutAdminWebhookEndpointsIdData
    answers: types.PutAdminWebhookEndpointsIdResponses
  }
  'DELETE /admin/webhook-endpoints/{id}': {
    asked: types.DeleteAdminWebhookEndpointsIdData
    answers: types.DeleteAdminWebhookEndpointsIdResponses
  }
  'PUT /admin/webhook-endpoints/{id}/state': {
    asked: types.PutAdminWebhookEndpointsIdStateData
    answers: types.PutAdminWebhookEndpointsIdStateResponses
  }
  'POST /admin/webhook-endpoints/{id}/rotation': {
    asked: types.PostAdminWebhookEndpointsIdRotationData
    answers: types.PostAdminWebhookEndpointsIdRotationResponses
  }
  'POST /admin/webhook-endpoints/{id}/test': {
    asked: types.PostAdminWebhookEndpointsIdTestData
    answers: types.PostAdminWebhookEndpointsIdTestResponses
  }
  'GET /admin/webhook-deliveries': {
    asked: types.GetAdminWebhookDeliveriesData
    answers: types.GetAdminWebhookDeliveriesResponses
  }
  'POST /admin/webhook-deliveries/replay': {
    asked: types.PostAdminWebhookDeliveriesReplayData
    answers: types.PostAdminWebhookDeliveriesReplayResponses
  }
  'GET /admin/subscriptions': {
    asked: types.GetAdminSubscriptionsData
    answers: types.GetAdminSubscriptionsResponses
  }
  'GET /admin/subscriptions/{id}': {
    asked: types.GetAdminSubscriptionsIdData
    answers: types.GetAdminSubscriptionsIdResponses
  }
  'POST /admin/subscriptions/{id}/force-cancellation': {
    asked: types.PostAdminSubscriptionsIdForceCancellationData
    answers: types.PostAdminSubscriptionsIdForceCancellationResponses
  }
  'POST /admin/subscriptions/{id}/grants': {
    asked: types.PostAdminSubscriptionsIdGrantsData
    answers: types.PostAdminSubscriptionsIdGrantsResponses
  }
  'POST /admin/codec/decode': {
    asked: types.PostAdminCodecDecodeData
    answers: types.PostAdminCodecDecodeResponses
  }
}
